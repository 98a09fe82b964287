"""The content of a store → what in it is not what was committed; and the seal over its file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xxhash
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError

from qa_bot.store.reading import article_from
from qa_bot.store.schema import Manifest, articles, embeddings, passages


def seal_bytes(seal: dict[str, Any]) -> bytes:
    """Return a seal as a line of JSON and a line with its checksum."""
    line = json.dumps(seal, sort_keys=True)
    return f"{line}\n{xxhash.xxh3_64_hexdigest(line.encode())}\n".encode()


def read_seal(path: Path) -> dict[str, Any] | None:
    """Return the seal, or None if there is none that is whole."""
    try:
        line, check = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    whole = xxhash.xxh3_64_hexdigest(line.encode()) == check
    return dict(json.loads(line)) if whole else None


def wrong_rows(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each article, passage or embedding that is not what was stored."""
    lengths: dict[int, int] = {}
    for row in connection.execute(select(articles)).mappings():
        article = article_from(row)
        lengths[row["key"]] = len(article.text)
        if article.digest != row["digest"]:
            yield f"the article {article.id!r} is not what was stored"
    for row in connection.execute(select(passages)).mappings():
        if not 0 <= row["start"] < row["end"] <= lengths.get(row["article"], 0):
            yield f"passage {row['key']} lies outside its article"
    for row in connection.execute(select(embeddings)).mappings():
        if xxhash.xxh3_64_digest(row["vector"]) != row["check"]:
            yield f"the embedding {row['digest'].hex()} is not what was stored"
    orphans = select(passages.c.key).where(passages.c.embedding.not_in(select(embeddings.c.digest)))
    for key in connection.execute(orphans).scalars():
        yield f"passage {key} has no embedding"


def wrong_counts(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each table that is not as long as the manifest says."""
    manifest = Manifest.load(connection)
    for table, expected in (
        ("articles", manifest.n_articles),
        ("passages", manifest.n_passages),
        ("passages_fts_docsize", manifest.n_passages),
    ):
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        if found != expected:
            yield f"{table} has {found} rows, the manifest says {expected}"
    try:
        connection.execute(
            text("INSERT INTO passages_fts(passages_fts) VALUES ('integrity-check')")
        )
    except DatabaseError as exc:
        if "readonly" not in str(exc.orig):  # the check counts as writing
            yield f"the full-text index is malformed ({exc.orig})"
