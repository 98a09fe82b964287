"""Threads and processor features."""

from __future__ import annotations

import ctypes
import platform
from typing import Any


def limit_threads(n: int) -> None:
    """Limit the computation of this process to n cores."""
    import torch

    torch.set_num_threads(n)


def has_bfloat16() -> bool:
    """Return whether the processor has instructions for bfloat16 (AVX512-BF16 or AMX)."""
    import torch

    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def trim_heap() -> None:
    """Return the memory that loading a model took for a moment; glibc keeps it otherwise."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
