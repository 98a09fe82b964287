"""Write files that survive a crash whole, and let one process write at a time."""

from __future__ import annotations

import glob
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, ClassVar

import xxhash
from filelock import FileLock, Timeout

from qa_bot.errors import IndexBusyError, IndexStoreError
from qa_bot.index.layout import LOCK_NAME, NAMES, PID_NAME
from qa_bot.index.store.foreign import refuse_foreign

_BLOCK = 1 << 20
_LEFT_OVER_S = 86_400  # no process takes a day to write a file


def write_durably(path: Path, data: bytes) -> None:
    """Replace the file: temporary file, fsync, rename, fsync of the folder.

    Raises:
        IndexStoreError: the disk is full, or the folder cannot be written; the old file is intact.
    """
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a new file; when the block ends, it replaces the file at the path.

    Raises:
        IndexStoreError: the disk is full, or the folder cannot be written; the old file is intact.
    """
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{threading.get_ident()}")
    remove_left_over(path)
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as exc:
        raise _cannot_write(path, exc) from exc
    finally:
        temporary.unlink(missing_ok=True)


def remove_left_over(path: Path) -> None:
    """Remove the temporary files and folders for a path that a process killed a day ago left.

    They have the form of names that this program gives, and a folder holds an index or nothing.
    """
    form = re.compile(rf"\.{re.escape(path.name)}-(?:\d+-\d+|[0-9a-f]{{8}})")
    for left in path.parent.glob(f".{glob.escape(path.name)}-*"):
        with suppress(OSError):
            if form.fullmatch(left.name) and time.time() - left.lstat().st_mtime > _LEFT_OVER_S:
                if not left.is_dir() or left.is_symlink():
                    left.unlink()
                elif all(inside.name in NAMES for inside in left.iterdir()):
                    shutil.rmtree(left)


def sync_folder(folder: Path) -> None:
    """Make renames and new files in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(path: Path, exc: OSError) -> IndexStoreError:
    return IndexStoreError(
        path,
        f"{path} cannot be written ({exc.strerror}). What was committed before is safe; "
        "make room or give permission, and run the command again.",
    )


class HeldFile:
    """A database file that can be hashed while the database is open.

    When a process closes *any* descriptor of a file, POSIX drops all its locks on that file. So
    all holders in this process share one descriptor, and the last holder closes it.
    """

    _shared: ClassVar[
        dict[tuple[int, int], tuple[int, int]]
    ] = {}  # by device and inode: descriptor, number of holders
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, path: Path) -> None:
        """Hold an existing file."""
        status = path.stat()
        self._key: tuple[int, int] | None = (status.st_dev, status.st_ino)
        with self._lock:
            descriptor, holders = self._shared.get(self._key) or (os.open(path, os.O_RDONLY), 0)
            self._shared[self._key] = (descriptor, holders + 1)
        self._descriptor = descriptor

    def check_in_place(self, path: Path) -> None:
        """Check that the path still leads to this file.

        Raises:
            IndexStoreError: the file was replaced or removed.
        """
        try:
            status = path.stat()
        except OSError:
            status = None
        if status is None or (status.st_dev, status.st_ino) != self._key:
            raise IndexStoreError(
                path.parent,
                f"The index at {path.parent} was replaced or removed while it was open. "
                "Open it again (restart the program).",
            )

    def hash(self) -> str:
        """Return the XXH3-128 of the file, hexadecimal."""
        digest, offset = xxhash.xxh3_128(), 0
        while block := os.pread(self._descriptor, _BLOCK, offset):
            digest.update(block)
            offset += len(block)
        return digest.hexdigest()

    def close(self) -> None:
        """Release the file; close every connection to it first."""
        with self._lock:
            if self._key is None:
                return
            descriptor, holders = self._shared.pop(self._key)
            if holders > 1:
                self._shared[self._key] = (descriptor, holders - 1)
            else:
                os.close(descriptor)
            self._key = None


@contextmanager
def writer_lock(folder: Path, wait_s: float) -> Iterator[None]:
    """Hold the lock of the index's only writer; the kernel releases it when a process dies.

    Raises:
        IndexBusyError: another writer held the lock for ``wait_s`` seconds.
        IndexStoreError: the folder cannot be written, or was made to do harm.
    """
    refuse_foreign(folder)
    lock = FileLock(folder / LOCK_NAME, timeout=wait_s, is_singleton=False)
    try:
        lock.acquire()
    except Timeout as exc:
        raise IndexBusyError(
            folder,
            f"Another program{_owner(folder)} is writing to the index at {folder}. "
            "Nothing was changed; try again when it has ended.",
        ) from exc
    except OSError as exc:
        raise _cannot_write(folder, exc) from exc
    try:
        with suppress(OSError):  # for the message of another writer
            (folder / PID_NAME).write_text(f"{os.getpid()}\n")
        yield
    finally:
        (folder / PID_NAME).unlink(missing_ok=True)
        lock.release()


def _owner(folder: Path) -> str:
    try:
        return f" (process {int((folder / 'writer.pid').read_text())})"
    except (OSError, ValueError):
        return ""
