"""How long each stage of an answer takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Timer:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        """Begin to count the total."""
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count what is done meanwhile for a stage; a stage done again is added."""
        began = time.perf_counter()
        yield
        took = (time.perf_counter() - began) * 1000
        self._stages[stage] = round(self._stages.get(stage, 0.0) + took, 1)

    def total(self) -> dict[str, float]:
        """Return the stages, and all since the beginning."""
        return self._stages | {"total": round((time.perf_counter() - self._began) * 1000, 1)}
