"""The contract of a store, and its two backends: a SQLite file and a PostgreSQL database.

The module of PostgreSQL is imported on first use: its dialect takes a tenth of a second to load.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol

from qa_bot.index.store.schema import Manifest
from qa_bot.index.store.snapshot import Snapshot
from qa_bot.index.store.sqlite import SQLiteStore
from qa_bot.index.store.transaction import Transaction


class Store(Protocol):
    """The store of one index; ``place`` is its name in messages."""

    @property
    def place(self) -> Path | str:
        """Return the folder, or the database without its password."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...

    def reading(self) -> AbstractContextManager[Snapshot]:
        """Hold one committed state for reading."""
        ...

    def writing(self, lock_wait_s: float = 10.0) -> AbstractContextManager[Transaction]:
        """Hold a write transaction: committed when the block ends, rolled back by an error."""
        ...

    def seal(self, lock_wait_s: float = 10.0) -> None:
        """Make later changes by other programs detectable, if the database does not itself."""
        ...

    def verify(self) -> list[str]:
        """Return the problems of the content, one sentence each."""
        ...


def is_database(place: str | Path) -> bool:
    """Return whether a place is a URL rather than a path."""
    return "://" in str(place)


def hide_password(place: str) -> str:
    """Return the name of a place for messages: a folder as it is, a database without its password.

    Raises:
        ConfigError: the place is a URL, but not of PostgreSQL.
    """
    if not is_database(place):
        return place
    from qa_bot.index.store.postgres import database_name

    return database_name(place)


def open_store(folder: Path, url: str = "", *, check: bool = True) -> Store:
    """Open the store in a folder, or, if a URL is given, in its database.

    Raises:
        IndexStoreError: there is no store, or it cannot be used; the message says what to do.
    """
    if not url:
        return SQLiteStore(folder, check=check)
    from qa_bot.index.store.postgres import PostgresStore

    with suppress(OSError):  # for files of this machine alone, which are optional
        folder.mkdir(parents=True, exist_ok=True)
    return PostgresStore(url)


def create_store(folder: Path, manifest: Manifest, url: str, lock_wait_s: float) -> None:
    """Create an empty store in a folder, or in a URL's database, unless it has one."""
    if not url:
        SQLiteStore.create(folder, manifest, lock_wait_s).close()
        return
    from qa_bot.index.store.postgres import PostgresStore

    PostgresStore.create(url, manifest, lock_wait_s).close()
