"""The store in a PostgreSQL database: shared by any number of processes on any number of machines.

One database (or schema, by ``?options=-csearch_path=NAME``) holds one index. A reader sees one
committed state as long as it reads; one writer at a time holds an advisory lock. PostgreSQL
guarantees the durability of commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from qa_bot.errors import (
    ConfigError,
    IndexBusyError,
    IndexCorruptError,
    IndexMissingError,
    IndexStoreError,
)
from qa_bot.index.store.integrity import check_format, wrong_counts, wrong_rows
from qa_bot.index.store.postgres_text import TSVector
from qa_bot.index.store.schema import Manifest, ManifestError, metadata
from qa_bot.index.store.snapshot import Snapshot
from qa_bot.index.store.transaction import Transaction

_CONNECT_S = 10
_LONGEST_REASON = 160  # characters: the rest may be text of an article
_WRITER = "SELECT pg_advisory_xact_lock(7201, hashtext(current_schema()))"
# SQLSTATE: lock not available; undefined table; undefined schema.
_BUSY, _MISSING = "55P03", {"42P01", "3F000"}


class PostgresStore:
    """Articles, passages, embeddings and full text in one database."""

    def __init__(self, url: str) -> None:
        """Open the store of a database.

        Raises:
            ConfigError: the URL is not valid, or its driver is not installed.
            IndexMissingError: there is no index in the database.
            IndexMismatchError: the index is of another format version.
            IndexStoreError: the database cannot be reached.
        """
        self.place = database_name(url)
        try:
            # The pool replaces connections that the server closed.
            self._engine = create_engine(
                url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_S}
            )
        except (ModuleNotFoundError, NoSuchModuleError) as exc:
            raise ConfigError(
                "store", f"{self.place} needs the driver: pip install 'qa-bot[cluster]'"
            ) from exc
        try:
            with self.reading() as snapshot:
                check_format(self.place, snapshot.manifest)
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(cls, url: str, manifest: Manifest, lock_wait_s: float = 10.0) -> PostgresStore:
        """Create an empty store in the database, unless it has one, and open it."""
        engine = create_engine(url, connect_args={"connect_timeout": _CONNECT_S})
        with _translated(database_name(url)), engine.connect() as connection, connection.begin():
            _lock(connection, lock_wait_s)
            schema = connection.execute(text("SELECT current_schema()")).scalar()
            if schema is None:
                raise IndexStoreError(
                    database_name(url),
                    f"{database_name(url)} names a schema that is not there. Create it first.",
                )
            if not inspect(connection).has_table("manifest", schema=schema):
                metadata.create_all(connection)
                TSVector().create(connection)
                manifest.save(connection)
        engine.dispose()
        return cls(url)

    def close(self) -> None:
        """Close every connection to the database."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Hold one committed state for reading; later commits do not change it."""
        with _translated(self.place), self._engine.connect() as plain:
            connection = plain.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with connection.begin():
                yield Snapshot(connection, TSVector())

    @contextmanager
    def writing(self, lock_wait_s: float = 10.0) -> Iterator[Transaction]:
        """Hold a write transaction: committed when the block ends, rolled back by an error.

        Raises:
            IndexBusyError: another writer holds the lock.
            IndexStoreError: the database cannot be written; the index is as it was before.
        """
        with (
            _translated(self.place),
            self._engine.connect() as connection,
            connection.begin(),
        ):
            _lock(connection, lock_wait_s)
            transaction = Transaction(connection, TSVector())
            yield transaction
            transaction.finish()

    def seal(self, lock_wait_s: float = 10.0) -> None:
        """Do nothing: the database has its own checksums."""

    def verify(self) -> list[str]:
        """Return the problems of the content, one sentence each."""
        with self.reading() as snapshot:
            return [
                *wrong_rows(snapshot.connection),
                *wrong_counts(snapshot.connection, TSVector()),
            ]


def database_name(url: str) -> str:
    """Return the name of a database for messages: its URL without the password.

    Raises:
        ConfigError: the URL is not of PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise ConfigError(
            "store",
            "The setting store is no address of a database. Write it like "
            "postgresql+psycopg://user@host/database",
        ) from exc
    if parsed.get_backend_name() != "postgresql":
        raise ConfigError(
            "store",
            f"The setting store names {parsed.get_backend_name()!r}; only postgresql is supported. "
            "Leave it empty for a file in the index folder.",
        )
    return parsed.set(password=None, query={}).render_as_string()


def _lock(connection: Connection, wait_s: float) -> None:
    """Take the writer's lock until the transaction ends."""
    # 0 would wait for ever.
    connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(wait_s * 1000))}"))
    connection.execute(text(_WRITER))
    connection.execute(text("SET LOCAL lock_timeout = 0"))


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """Raise errors of the database as errors of the index, which say what to do."""
    try:
        yield
    except ManifestError as exc:
        message = f"The index at {place} is damaged: {exc}. Restore a backup of the database."
        raise IndexCorruptError(place, message) from exc
    except DBAPIError as exc:
        state = getattr(exc.orig, "sqlstate", None)
        reason = (str(exc.orig) or type(exc.orig).__name__).splitlines()[0][:_LONGEST_REASON]
        if state == _BUSY:
            raise IndexBusyError(
                place,
                f"Another program is writing to the index at {place}. Nothing was changed; "
                "try again when it has ended.",
            ) from exc
        if state in _MISSING:
            raise IndexMissingError(place) from exc
        raise IndexStoreError(
            place,
            f"The database {place} cannot be used ({reason}). What was committed before is safe; "
            "see that it runs and that the setting store is right, and try again.",
        ) from exc
