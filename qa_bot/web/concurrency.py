"""A limit on the questions that are answered at once, and on those that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

AT_ONCE, WAITING = 4, 64
Result = TypeVar("Result")


class BusyError(Exception):
    """Too many calls are waiting already."""


class Gate:
    """Runs a few calls at once in threads, and lets a limited number wait."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        """Set the limits."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._inside = 0

    async def run(self, call: Callable[[], Result]) -> Result:
        """Run a call when its turn comes, and return its result.

        Raises:
            BusyError: too many calls are waiting; try again later.
        """
        if self._inside >= self._most:
            raise BusyError(f"{self._most} questions are waiting already. Ask again in a moment.")
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(call, limiter=self._limiter)
        finally:
            self._inside -= 1
