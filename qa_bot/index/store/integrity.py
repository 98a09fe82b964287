"""Check the content of a store against its digests, and read and write the seal of its file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xxhash
from sqlalchemy import Connection, RowMapping, func, select

from qa_bot.datatypes import Article, Passage
from qa_bot.errors import IndexMismatchError
from qa_bot.index.store.article_rows import article_from, row_of
from qa_bot.index.store.full_text import FullText
from qa_bot.index.store.prepared_article import embedding_digest
from qa_bot.index.store.schema import (
    FORMAT_VERSION,
    Manifest,
    articles,
    copies,
    embeddings,
    passages,
    versions,
)


def seal_bytes(seal: dict[str, Any]) -> bytes:
    """Return a seal as a line of JSON and a line with its checksum."""
    line = json.dumps(seal, sort_keys=True)
    return f"{line}\n{xxhash.xxh3_64_hexdigest(line.encode())}\n".encode()


def read_seal(path: Path) -> dict[str, Any] | None:
    """Return the seal, or None if it is missing or damaged."""
    try:
        line, check = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    if xxhash.xxh3_64_hexdigest(line.encode()) != check:
        return None
    try:
        seal = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return seal if isinstance(seal, dict) and seal.keys() >= {"generation", "xxh3"} else None


def check_format(place: Path | str, manifest: Manifest) -> None:
    """Refuse an index of another format version.

    Raises:
        IndexMismatchError: the program does not know the format version.
    """
    found = manifest.format_version
    if found == FORMAT_VERSION:
        return
    name = f"--index {place}-new" if isinstance(place, Path) else "in a database of its own"
    remedy = f"Build a new one with: qa-bot build ARTICLES {name}"
    if found > FORMAT_VERSION:
        remedy = "Open it with a newer qa-bot: pip install --upgrade qa-bot"
    raise IndexMismatchError(place, "format version", found, FORMAT_VERSION, remedy)


def wrong_rows(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each article, passage or embedding that changed since it was stored."""
    whole: dict[int, Article] = {}
    for row in connection.execute(select(articles)).mappings():
        article = whole_article(row)
        if article is None:
            yield f"the article {row['id']!r} is not what was stored"
        else:
            whole[row["key"]] = article
    yield from _wrong_versions(connection)
    for row in connection.execute(select(passages)).mappings():
        found = whole.get(row["article"])
        if found is None or not 0 <= row["start"] < row["end"] <= len(found.text):
            yield f"passage {row['key']} lies outside its article"
        elif embedding_digest(Passage(found, row["start"], row["end"])) != row["embedding"]:
            yield f"passage {row['key']} is not what was embedded"
    for row in connection.execute(select(embeddings)).mappings():
        if xxhash.xxh3_64_digest(row["vector"]) != row["check"]:
            yield f"the embedding {row['digest'].hex()} is not what was stored"
    missing = select(passages.c.key).where(passages.c.embedding.not_in(select(embeddings.c.digest)))
    for key in connection.execute(missing).scalars():
        yield f"passage {key} has no embedding"


def _wrong_versions(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(versions)).mappings():
        old = whole_article(row)
        if old is None or old.version != row["version"]:
            yield f"an older version of the article {row['id']!r} is not what was stored"


def whole_article(row: RowMapping) -> Article | None:
    """Return the article of a row, or None if a column changed since it was stored."""
    try:
        article = article_from(row)
        expected = row_of(article)
    except (ValueError, TypeError, AttributeError):
        return None
    return article if all(row[name] == value for name, value in expected.items()) else None


def wrong_counts(connection: Connection, full_text: FullText) -> Iterator[str]:
    """Yield a sentence for each table with another number of rows than the manifest says."""
    manifest = Manifest.load(connection)
    for table, expected in (
        (articles, manifest.n_articles),
        (copies, manifest.n_articles),
        (passages, manifest.n_passages),
    ):
        found = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if found != expected:
            yield f"{table.name} has {found} rows, the manifest says {expected}"
    yield from full_text.wrong(connection, manifest.n_passages)
