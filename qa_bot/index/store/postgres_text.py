"""Full-text search of passages in PostgreSQL: tsvectors of Porter stems, scored like FTS5.

PostgreSQL's rankings ignore how rare a word is, and its dictionaries stem differently. So the
tsvector holds the stems of the rest of the program with their positions; its GIN index finds the
passages, and a query computes BM25 from it as SQLite's FTS5 does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from qa_bot.datatypes import Passage, Scored
from qa_bot.index.passage_text import heading
from qa_bot.index.store.full_text import TITLE_WEIGHT, WordQuery
from qa_bot.index.store.schema import articles, passages
from qa_bot.text import fts5_idf, stem, words

_K1, _B = 1.2, 0.75
_ALL = ""  # the vocabulary's row with the number of all words
_LAST_POSITION = 16_383
_BLOCK = 5_000
_SHORTEST_STEMMED, _LONGEST_STEMMED = 3, 64  # bytes
_LONGEST_KEPT = 500  # characters: the limit of PostgreSQL

_TABLES = (
    "CREATE TABLE passage_words (passage integer PRIMARY KEY REFERENCES passages (key), "
    "length integer NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX passage_words_by_word ON passage_words USING gin (words)",
    "CREATE TABLE vocabulary (stem text PRIMARY KEY, n bigint NOT NULL)",
)
# How often a passage has a stem; PostgreSQL marks the positions in the title with A.
_FREQUENCY = (
    f"({TITLE_WEIGHT} * coalesce(cardinality(array_positions(word.weights, 'A')), 0) "
    "+ coalesce(cardinality(array_positions(word.weights, 'D')), 0))"
)
# FTS5: Σ idf · f (k1 + 1) / (f + k1 (1 − b + b · length / mean length)).
_SCORE = (
    f"sum(asked.idf * {_FREQUENCY} * {_K1 + 1} / ({_FREQUENCY} + {_K1} * "
    f"({1 - _B} + {_B} * passage_words.length / :mean))) AS score"
)
_words = table("passage_words", column("passage"), column("length"), column("words"))
_vocabulary = table("vocabulary", column("stem"), column("n"))


class TSVector:
    """The full-text index of one store, for one transaction at a time."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._rows: list[dict[str, object]] = []

    def create(self, connection: Connection) -> None:
        """Create the tables."""
        for statement in _TABLES:
            connection.execute(text(statement))

    def put(self, connection: Connection, key: int, passage: Passage) -> None:
        """Add a passage, when the transaction ends."""
        title, body = _stems(passage)
        self._count(title, body, 1)
        row = {"passage": key, "length": len(title) + len(body), "words": _vector(title, body)}
        self._rows.append(row)

    def remove(self, connection: Connection, key: int, passage: Passage) -> None:
        """Remove a passage."""
        self._count(*_stems(passage), -1)
        self._rows = [row for row in self._rows if row["passage"] != key]
        connection.execute(_words.delete().where(_words.c.passage == key))

    def _count(self, title: Sequence[str], body: Sequence[str], sign: int) -> None:
        for one in {*title, *body}:
            self._counts[one] += sign
        self._counts[_ALL] += sign * (len(title) + len(body))

    def finish(self, connection: Connection) -> None:
        """Write pending changes at the end of a transaction."""
        rows, self._rows = self._rows, []
        counts, self._counts = self._counts, Counter()
        if rows:
            vector = text(
                "INSERT INTO passage_words (passage, length, words) "
                "VALUES (:passage, :length, CAST(:words AS tsvector))"
            )
            connection.execute(vector, rows)
        changed = sorted((one, n) for one, n in counts.items() if n)
        for start in range(0, len(changed), _BLOCK):
            block = [{"stem": one, "n": n} for one, n in changed[start : start + _BLOCK]]
            added = upsert(_vocabulary)
            total = _vocabulary.c.n + added.excluded.n
            statement = added.on_conflict_do_update(index_elements=["stem"], set_={"n": total})
            connection.execute(statement, block)

    def search(self, connection: Connection, query: WordQuery) -> list[Scored]:
        """Return the best passages of the articles that fulfil the conditions, best first."""
        asked = Counter(_stem(word) for word in query.words)
        found = self.frequencies(connection, [*asked, _ALL])
        n = connection.execute(select(func.count()).select_from(_words)).scalar_one()
        idf = {
            one: times * fts5_idf(found[one], n) for one, times in asked.items() if found.get(one)
        }
        if not idf:
            return []
        given = {
            "match": " | ".join(f"'{one}'" for one in idf),
            "stems": list(idf),
            "idfs": list(idf.values()),
            "mean": found[_ALL] / n,
        }
        hits = _ranked(query.conditions).limit(query.k)
        return [Scored(key, float(bm25)) for key, bm25 in connection.execute(hits, given)]

    def frequencies(self, connection: Connection, stems: Sequence[str]) -> dict[str, int]:
        """Return the number of passages with each stem, title included."""
        query = select(_vocabulary.c.stem, _vocabulary.c.n)
        rows = connection.execute(query.where(_vocabulary.c.stem.in_(list(stems))))
        return {row[0]: int(row[1]) for row in rows}

    def wrong(self, connection: Connection, n_passages: int) -> Iterator[str]:
        """Yield a sentence for each problem of an index of ``n_passages`` passages."""
        query = select(func.count(), func.coalesce(func.sum(_words.c.length), 0))
        found, n_words = connection.execute(query).one()
        if found != n_passages:
            yield f"the full-text index has {found} rows, the manifest says {n_passages}"
        if n_words != self.frequencies(connection, [_ALL]).get(_ALL, 0):
            yield "the vocabulary does not count the words that there are"


def _ranked(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the query for passage keys and scores, best first.

    Its parameters are ``match`` (a tsquery), ``stems``, ``idfs`` and ``mean`` (length in words).
    """
    joined = _words.join(passages, _words.c.passage == passages.c.key)
    return (
        select(passages.c.key, text(_SCORE))
        .select_from(
            joined.join(articles, passages.c.article == articles.c.key),
            text("LATERAL unnest(passage_words.words) AS word(lexeme, positions, weights)"),
            text("unnest(CAST(:stems AS text[]), CAST(:idfs AS float[])) AS asked(stem, idf)"),
        )
        .where(text("passage_words.words @@ CAST(:match AS tsquery)"))
        .where(text("word.lexeme = asked.stem"), *conditions)
        .group_by(passages.c.key)
        .order_by(text("score DESC"), passages.c.key)
    )


def _stems(passage: Passage) -> tuple[list[str], list[str]]:
    """Return the stems of the title and of the text, each in order."""
    title, body = words(heading(passage.article)), words(passage.text)
    return [_stem(word) for word in title], [_stem(word) for word in body]


def _stem(word: str) -> str:
    """Return the stem as FTS5 does: very short and very long words stay as they are."""
    n_bytes = len(word.encode())
    if n_bytes > _LONGEST_STEMMED:
        return word[:_LONGEST_KEPT]
    return stem(word) if n_bytes >= _SHORTEST_STEMMED else word


def _vector(title: Sequence[str], body: Sequence[str]) -> str:
    """Return a tsvector in PostgreSQL's notation: stems with positions, A for the title."""
    places: dict[str, list[str]] = {}
    for number, one in enumerate([*title, *body], start=1):
        mark = "A" if number <= len(title) else ""
        places.setdefault(one, []).append(f"{min(number, _LAST_POSITION)}{mark}")
    return " ".join(f"'{one}':{','.join(at)}" for one, at in places.items())
