"""How a service that runs for months asks the system for memory."""

from __future__ import annotations

import ctypes
import platform

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of mallopt(3)
_ALONE_BYTES, _ARENAS = 1 << 20, 2


def give_back_memory() -> None:
    """Have freed memory returned to the system at once; to be called before threads are started.

    glibc keeps what a passing tensor took: its threshold for giving blocks back grows with what was
    freed, and each thread fills an arena of its own. Blocks of 1 MiB and more come from the system
    alone from here on, and threads share two arenas. Elsewhere than on glibc nothing is done.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _ALONE_BYTES)
        libc.mallopt(_ARENA_MAX, _ARENAS)
