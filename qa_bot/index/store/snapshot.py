"""Read articles, passages, embeddings and full-text hits in one transaction on the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from qa_bot.datatypes import Article, Coverage, Entry, Passage, Scored
from qa_bot.filters import Filters
from qa_bot.index.store.article_rows import ENTRY_COLUMNS, article_from, entry_from
from qa_bot.index.store.full_text import FullText, WordQuery
from qa_bot.index.store.rows import Rows, day_number, name_hash
from qa_bot.index.store.schema import (
    Manifest,
    articles,
    copies,
    embeddings,
    moments,
    passages,
    sources,
    versions,
)

_FILTERED = [articles.c[n] for n in ("first_day", "last_day", "publisher_folded", "id")]
_STREAMED = 5_000  # rows in one block, where a query reads a whole table
_BLOCK = 500  # keys in one query: within SQLite's limit on parameters


class Snapshot:
    """One committed state of the store, while the read transaction is open."""

    def __init__(self, connection: Connection, full_text: FullText) -> None:
        """Read the manifest of the transaction's state."""
        self._connection = connection
        self._full_text = full_text
        self.manifest = Manifest.load(connection)

    @property
    def connection(self) -> Connection:
        """Return the connection of the transaction, for callers that read every row."""
        return self._connection

    def coverage(self, filters: Filters) -> Coverage:
        """Return the number of articles within the filters, and their first and last dates."""
        aggregates = (func.count(), func.min(articles.c.first_day), func.max(articles.c.last_day))
        # One query each: an index answers it; all three in one query read every article.
        count, first, last = (
            self._connection.execute(
                select(one).select_from(articles).where(*_conditions(filters))
            ).scalar_one()
            for one in aggregates
        )
        left_out, in_index = self._left_out(filters), self.manifest.n_articles
        return Coverage(count, _day(first), _day(last), left_out, in_index)

    def _left_out(self, filters: Filters) -> int:
        """Count the articles that may lie within the dates, but not for certain."""
        if not filters.dated:
            return 0
        undated = articles.c.published.is_(None)
        since = str(filters.since or date.min)
        until = str(filters.last or date.max)
        astride = or_(
            and_(articles.c.first_day < since, articles.c.last_day >= since),
            and_(articles.c.first_day <= until, articles.c.last_day > until),
        )
        rest = Filters(publisher=filters.publisher, articles=filters.articles)
        query = select(func.count()).select_from(articles)
        return self._count(query.where(or_(undated, astride), *_conditions(rest)))

    def _count(self, query: Select[int]) -> int:
        return self._connection.execute(query).scalar_one()

    def articles(self, filters: Filters = Filters()) -> Iterator[Article]:  # noqa: B008
        """Yield the articles, by id."""
        query = select(articles).where(*_conditions(filters)).order_by(articles.c.id)
        for row in self._connection.execute(query).mappings():
            yield article_from(row)

    def entries(self) -> Iterator[Entry]:
        """Yield the list entry of each article, by id."""
        columns = [c for c in articles.c if c.name in ENTRY_COLUMNS]
        query = (
            select(*columns, func.count(passages.c.key).label("n_passages"))
            .outerjoin(passages, passages.c.article == articles.c.key)
            .group_by(articles.c.key)
            .order_by(articles.c.id)
        )
        for row in self._connection.execute(query).mappings():
            yield entry_from(row, row["n_passages"])

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an earlier text of an article that changed, or None if it is not kept."""
        query = select(versions).where(versions.c.id == article_id, versions.c.version == version)
        row = self._connection.execute(query).mappings().first()
        return article_from(row) if row else None

    @property
    def n_versions(self) -> int:
        """Return the number of earlier texts of articles, damaged ones included."""
        return self._connection.execute(select(func.count()).select_from(versions)).scalar_one()

    def versions(self) -> Iterator[Article]:
        """Yield all undamaged earlier texts of articles, the oldest first."""
        for row in self._connection.execute(select(versions).order_by(versions.c.key)).mappings():
            try:
                article = article_from(row)
            except ValueError:  # its date is damaged
                continue
            if (article.version, article.digest) == (row["version"], row["digest"]):
                yield article

    def copies(
        self,
        article_ids: Sequence[str],
        filters: Filters = Filters(),  # noqa: B008
    ) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of each article within the filters, the earliest first."""
        own, others = copies.alias(), copies.alias()
        named = articles.alias()
        columns = [c for c in articles.c if c.name in ENTRY_COLUMNS]
        query = (
            select(named.c.id.label("of"), *columns)
            .join_from(named, own, own.c.article == named.c.key)
            .join(others, (others.c.cluster == own.c.cluster) & (others.c.article != own.c.article))
            .join(articles, articles.c.key == others.c.article)
            .where(*_conditions(replace(filters, articles=())))
            .order_by(named.c.id, articles.c.first_day, articles.c.id)
        )
        found: dict[str, tuple[Entry, ...]] = {}
        for start in range(0, len(article_ids), _BLOCK):
            block = query.where(named.c.id.in_(article_ids[start : start + _BLOCK]))
            for row in self._connection.execute(block).mappings():
                found[row["of"]] = (*found.get(row["of"], ()), entry_from(row, 0))
        return found

    def mentions_between(self, first: date, last: date, filters: Filters, n: int) -> list[int]:
        """Return the keys of up to n passages that mention a time between two days, leads first.

        The whole time must lie between the days, and be known to the month, week or day.
        """
        inside = and_(
            passages.c.article == moments.c.article,
            passages.c.start <= moments.c.start,
            passages.c.end > moments.c.start,
        )
        query = select(passages.c.key).join(moments, inside)
        query = query.join(articles, articles.c.key == moments.c.article).where(
            moments.c.first >= first.isoformat(),
            moments.c.last <= last.isoformat(),
            moments.c.unit != "year",
            *_conditions(filters),
        )
        query = query.group_by(passages.c.key)
        query = query.order_by(func.min(moments.c.start), passages.c.key).limit(n)
        return list(self._connection.execute(query).scalars())

    def ids_by_path(self) -> dict[str, set[str]]:
        """Return the ids of the articles that came from each file, by path."""
        query = select(articles.c.path, articles.c.id).where(articles.c.path.is_not(None))
        found: dict[str, set[str]] = {}
        for path, article_id in self._connection.execute(query):
            found.setdefault(path, set()).add(article_id)
        return found

    def source_digests(self) -> dict[str, str]:
        """Return the digest of every file that was read without a problem, by path."""
        return {row.path: row.digest for row in self._connection.execute(select(sources))}

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages by article id."""
        query = (
            select(articles.c.id, func.count(passages.c.key))
            .outerjoin(passages, passages.c.article == articles.c.key)
            .group_by(articles.c.id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages by key."""
        query = select(passages.c.key.label("passage"), passages.c.start, passages.c.end, articles)
        query = query.join(articles, passages.c.article == articles.c.key)
        found: dict[int, Passage] = {}
        read: dict[int, Article] = {}
        for block in _blocks(list(keys)):
            for row in self._connection.execute(query.where(passages.c.key.in_(block))).mappings():
                article = read.setdefault(row["key"], article_from(row))
                found[row["passage"]] = Passage(article, row["start"], row["end"])
        return found

    def passage_keys(self, after: int = 0) -> NDArray[np.int64]:
        """Return (n,) int64: the keys of the passages above one, ascending."""
        query = select(passages.c.key).where(passages.c.key > after).order_by(passages.c.key)
        return np.array([row[0] for row in self._connection.execute(query).all()], dtype=np.int64)

    def vectors(self, keys: Sequence[int] | None = None) -> Iterator[Rows]:
        """Yield the vectors of all passages, or of these, in blocks by key; skip damaged ones."""
        return vectors_of(self._connection, keys)

    def within(self, keys: Sequence[int], filters: Filters) -> set[int]:
        """Return the keys of those passages that lie within the filters."""
        query = select(passages.c.key).join(articles, passages.c.article == articles.c.key)
        query = query.where(*_conditions(filters))
        return {
            key
            for block in _blocks(list(keys))
            for key in self._connection.execute(query.where(passages.c.key.in_(block))).scalars()
        }

    def search_words(self, words: Sequence[str], k: int, filters: Filters) -> list[Scored]:
        """Return the k best passages by BM25 (Porter stems), filtered before the top k.

        Scores are positive, higher is better; ties by key. A word in the title counts half.
        """
        if not words:
            return []
        query = WordQuery(tuple(dict.fromkeys(words)), k, tuple(_conditions(filters)))
        return self._full_text.search(self._connection, query)

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return the number of passages with each stem, title included."""
        found = self._full_text.frequencies(self._connection, stems) if stems else {}
        return {stem: found.get(stem, 0) for stem in stems}


def vectors_of(connection: Connection, keys: Sequence[int] | None) -> Iterator[Rows]:
    """Yield the vectors of all passages, or of these, in blocks by key; skip damaged ones."""
    query = (
        select(passages.c.key, embeddings.c.vector, embeddings.c["check"], *_FILTERED)
        .join(embeddings, passages.c.embedding == embeddings.c.digest)
        .join(articles, passages.c.article == articles.c.key)
        .order_by(passages.c.key)
    )
    if keys is None:
        found = connection.execute(query.execution_options(yield_per=_STREAMED))
        yield from map(_rows_of, found.partitions())
        return
    for block in _blocks(sorted(keys)):
        yield _rows_of(connection.execute(query.where(passages.c.key.in_(block))).all())


def _rows_of(found: Sequence[Any]) -> Rows:
    """Return the undamaged vectors with the values that filters compare."""
    whole = [row for row in found if xxhash.xxh3_64_digest(row[1]) == row[2]]
    vectors = [np.frombuffer(row[1], dtype=np.float32) for row in whole]
    return Rows(
        np.array([row[0] for row in whole], dtype=np.int64),
        np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32),
        np.array([_day_number(row[3]) for row in whole], dtype=np.int32),
        np.array([_day_number(row[4]) for row in whole], dtype=np.int32),
        np.array([name_hash(row[5]) for row in whole], dtype=np.int64),
        np.array([name_hash(row[6]) for row in whole], dtype=np.int64),
    )


@lru_cache(maxsize=20_000)
def _day_number(value: str | None) -> int:
    return day_number(_day(value))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on an article's row; all possible dates must lie within."""
    conditions: list[ColumnElement[bool]] = []
    if filters.since:
        conditions.append(articles.c.first_day >= filters.since.isoformat())
    if filters.last:
        conditions.append(articles.c.last_day <= filters.last.isoformat())
    if filters.publisher:
        conditions.append(articles.c.publisher_folded == filters.publisher.casefold())
    if filters.articles:
        conditions.append(articles.c.id.in_(filters.articles))
    return conditions


def _blocks(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), _BLOCK):
        yield keys[start : start + _BLOCK]


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
