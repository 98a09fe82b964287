"""The frozen values that stages pass to each other.

Spans are characters of ``Article.text``, end exclusive. Higher scores are better; ranks start at 1.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

Precision = Literal["day", "month", "year"]


class Scored(NamedTuple):
    """The index key of a passage and its score; higher is better."""

    key: int
    score: float


class Span(NamedTuple):
    """A range of characters, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date, its precision, and its source."""

    day: date
    precision: Precision = "day"
    how: str = "stated"

    @property
    def last(self) -> date:
        """Return the last day that the date can mean."""
        month = 12 if self.precision == "year" else self.day.month
        end = monthrange(self.day.year, month)[1]
        return self.day if self.precision == "day" else date(self.day.year, month, end)

    @property
    def first(self) -> date:
        """Return the first day that the date can mean."""
        month = 1 if self.precision == "year" else self.day.month
        return self.day if self.precision == "day" else date(self.day.year, month, 1)

    def __str__(self) -> str:
        """Return ``2021-06-16``, ``2021-06`` or ``2021``, according to the precision."""
        return self.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


@dataclass(frozen=True, slots=True)
class Article:
    """One article: nothing edits its ``text``, and the same source always gets the same ``id``.

    ``published`` is None if no date was found; ``url`` and ``path`` give the source.
    """

    id: str
    title: str
    text: str
    publisher: str | None = None
    published: Published | None = None
    url: str | None = None
    path: str | None = None
    language: str | None = None

    @property
    def version(self) -> str:
        """Return the SHA-256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text and of everything known about the article."""
        stated = (self.id, self.title, self.publisher, self.published)
        known = (*stated, self.url, self.path, self.language)
        return hashlib.sha256(f"{known!r}{self.version}".encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list: the number of its passages instead of its text.

    ``key`` is higher for an article that came into its index, or changed there, later.
    """

    id: str
    title: str
    publisher: str | None
    published: Published | None
    passages: int
    key: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of an article, the unit of indexing and retrieval."""

    article: Article
    start: int
    end: int

    @property
    def id(self) -> str:
        """Return ``article-id:start-end``."""
        return f"{self.article.id}:{self.start}-{self.end}"

    @property
    def text(self) -> str:
        """Return ``article.text[start:end]``."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its rank (from 1), its score (0..1) and the method that found it.

    ``copies`` are the other articles with the same story, within the filters.
    """

    passage: Passage
    rank: int
    score: float
    how: str
    copies: tuple[Entry, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the hit in the JSON form of the contract."""
        passage = self.passage
        return {
            "rank": self.rank,
            "article_id": passage.article.id,
            "start": passage.start,
            "end": passage.end,
            "score": round(self.score, 4),
            "text": passage.text,
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit with the probability that it answers the question.

    ``answer`` is the place of the answer in the article, ``speaker`` the person who says the
    sentence. If the publisher or the date of the article answers, ``answer`` is None, ``stated`` is
    the answer, and the span of the sentence is the article's title.
    """

    hit: Hit
    start: int
    end: int
    probability: float
    answer: Span | None = None
    stated: str | None = None
    speaker: str | None = None

    @property
    def article(self) -> Article:
        """Return the article of the sentence."""
        return self.hit.passage.article

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self.article.text[self.start : self.end]

    @property
    def words(self) -> str | None:
        """Return the words that answer, in one line, or None if no reader found them."""
        return (
            " ".join(self.article.text[slice(*self.answer)].split()) if self.answer else self.stated
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """The searched articles: their number, and their first and last dates.

    ``left_out`` counts the articles without a date, or with one too imprecise to fall within the
    filter; ``in_index`` counts all articles of the index.
    """

    articles: int = 0
    first: date | None = None
    last: date | None = None
    left_out: int = 0
    in_index: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the coverage in the JSON form of the contract."""
        return {
            "articles": self.articles,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "left_out": self.left_out,
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


def describe(article: Article | Entry) -> dict[str, Any]:
    """Return id, title, publisher and date of an article, in the JSON form of the contract."""
    return {
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": str(article.published) if article.published else None,
    }
