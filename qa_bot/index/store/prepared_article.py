"""An article with everything that the store writes for it: passages, times and shingles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import xxhash

from qa_bot.datatypes import Article, Passage
from qa_bot.index.passage_text import embedded_text


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time that an article mentions.

    Attributes:
        start, end: the words, as offsets in the article's text.
        first, last: the first and last day that the words can mean.
        unit: day, week, month or year.
    """

    start: int
    end: int
    first: date
    last: date
    unit: str


@dataclass(frozen=True, slots=True)
class DerivedData:
    """The data that language rules derive from one article.

    Attributes:
        times: the times that the article mentions, in order.
        shingles: hashes of all its shingles (runs of words), 64 bits each.
        sample: the shingles that the store keeps to find candidates for copies: 63 bits each.
    """

    times: tuple[TimeMention, ...]
    shingles: frozenset[int]
    sample: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article, its passages, the digest of each passage's embedded text, and derived data."""

    article: Article
    passages: tuple[Passage, ...]
    digests: tuple[bytes, ...]
    derived: DerivedData

    @classmethod
    def of(
        cls, article: Article, passages: tuple[Passage, ...], derived: DerivedData
    ) -> PreparedArticle:
        """Return the article with the digests of its passages."""
        return cls(article, passages, tuple(map(embedding_digest, passages)), derived)


def embedding_digest(passage: Passage) -> bytes:
    """Return the hash of the passage's embedded text: 16 bytes."""
    return xxhash.xxh3_128_digest(embedded_text(passage).encode("utf-8", "surrogatepass"))
