"""Questions of many clients → answers, a few at a time: no more may wait than is said here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

AT_ONCE, WAITING = 4, 64
Result = TypeVar("Result")


class BusyError(Exception):
    """Too many are waiting already."""


class Gate:
    """Lets a few calls run at once in threads, and a limited number wait."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        """Set the limits."""
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._inside = 0

    async def run(self, call: Callable[[], Result]) -> Result:
        """Return what the call returns, when its turn has come.

        Raises:
            BusyError: too many wait; come again later.
        """
        if self._inside >= self._most:
            raise BusyError(f"{self._most} questions are waiting already. Ask again in a moment.")
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(call, limiter=self._limiter)
        finally:
            self._inside -= 1
