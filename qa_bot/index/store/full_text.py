"""Full-text search of passages: the contract, and SQLite's backend (FTS5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, literal_column, select, text
from sqlalchemy.exc import DatabaseError

from qa_bot.datatypes import Passage, Scored
from qa_bot.index.passage_text import heading
from qa_bot.index.store.schema import articles, passages

TITLE_WEIGHT = 0.5  # of a word in the title, relative to one in the text

_TABLES = (
    "CREATE VIRTUAL TABLE passages_fts USING fts5(title, body, content='', "
    'tokenize="porter unicode61 remove_diacritics 2")',
    "CREATE VIRTUAL TABLE passages_vocab USING fts5vocab(passages_fts, row)",
)


@dataclass(frozen=True, slots=True)
class WordQuery:
    """A search of the full text.

    Attributes:
        words: to look for, none twice.
        k: how many passages are wanted.
        conditions: on the rows of the articles.
    """

    words: tuple[str, ...]
    k: int
    conditions: tuple[ColumnElement[bool], ...]


class FullText(Protocol):
    """An index of the words of passages: Porter stems, scored by BM25."""

    def create(self, connection: Connection) -> None:
        """Create the tables."""
        ...

    def put(self, connection: Connection, key: int, passage: Passage) -> None:
        """Add a passage."""
        ...

    def remove(self, connection: Connection, key: int, passage: Passage) -> None:
        """Remove a passage."""
        ...

    def finish(self, connection: Connection) -> None:
        """Write pending changes at the end of a transaction."""
        ...

    def search(self, connection: Connection, query: WordQuery) -> list[Scored]:
        """Return the best passages of the articles that fulfil the conditions, best first.

        Scores are BM25 with k1 = 1.2, b = 0.75 and the idf of the whole index: positive, higher is
        better, ties by key.
        """
        ...

    def frequencies(self, connection: Connection, stems: Sequence[str]) -> dict[str, int]:
        """Return the number of passages with each stem, title included; may leave out zeros."""
        ...

    def wrong(self, connection: Connection, n_passages: int) -> Iterator[str]:
        """Yield a sentence for each problem of an index of ``n_passages`` passages."""
        ...


class FTS5:
    """SQLite's full-text index, without a copy of the text."""

    def create(self, connection: Connection) -> None:
        """Create the tables."""
        for statement in _TABLES:
            connection.execute(text(statement))

    def put(self, connection: Connection, key: int, passage: Passage) -> None:
        """Add a passage."""
        statement = text("INSERT INTO passages_fts(rowid, title, body) VALUES (:k, :t, :b)")
        connection.execute(statement, _row(key, passage))

    def remove(self, connection: Connection, key: int, passage: Passage) -> None:
        """Remove a passage."""
        statement = text(
            "INSERT INTO passages_fts(passages_fts, rowid, title, body) "
            "VALUES ('delete', :k, :t, :b)"
        )
        connection.execute(statement, _row(key, passage))

    def finish(self, connection: Connection) -> None:
        """Do nothing: there are no pending changes."""

    def search(self, connection: Connection, query: WordQuery) -> list[Scored]:
        """Return the best passages of the articles that fulfil the conditions, best first."""
        match = " OR ".join(f'"{word}"' for word in query.words)
        score = text(f"bm25(passages_fts, {TITLE_WEIGHT}, 1.0)")
        key: ColumnElement[int] = literal_column("passages_fts.rowid")
        hits = select(key, score).select_from(text("passages_fts"))
        hits = hits.where(text("passages_fts MATCH :match"))
        if query.conditions:  # without any, the full text alone is read
            joined = passages.join(articles, passages.c.article == articles.c.key)
            hits = hits.select_from(joined).where(key == passages.c.key, *query.conditions)
        hits = hits.order_by(text("2"), key).limit(query.k)
        return [Scored(row, -bm25) for row, bm25 in connection.execute(hits, {"match": match})]

    def frequencies(self, connection: Connection, stems: Sequence[str]) -> dict[str, int]:
        """Return the number of passages with each stem, title included."""
        names = {f"stem{number}": stem for number, stem in enumerate(stems)}
        wanted = ", ".join(f":{name}" for name in names)
        query = text(f"SELECT term, doc FROM passages_vocab WHERE term IN ({wanted})")
        return {row[0]: row[1] for row in connection.execute(query, names)}

    def wrong(self, connection: Connection, n_passages: int) -> Iterator[str]:
        """Yield a sentence for each problem of an index of ``n_passages`` passages."""
        found = connection.execute(text("SELECT count(*) FROM passages_fts_docsize")).scalar_one()
        if found != n_passages:
            yield f"the full-text index has {found} rows, the manifest says {n_passages}"
        try:
            connection.execute(
                text("INSERT INTO passages_fts(passages_fts) VALUES ('integrity-check')")
            )
        except DatabaseError as exc:
            if not any(word in str(exc.orig) for word in ("readonly", "locked")):
                # SQLite counts the check as a write: refusing it is no damage
                yield f"the full-text index is malformed ({exc.orig})"


def _row(key: int, passage: Passage) -> dict[str, object]:
    return {"k": key, "t": heading(passage.article), "b": passage.text}
