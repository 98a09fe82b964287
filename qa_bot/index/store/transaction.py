"""A write transaction on the store: put and remove articles; commit all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select

from qa_bot.datatypes import Article, Passage
from qa_bot.index.store import copy_rows
from qa_bot.index.store.article_rows import article_from, row_of
from qa_bot.index.store.full_text import FullText
from qa_bot.index.store.prepared_article import DerivedData, PreparedArticle
from qa_bot.index.store.rows import Rows
from qa_bot.index.store.schema import (
    Manifest,
    articles,
    embeddings,
    moments,
    passages,
    sources,
    versions,
)
from qa_bot.index.store.snapshot import Snapshot, vectors_of
from qa_bot.index.store.transfer import move_rows

_BLOCK = 500


class Transaction:
    """Changes that the commit makes one new generation."""

    def __init__(self, connection: Connection, full_text: FullText) -> None:
        """Read the manifest of the last commit."""
        self._connection = connection
        self._full_text = full_text
        self.manifest = Manifest.load(connection)
        self.changed = False
        self.added_keys: list[int] = []
        self.removed_keys: list[int] = []
        self.reduced_groups: set[int] = set()
        self._unused: set[bytes] = set()

    def missing_embeddings(self, digests: Iterable[bytes]) -> set[bytes]:
        """Return the digests without an embedding in the store."""
        wanted = list(dict.fromkeys(digests))
        known: set[bytes] = set()
        for start in range(0, len(wanted), _BLOCK):
            block = wanted[start : start + _BLOCK]
            query = select(embeddings.c.digest).where(embeddings.c.digest.in_(block))
            known.update(self._connection.execute(query).scalars())
        return set(wanted) - known

    def add_embeddings(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Store vectors, each (dim,) float32 of unit length, under their digests."""
        rows = [
            {"digest": digest, "vector": data, "check": xxhash.xxh3_64_digest(data)}
            for digest, vector in vectors.items()
            for data in (np.ascontiguousarray(vector, dtype=np.float32).tobytes(),)
        ]
        if rows:
            self._connection.execute(insert(embeddings), rows)

    def put(self, prepared: PreparedArticle) -> int:
        """Store an article, replacing one with the same id; return its key."""
        article = prepared.article
        self._remove_article(article.id, successor=article)
        inserted = self._connection.execute(insert(articles), row_of(article))
        assert inserted.inserted_primary_key is not None
        article_key: int = inserted.inserted_primary_key[0]
        self._put_derived(article_key, prepared.derived)
        for part, digest in zip(prepared.passages, prepared.digests, strict=True):
            place = {"start": part.start, "end": part.end}
            row = {"article": article_key, "embedding": digest} | place
            done = self._connection.execute(insert(passages), row)
            assert done.inserted_primary_key is not None
            passage_key: int = done.inserted_primary_key[0]
            self._full_text.put(self._connection, passage_key, part)
            self.added_keys.append(passage_key)
        self._count(article, 1, len(prepared.passages))
        return article_key

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Remove articles with their earlier texts; return the ids that existed."""
        removed = [article_id for article_id in ids if self._remove_article(article_id)]
        for article_id in removed:
            self._connection.execute(delete(versions).where(versions.c.id == article_id))
        return removed

    def _remove_article(self, article_id: str, successor: Article | None = None) -> bool:
        """Remove an article if it exists; keep its text as a version if the successor differs."""
        query = select(articles).where(articles.c.id == article_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return False
        article, key = article_from(row), row["key"]
        self._remove_passages(article, key)
        self._remove_derived(key)
        self._connection.execute(delete(articles).where(articles.c.key == key))
        if successor and successor.version != article.version:
            self.keep_version(article)
        return True

    def take_over(self, snapshot: Snapshot) -> None:
        """Copy everything in another store into this one, which must be empty."""
        move_rows(snapshot, self._connection, self._full_text)
        self.manifest = snapshot.manifest

    def keep_version(self, article: Article) -> None:
        """Keep an earlier text of an article."""
        old = row_of(article) | {"version": article.version}
        known = (versions.c.id == article.id) & (versions.c.version == article.version)
        self._connection.execute(delete(versions).where(known))
        self._connection.execute(insert(versions).values(old))

    # Derived data ----------------------------------------------------------------------------

    def replace_derived(self, article_key: int, derived: DerivedData) -> None:
        """Store an article's times and shingles anew, and give it a group of its own."""
        self._remove_derived(article_key)
        self._put_derived(article_key, derived)
        self.changed = True

    def set_rules_version(self, version: int) -> None:
        """Record the rules that derived the times and shingles in the store."""
        self.changed |= self.manifest.rules_version != version
        self.manifest = replace(self.manifest, rules_version=version)

    def articles_after(self, key: int, n: int) -> list[tuple[int, Article]]:
        """Return the next n articles with a higher key, with their keys, ascending."""
        query = select(articles).where(articles.c.key > key).order_by(articles.c.key).limit(n)
        rows = self._connection.execute(query).mappings()
        return [(row["key"], article_from(row)) for row in rows]

    def candidates(self, key: int) -> list[tuple[int, str]]:
        """Return (key, text) of the earlier articles that share most shingles with an article."""
        return copy_rows.find_candidates(self._connection, key)

    def join_groups(self, keys: Sequence[int]) -> None:
        """Make one group of the groups of copies that these articles belong to."""
        copy_rows.join_groups(self._connection, keys)

    def group_members(self, group: int) -> list[tuple[int, str]]:
        """Return (key, text) of the articles in a group of copies, by key."""
        return copy_rows.group_members(self._connection, group)

    def set_groups(self, groups: Mapping[int, int]) -> None:
        """Store the group of copies of each article, by article key."""
        copy_rows.set_groups(self._connection, groups)

    def _put_derived(self, article_key: int, derived: DerivedData) -> None:
        copy_rows.put_shingles(self._connection, article_key, derived.sample)
        rows = [
            {
                "article": article_key,
                "start": time.start,
                "end": time.end,
                "first": time.first.isoformat(),
                "last": time.last.isoformat(),
                "unit": time.unit,
            }
            for time in derived.times
        ]
        if rows:
            self._connection.execute(insert(moments), rows)

    def _remove_derived(self, article_key: int) -> None:
        self._connection.execute(delete(moments).where(moments.c.article == article_key))
        group = copy_rows.remove_shingles(self._connection, article_key)
        self.reduced_groups |= {group} if group is not None else set()

    def _remove_passages(self, article: Article, article_key: int) -> None:
        columns = (passages.c.key, passages.c.start, passages.c.end, passages.c.embedding)
        query = select(*columns).where(passages.c.article == article_key)
        rows = self._connection.execute(query).all()
        for key, start, end, _ in rows:
            self._full_text.remove(self._connection, key, Passage(article, start, end))
        self._connection.execute(delete(passages).where(passages.c.article == article_key))
        self._unused |= {row[3] for row in rows}
        self.removed_keys += [row[0] for row in rows]
        self.added_keys = [key for key in self.added_keys if key not in self.removed_keys]
        self._count(article, -1, -len(rows))

    def _count(self, article: Article, n_articles: int, n_passages: int) -> None:
        mixed = int(self.manifest.corpus_hash, 16) ^ int(article.digest, 16)
        self.manifest = replace(
            self.manifest,
            n_articles=self.manifest.n_articles + n_articles,
            n_passages=self.manifest.n_passages + n_passages,
            corpus_hash=f"{mixed:064x}",
        )
        self.changed = True

    def rows_added(self) -> Iterator[Rows]:
        """Yield the vectors of the added passages, in blocks."""
        yield from vectors_of(self._connection, self.added_keys)

    def digest_of(self, article_id: str) -> str | None:
        """Return the digest of the article with this id, or None."""
        query = select(articles.c.digest).where(articles.c.id == article_id)
        return self._connection.execute(query).scalar_one_or_none()

    def set_source(self, path: Path, digest: str | None) -> None:
        """Record the digest of a file that was read; with None, forget the file."""
        query = select(sources.c.digest).where(sources.c.path == str(path))
        if self._connection.execute(query).scalar_one_or_none() == digest:
            return
        self.changed = True
        self._connection.execute(delete(sources).where(sources.c.path == str(path)))
        if digest is not None:
            self._connection.execute(insert(sources).values(path=str(path), digest=digest))

    def finish(self) -> None:
        """Delete unused embeddings, and write the manifest of the new generation."""
        for digest in self._unused:
            in_use = select(passages.c.key).where(passages.c.embedding == digest).limit(1)
            if self._connection.execute(in_use).first() is None:
                self._connection.execute(delete(embeddings).where(embeddings.c.digest == digest))
        self._full_text.finish(self._connection)
        if self.changed:
            self.manifest = replace(self.manifest, generation=self.manifest.generation + 1)
            self.manifest.save(self._connection)
