"""Refuse an index folder that was made to do harm: a folder from elsewhere is not to be trusted."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sqlalchemy import Connection, text

from qa_bot.errors import IndexStoreError
from qa_bot.index.layout import FEEDBACK_NAME, MILVUS_NAME, NAMES, STORE_NAME, VECTORS_NAME

# The end of a journal that names another one: SQLite deletes the other (sqlite.org/fileformat2).
_JOURNAL_END = bytes.fromhex("d9d505f920a163d7")
_PREFIXES = tuple(sorted(NAMES))
_LARGE = (STORE_NAME, VECTORS_NAME, MILVUS_NAME, FEEDBACK_NAME)  # these grow
_LARGEST_OTHER = 256 * 1024**2  # bytes; the others are read at once
_HEADER = 32  # bytes of SQLite's header, up to the number of pages
_BEYOND_STATED = 1024**3  # bytes beyond those of the header, which a commit cut short may leave


def refuse_foreign(folder: Path) -> None:
    """Check, before anything in a folder is opened, that its files are plain ones of its own.

    A link could make the program read or change a file outside the folder, a pipe could make it
    wait for ever, and a prepared journal could make SQLite delete a file.

    Raises:
        IndexStoreError: a file that has a name of the index's, or begins with one, is none of it.
    """
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return  # opening it says what is wrong
    for entry in entries:
        if entry.name.lstrip(".").startswith(_PREFIXES):
            mode = entry.stat(follow_symlinks=False).st_mode
            plain = stat.S_ISREG(mode) or (stat.S_ISDIR(mode) and MILVUS_NAME in entry.name)
            if not plain:
                raise _refused(folder, f"{entry.path} is {_kind(mode)}, not a plain file")
            if _is_too_large(entry):
                raise _refused(folder, f"{entry.path} is far larger than what it is for")
    journal = folder / f"{STORE_NAME}-journal"
    if journal.exists() and _names_another(journal):
        raise _refused(folder, f"{journal} names another file, which SQLite would delete")


def _is_too_large(entry: os.DirEntry[str]) -> bool:
    """Return whether a file, which may be sparse, would take for ever to read, or all memory."""
    n_bytes = entry.stat(follow_symlinks=False).st_size
    if entry.name == STORE_NAME:
        return n_bytes > 2 * stated_bytes(Path(entry.path)) + _BEYOND_STATED
    return n_bytes > _LARGEST_OTHER and not entry.name.lstrip(".").startswith(_LARGE)


def stated_bytes(store: Path) -> int:
    """Return how long a database of SQLite is by its own header (sqlite.org/fileformat2)."""
    with store.open("rb") as file:
        header = file.read(_HEADER)
    page, n_pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
    return (65_536 if page == 1 else page) * n_pages


def foreign_schema(connection: Connection) -> str | None:
    """Return what the database has that the program never makes: a view or a trigger."""
    query = text("SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('view', 'trigger')")
    return connection.execute(query).scalars().first()


def _names_another(journal: Path) -> bool:
    with journal.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(_JOURNAL_END)))
        return file.read() == _JOURNAL_END


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}
    return kinds.get(stat.S_IFMT(mode), "a device or socket")


def _refused(folder: Path, reason: str) -> IndexStoreError:
    return IndexStoreError(
        folder,
        f"The index at {folder} was not opened, and nothing was changed: {reason}. Remove it if "
        "you trust the rest of the folder.",
    )
