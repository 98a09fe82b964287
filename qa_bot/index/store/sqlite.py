"""The store in one SQLite file.

It has three files: ``store.sqlite3``; its seal ``store.seal`` (generation, and hash of the whole
file); and the writer's lock. A writer breaks the seal before its first commit and seals the file
after its last. A store with another hash than the sealed one is refused. If the seal is broken,
because a writer is active or died, opening checks every row instead, and seals the file if it can.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, select, text
from sqlalchemy.exc import DatabaseError, InterfaceError, ProgrammingError

from qa_bot.datatypes import Article
from qa_bot.errors import (
    IndexBusyError,
    IndexCorruptError,
    IndexMissingError,
    IndexStoreError,
)
from qa_bot.index.layout import SEAL_NAME, STORE_NAME
from qa_bot.index.store.durable_files import HeldFile, write_durably, writer_lock
from qa_bot.index.store.foreign import foreign_schema, refuse_foreign
from qa_bot.index.store.full_text import FTS5
from qa_bot.index.store.integrity import (
    check_format,
    read_seal,
    seal_bytes,
    whole_article,
    wrong_counts,
    wrong_rows,
)
from qa_bot.index.store.schema import Manifest, ManifestError, articles, metadata
from qa_bot.index.store.snapshot import Snapshot
from qa_bot.index.store.transaction import Transaction

_BUSY_S = 30
_SAFE = ("trusted_schema=OFF", "cell_size_check=ON")  # sqlite.org/security

log = logging.getLogger(__name__)


class SQLiteStore:
    """Articles, passages, embeddings and full text in one transactional file."""

    def __init__(self, folder: Path, *, check: bool = True) -> None:
        """Open the store of an index folder and check that the file holds what was committed.

        Raises:
            IndexMissingError: the folder has no index, or only an unfinished one.
            IndexMismatchError: the index is of another format version.
            IndexCorruptError: the file is damaged.
        """
        self.place = folder
        self._path = folder / STORE_NAME
        refuse_foreign(folder)
        if not self._path.is_file():
            raise IndexMissingError(folder)
        self._file = HeldFile(self._path)
        self._engine = _engine(self._path)
        try:
            if check:
                self._check()
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(cls, folder: Path, manifest: Manifest, lock_wait_s: float = 10.0) -> SQLiteStore:
        """Create an empty store in the folder, unless it has one, and open it."""
        folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(folder, lock_wait_s):
            engine = _engine(folder / STORE_NAME)
            with _translated(folder), engine.connect() as connection:
                connection = connection.execution_options(begin="BEGIN EXCLUSIVE")
                with connection.begin():
                    is_new = not _has_manifest(connection)
                    if is_new:
                        metadata.create_all(connection)
                        FTS5().create(connection)
                        manifest.save(connection)
            engine.dispose()
            store = cls(folder, check=not is_new)
            if is_new:
                store._seal()
        return store

    def close(self) -> None:
        """Close every connection to the file."""
        self._engine.dispose()
        self._file.close()

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Hold one committed state for reading; a writer's commit waits for the end of it."""
        self._file.check_in_place(self._path)
        with _translated(self.place), self._engine.connect() as connection, connection.begin():
            yield Snapshot(connection, FTS5())

    @contextmanager
    def writing(self, lock_wait_s: float = 10.0) -> Iterator[Transaction]:
        """Hold a write transaction: committed when the block ends, rolled back by an error.

        Raises:
            IndexBusyError: another writer holds the lock.
            IndexStoreError: the disk is full or read-only; the index is as it was before.
        """
        with (
            writer_lock(self.place, lock_wait_s),
            _translated(self.place),
            self._engine.connect() as plain,
        ):
            self._file.check_in_place(self._path)
            self._break_seal()
            connection = plain.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                transaction = Transaction(connection, FTS5())
                yield transaction
                transaction.finish()

    def _break_seal(self) -> None:
        """Invalidate the file's hash before anything is written.

        Even a transaction that is rolled back can change bytes: SQLite does not restore free pages.
        """
        sealed = read_seal(self.place / SEAL_NAME)
        if sealed is None or sealed["xxh3"] is not None:
            write_durably(self.place / SEAL_NAME, seal_bytes({"generation": -1, "xxh3": None}))

    def seal(self, lock_wait_s: float = 10.0) -> None:
        """Record the hash of the file, so that any later change is noticed."""
        with writer_lock(self.place, lock_wait_s):
            self._seal()

    def _seal(self) -> None:
        with self.reading() as snapshot:
            seal = {"generation": snapshot.manifest.generation, "xxh3": self._file.hash()}
        write_durably(self.place / SEAL_NAME, seal_bytes(seal))

    def _check(self) -> None:
        with _translated(self.place), self._engine.connect() as connection, connection.begin():
            foreign = foreign_schema(connection)
        if foreign:
            raise _corrupt(self.place, f"it has a {foreign}, which no qa-bot makes")
        with self.reading() as snapshot:
            check_format(self.place, snapshot.manifest)
            sealed = read_seal(self.place / SEAL_NAME)
            if sealed and sealed["xxh3"] is not None:
                if sealed["xxh3"] != self._file.hash():
                    raise _corrupt(self.place, "its checksum is not the one that was sealed")
                return
        log.warning("%s: the last writer did not finish; checking the whole index", self.place)
        problems = self.verify()
        if problems:
            raise _corrupt(self.place, problems[0])
        try:
            self.seal(lock_wait_s=0)
        except (IndexBusyError, IndexStoreError):
            log.info("%s: not sealed, since it is being written or is read-only", self.place)

    def verify(self) -> list[str]:
        """Return the problems of the content, one sentence each."""
        with _translated(self.place), self._engine.connect() as connection, connection.begin():
            structure = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            if structure != ["ok"]:
                return [f"the database is malformed: {structure[0]}".replace("\n", " ")]
            return [*wrong_rows(connection), *wrong_counts(connection, FTS5())]

    def article_keys(self) -> list[int]:
        """Return the keys of all articles; in a damaged file, all keys that articles can have."""
        with _translated(self.place), self._engine.connect() as connection, connection.begin():
            try:
                return list(connection.execute(select(articles.c.key)).scalars())
            except DatabaseError:
                last = text("SELECT seq FROM sqlite_sequence WHERE name = 'articles'")
                return list(range(1, int(connection.execute(last).scalar() or 0) + 1))

    def article_if_whole(self, key: int) -> Article:
        """Return the article of a row.

        Raises:
            IndexCorruptError: the row is missing or changed since it was stored.
        """
        query = select(articles).where(articles.c.key == key)
        try:
            with _translated(self.place), self._engine.connect() as connection, connection.begin():
                row = connection.execute(query).mappings().one_or_none()
        except IndexCorruptError:  # the row lies in damaged pages
            row = None
        if row is None:
            raise IndexCorruptError(self.place, f"article number {key}")
        article = whole_article(row)
        if article is None:
            raise IndexCorruptError(self.place, f"{row['id']} ({row['path']})")
        return article


def _engine(path: Path) -> Any:
    """Return an engine that begins transactions explicitly and syncs every commit to disk."""
    engine = create_engine(
        URL.create("sqlite", database=str(path.resolve())), connect_args={"timeout": _BUSY_S}
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        # EXTRA rather than FULL: in DELETE mode it also syncs the folder after it deletes the
        # journal. Otherwise a power cut can restore the journal and undo a commit.
        for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "cache_size=-65536", *_SAFE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Raise errors of the database as errors of the index, which say what to do."""
    try:
        yield
    except ManifestError as exc:
        raise _corrupt(folder, str(exc)) from exc
    except (InterfaceError, ProgrammingError) as exc:
        raise ValueError(f"the request cannot be put to the index: {exc.orig}") from exc
    except UnicodeDecodeError as exc:  # sqlite3 cannot decode its own message
        raise _corrupt(folder, "its schema is no text") from exc
    except DatabaseError as exc:
        reason = str(exc.orig)
        if "no such table: manifest" in reason:
            raise IndexMissingError(folder) from exc
        if "locked" in reason:
            raise IndexBusyError(
                folder, f"The index at {folder} is busy. Nothing was changed; try again."
            ) from exc
        if any(word in reason for word in ("full", "readonly", "I/O", "unable to open")):
            raise IndexStoreError(
                folder,
                f"The index at {folder} cannot be used ({reason}). What was committed before is "
                "safe; make room or give permission, and run the command again.",
            ) from exc
        raise _corrupt(folder, reason) from exc


def _corrupt(folder: Path, reason: str) -> IndexCorruptError:
    return IndexCorruptError(
        folder,
        f"{folder / STORE_NAME} is damaged: {reason}. Restore a copy of the folder, or mend it "
        f"with: qa-bot doctor --repair --index {folder}",
    )


def _has_manifest(connection: Connection) -> bool:
    query = text("SELECT count(*) FROM sqlite_master WHERE name = 'manifest'")
    return bool(connection.execute(query).scalar_one())
