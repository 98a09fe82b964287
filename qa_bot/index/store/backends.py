"""The contract of a store, and the two there are: a SQLite file and a PostgreSQL database."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Protocol

from qa_bot.index.store.schema import Manifest
from qa_bot.index.store.snapshot import Snapshot
from qa_bot.index.store.sqlite import SQLiteStore
from qa_bot.index.store.transaction import Transaction


class Store(Protocol):
    """One index's store; ``place`` is what messages call it."""

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
        """Make any later change that is not ours noticed, where the database does not."""
        ...

    def verify(self) -> list[str]:
        """Return what is wrong with the content, one sentence each; empty if nothing is."""
        ...


def is_database(place: str | Path) -> bool:
    """Return whether a place is named by a URL rather than by a path."""
    return "://" in str(place)


def open_store(folder: Path, url: str = "", *, check: bool = True) -> Store:
    """Open the store in a folder, or in the database of a URL where there is one.

    Raises:
        IndexStoreError: there is none, or it cannot be used; the message says which and what to do.
    """
    if not url:
        return SQLiteStore(folder, check=check)
    from qa_bot.index.store.postgres import PostgresStore

    with suppress(OSError):  # what this process keeps for itself; it can do without
        folder.mkdir(parents=True, exist_ok=True)
    return PostgresStore(url)


def create_store(folder: Path, manifest: Manifest, url: str, lock_wait_s: float) -> None:
    """Make an empty store in a folder, or in the database of a URL; one already there stays."""
    if not url:
        SQLiteStore.create(folder, manifest, lock_wait_s).close()
        return
    from qa_bot.index.store.postgres import PostgresStore

    PostgresStore.create(url, manifest, lock_wait_s).close()
