"""Threads, processor features and messages of the model libraries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Suppress progress bars and reports of unused weights from transformers."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)


def limit_threads(n: int) -> None:
    """Limit the computation of this process to n cores."""
    import torch

    torch.set_num_threads(n)


def has_bfloat16() -> bool:
    """Return whether the processor has instructions for bfloat16 (AVX512-BF16 or AMX)."""
    import torch

    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
