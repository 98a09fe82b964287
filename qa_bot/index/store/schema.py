"""The tables of an index, and its manifest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    select,
)

FORMAT_VERSION = 2

metadata = MetaData()


class _Bytes(TypeDecorator[str]):
    """Text as UTF-8 bytes, for a database with text types that cannot hold every character."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> bytes | None:
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: object) -> str | None:
        return None if value is None else bytes(value).decode("utf-8", "surrogatepass")


# PostgreSQL's text has no NUL and sorts by the rules of a language; SQLite compares bytes.
_EXACT = Text().with_variant(_Bytes(), "postgresql")

manifest_table = Table(
    "manifest", metadata, Column("key", String, primary_key=True), Column("value", Text)
)

# One row for each file that was read without a problem; a build reads it again if its bytes change.
sources = Table(
    "sources",
    metadata,
    Column("path", _EXACT, primary_key=True),
    Column("digest", String, nullable=False),
)


def _article_columns() -> list[Column[Any]]:
    """Return the columns of an article's metadata and text."""
    return [
        Column("title", _EXACT, nullable=False),
        Column("text", _EXACT, nullable=False),
        Column("publisher", _EXACT),
        Column("publisher_folded", _EXACT, index=True),
        Column("published", String(10)),
        Column("published_precision", String(5)),
        Column("published_how", _EXACT),
        Column("first_day", String(10), index=True),
        Column("last_day", String(10), index=True),
        Column("url", _EXACT),
        Column("path", _EXACT, index=True),
        Column("language", _EXACT),
        Column("digest", String(64), nullable=False),
    ]


articles = Table(
    "articles",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", _EXACT, nullable=False, unique=True),
    *_article_columns(),
    sqlite_autoincrement=True,
)

# Earlier texts of articles that were read again with another text.
versions = Table(
    "versions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", _EXACT, nullable=False, index=True),
    Column("version", String(64), nullable=False),
    *_article_columns(),
    sqlite_autoincrement=True,
)

# The times that each article mentions: the place of the words, and the days they can mean.
moments = Table(
    "moments",
    metadata,
    Column("article", ForeignKey("articles.key"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("first", String(10), nullable=False, index=True),
    Column("last", String(10), nullable=False),
    Column("unit", String(5), nullable=False),
)

# A sample of each article's shingles (runs of words), to find copies; and the groups of articles
# that are copies of one another: the lowest key in a group is its number.
runs = Table(
    "runs",
    metadata,
    Column("article", ForeignKey("articles.key"), nullable=False, index=True),
    Column("run", BigInteger, nullable=False, index=True),
)
copies = Table(
    "copies",
    metadata,
    Column("article", ForeignKey("articles.key"), primary_key=True),
    Column("cluster", Integer, nullable=False, index=True),
)

# Keys are never reused: a vector index can rely on the meaning of a key.
passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("article", ForeignKey("articles.key"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("embedding", LargeBinary(16), nullable=False),
    Index("passages_by_embedding", "embedding"),
    sqlite_autoincrement=True,
)

# The key is the hash of the embedded text, so no text is embedded twice.
embeddings = Table(
    "embeddings",
    metadata,
    Column("digest", LargeBinary(16), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("check", LargeBinary(8), nullable=False),
)


class ManifestError(ValueError):
    """The manifest in a store cannot be read."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The settings that the index was made with, and its last commit.

    Later versions of the program may add keys, and they keep those of today: so each of them reads
    the format version of every index.

    Attributes:
        generation: grows by one with each commit.
        corpus_hash: the XOR of the digests of all articles.
        rules_version: the version of the language rules that derived the times and shingles; 0 for
            an index from before rules had versions.
    """

    index_id: str
    embedder: str
    embedder_fingerprint: str
    dim: int
    chunk_tokens: int
    chunk_overlap: int
    format_version: int = FORMAT_VERSION
    generation: int = 0
    n_articles: int = 0
    n_passages: int = 0
    corpus_hash: str = "0" * 64
    rules_version: int = 0

    @classmethod
    def load(cls, connection: Connection) -> Self:
        """Return the manifest in the store, without keys that this version does not know.

        Raises:
            ManifestError: a key is missing, or a value is not JSON of its type.
        """
        known = {field.name for field in fields(cls)}
        rows = connection.execute(select(manifest_table.c.key, manifest_table.c.value))
        try:
            manifest = cls(**{key: json.loads(value) for key, value in rows if key in known})
        except (TypeError, ValueError) as exc:
            raise ManifestError(f"its manifest cannot be read ({exc})") from exc
        for field in fields(cls):
            value = getattr(manifest, field.name)
            if type(value).__name__ != field.type:
                raise ManifestError(f"its manifest cannot be read ({field.name} is {value!r})")
        return manifest

    def save(self, connection: Connection) -> None:
        """Write the manifest into the store, as part of the transaction."""
        rows = [{"key": key, "value": json.dumps(value)} for key, value in asdict(self).items()]
        own = manifest_table.c.key.in_([row["key"] for row in rows])
        connection.execute(manifest_table.delete().where(own))
        connection.execute(manifest_table.insert(), rows)
