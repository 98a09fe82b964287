"""Measure the time of each stage of an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Timer:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        """Start measuring the total."""
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Measure the ``with`` block as a stage; a repeated stage adds up."""
        began = time.perf_counter()
        yield
        took = (time.perf_counter() - began) * 1000
        self._stages[stage] = round(self._stages.get(stage, 0.0) + took, 1)

    def total(self) -> dict[str, float]:
        """Return the milliseconds of each stage and the total since the start."""
        return self._stages | {"total": round((time.perf_counter() - self._began) * 1000, 1)}
