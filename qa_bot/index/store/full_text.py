"""The full text of passages: the contract, and its home in SQLite (FTS5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, literal_column, select, text
from sqlalchemy.exc import DatabaseError

from qa_bot.datatypes import Passage, Scored
from qa_bot.index.passage_text import heading
from qa_bot.index.store.schema import articles, passages

TITLE_WEIGHT = 0.5  # what a word of the title counts, beside one of the text

_TABLES = (
    "CREATE VIRTUAL TABLE passages_fts USING fts5(title, body, content='', "
    'tokenize="porter unicode61 remove_diacritics 2")',
    "CREATE VIRTUAL TABLE passages_vocab USING fts5vocab(passages_fts, row)",
)


class FullText(Protocol):
    """Passages by their words, under Porter stems, scored by BM25."""

    def create(self, connection: Connection) -> None:
        """Make the tables."""
        ...

    def put(self, connection: Connection, key: int, passage: Passage) -> None:
        """Add a passage."""
        ...

    def take(self, connection: Connection, key: int, passage: Passage) -> None:
        """Take out a passage."""
        ...

    def finish(self, connection: Connection) -> None:
        """Write what was gathered, at the end of a transaction."""
        ...

    def search(
        self,
        connection: Connection,
        words: Sequence[str],
        k: int,
        conditions: Sequence[ColumnElement[bool]],
    ) -> list[Scored]:
        """Return the k best passages whose articles fulfil the conditions, best first.

        Scores are BM25 with k1 = 1.2, b = 0.75 and the idf of the whole index; positive, ties by
        key.
        """
        ...

    def frequencies(self, connection: Connection, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many passages stems occur, title included; none: may be left out."""
        ...

    def wrong(self, connection: Connection, n_passages: int) -> Iterator[str]:
        """Yield a sentence for whatever is not as it must be with so many passages."""
        ...


class FTS5:
    """SQLite's own full-text index, without a copy of the text."""

    def create(self, connection: Connection) -> None:
        """Make the tables."""
        for statement in _TABLES:
            connection.execute(text(statement))

    def put(self, connection: Connection, key: int, passage: Passage) -> None:
        """Add a passage."""
        statement = text("INSERT INTO passages_fts(rowid, title, body) VALUES (:k, :t, :b)")
        connection.execute(statement, _row(key, passage))

    def take(self, connection: Connection, key: int, passage: Passage) -> None:
        """Take out a passage."""
        statement = text(
            "INSERT INTO passages_fts(passages_fts, rowid, title, body) "
            "VALUES ('delete', :k, :t, :b)"
        )
        connection.execute(statement, _row(key, passage))

    def finish(self, connection: Connection) -> None:
        """Do nothing: all is written."""

    def search(
        self,
        connection: Connection,
        words: Sequence[str],
        k: int,
        conditions: Sequence[ColumnElement[bool]],
    ) -> list[Scored]:
        """Return the k best passages whose articles fulfil the conditions, best first."""
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        score = text(f"bm25(passages_fts, {TITLE_WEIGHT}, 1.0)")
        key: ColumnElement[int] = literal_column("passages_fts.rowid")
        query = select(key, score).select_from(text("passages_fts"))
        query = query.where(text("passages_fts MATCH :match"))
        if conditions:  # without any, no passage is looked up only because it has a word
            joined = passages.join(articles, passages.c.article == articles.c.key)
            query = query.select_from(joined).where(key == passages.c.key, *conditions)
        query = query.order_by(text("2"), key).limit(k)
        return [Scored(row, -bm25) for row, bm25 in connection.execute(query, {"match": match})]

    def frequencies(self, connection: Connection, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many passages stems occur, title included."""
        names = {f"stem{number}": stem for number, stem in enumerate(stems)}
        wanted = ", ".join(f":{name}" for name in names)
        query = text(f"SELECT term, doc FROM passages_vocab WHERE term IN ({wanted})")
        return {row[0]: row[1] for row in connection.execute(query, names)}

    def wrong(self, connection: Connection, n_passages: int) -> Iterator[str]:
        """Yield a sentence for whatever is not as it must be with so many passages."""
        found = connection.execute(text("SELECT count(*) FROM passages_fts_docsize")).scalar_one()
        if found != n_passages:
            yield f"the full-text index has {found} rows, the manifest says {n_passages}"
        try:
            connection.execute(
                text("INSERT INTO passages_fts(passages_fts) VALUES ('integrity-check')")
            )
        except DatabaseError as exc:
            if not any(word in str(exc.orig) for word in ("readonly", "locked")):
                # the check counts as writing: it cannot be made then, which is no damage
                yield f"the full-text index is malformed ({exc.orig})"


def _row(key: int, passage: Passage) -> dict[str, object]:
    return {"k": key, "t": heading(passage.article), "b": passage.text}
