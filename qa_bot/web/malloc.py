"""Settings of the memory allocator for a service that runs for months."""

from __future__ import annotations

import ctypes
import platform

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of mallopt(3)
_ALONE_BYTES, _ARENAS = 1 << 20, 2


def give_back_memory() -> None:
    """Make glibc return freed memory to the system at once; call it before threads start.

    By default glibc keeps the memory of a freed tensor: its threshold for returning blocks grows
    with the size of the blocks freed, and each thread fills an arena of its own. This call makes
    blocks of 1 MiB and more come directly from the system, and threads share two arenas. It does
    nothing with another C library.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _ALONE_BYTES)
        libc.mallopt(_ARENA_MAX, _ARENAS)
