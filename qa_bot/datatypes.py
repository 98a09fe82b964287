"""The values that pass from stage to stage, each frozen, each valid once it exists.

Spans are characters of ``Article.text``, end exclusive. Higher scores are better; ranks start at 1.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, NamedTuple

Precision = Literal["day", "month", "year"]


class Scored(NamedTuple):
    """The key of a passage in the index and its score; higher is better."""

    key: int
    score: float


class Span(NamedTuple):
    """A range of characters, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date, how precise it is, and how it was found."""

    day: date
    precision: Precision = "day"
    how: str = "stated"

    @property
    def last(self) -> date:
        """Return the last day that the date can mean (its own day when precise to the day)."""
        month = 12 if self.precision == "year" else self.day.month
        end = monthrange(self.day.year, month)[1]
        return self.day if self.precision == "day" else date(self.day.year, month, end)

    @property
    def first(self) -> date:
        """Return the first day that the date can mean."""
        month = 1 if self.precision == "year" else self.day.month
        return self.day if self.precision == "day" else date(self.day.year, month, 1)

    def __str__(self) -> str:
        """Return ``2021-06-16``, ``2021-06`` or ``2021``, as precise as the date is."""
        return self.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read: ``text`` is never edited, ``id`` is stable for the same source.

    ``published`` is None where no date was found; ``url`` and ``path`` say where it came from.
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
    """What a list of articles shows of one: no text, but the number of its passages."""

    id: str
    title: str
    publisher: str | None
    published: Published | None
    passages: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article that is indexed and retrieved; it holds no text of its own."""

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
    """A retrieved passage: rank from 1, score in 0..1 (higher is better), and how it was found.

    ``copies`` are the other places of its article's story, within the filters.
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
    """A sentence of a hit that may answer the question, with the probability that it does.

    ``answer`` is the answer's place in the article, ``speaker`` who says the sentence, where the
    article puts it in somebody's mouth. What is known of the article but not in its
    text (publisher, date) has none: then ``stated`` is the answer and the sentence is its title.
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
        """Return the words that answer, in one line; None where no reader found them."""
        return (
            " ".join(self.article.text[slice(*self.answer)].split()) if self.answer else self.stated
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered span of an article; ``quote`` is its text, by construction.

    ``speaker`` is who says it in the article, ``agency`` whom the dateline names beside the
    publisher, ``notices`` what the article says of corrections and updates, ``copies`` the other
    places that the story was found in.
    """

    number: int
    article: Article
    start: int
    end: int
    speaker: str | None = None
    agency: str | None = None
    notices: tuple[str, ...] = ()
    copies: tuple[Entry, ...] = ()

    @property
    def quote(self) -> str:
        """Return ``article.text[start:end]``."""
        return self.article.text[self.start : self.end]

    def to_dict(self) -> dict[str, Any]:
        """Return the citation in the JSON form of the contract."""
        article = self.article
        return {
            "number": self.number,
            **describe(article),
            "path": article.path,
            "url": article.url,
            "published_how": article.published.how if article.published else None,
            "article_version": article.version,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "speaker": self.speaker,
            "agency": self.agency,
            "notices": list(self.notices),
            "copies": [describe(copy) for copy in self.copies],
        }


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that support it.

    ``lead`` stands before it: who says it, where it would read as a fact without, or which report
    of two that differ.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool = True
    lead: str | None = None

    def __str__(self) -> str:
        """Return the sentence followed by its markers: ``It rained. [1][2]``."""
        markers = "".join(f"[{number}]" for number in self.citations)
        return f"{f'{self.lead}: ' if self.lead else ''}{self.text} {markers}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence in the JSON form of the contract."""
        told = {"text": self.text, "citations": list(self.citations), "supported": self.supported}
        return told | {"lead": self.lead}


@dataclass(frozen=True, slots=True)
class Sources:
    """How many articles give the answer, and how many of them do not copy another one."""

    articles: int
    independent: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two citations whose articles answer differently.

    ``changed``: the first is current, the second was reported before; ``disagree``: they
    contradict each other.
    """

    kind: Literal["changed", "disagree"]
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class When:
    """A time that an answer gives: words of a cited article, and the days that they stand for.

    ``iso`` is ``2021-06-16``, ``2021-W24``, ``2021-06`` or ``2021``, or two of them with a slash.
    """

    citation: int
    start: int
    end: int
    words: str
    iso: str
    written: str

    @property
    def statement(self) -> str:
        """Return ``16 June 2021 (“on Wednesday”).``."""
        return f"{self.written} (“{self.words}”)."

    def to_dict(self) -> dict[str, Any]:
        """Return the time in the JSON form of the contract."""
        return asdict(self)


class RefusalReason(StrEnum):
    """Why an answer was declined."""

    NOTHING_RELEVANT = "nothing_relevant"
    NOT_ANSWERED = "not_answered"
    OUTSIDE_DATES = "outside_dates"
    FALSE_PREMISE = "false_premise"
    EMPTY_INDEX = "empty_index"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer declined: the reason, one sentence saying so, and the nearest articles."""

    reason: RefusalReason
    message: str
    nearest: tuple[Article, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the refusal in the JSON form of the contract."""
        return {
            "reason": str(self.reason),
            "message": self.message,
            "nearest": [describe(article) for article in self.nearest],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was searched: the number of articles, their first and last dates, and the undated.

    ``left_out`` counts the articles whose date is unknown, or not precise enough to tell that
    they lie within the dates asked for; ``in_index`` all articles of the index.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A question answered or declined; every citation in it is exact, refused ⇒ no sentences.

    ``confidence`` is the probability, 0..1, that the articles answer and the best evidence does,
    whether it was answered or declined. ``narrowed`` holds the filters that were asked for, by
    name, dates as ISO text; ``weights`` the SHA-256 of each model used. ``withheld`` are sentences
    that a language model wrote and nothing supports, ``note`` says why it is not its answer.
    ``when`` holds the times that a question for them is answered with, ``sources`` how many say so,
    ``difference`` that two of the citations answer differently; ``timeline`` that the sentences
    are events in their order, each led by its time.
    """

    question: str
    standalone_question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    coverage: Coverage
    refusal: Refusal | None = None
    short: str | None = None
    unresolved: tuple[str, ...] = ()
    confidence: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict, hash=False, compare=False)
    models: dict[str, str | None] = field(default_factory=dict, hash=False)
    index: dict[str, Any] = field(default_factory=dict, hash=False)
    narrowed: dict[str, Any] = field(default_factory=dict, hash=False)
    note: str | None = None
    withheld: tuple[str, ...] = ()
    weights: dict[str, str] = field(default_factory=dict, hash=False)
    when: tuple[When, ...] = ()
    sources: Sources | None = None
    difference: Difference | None = None
    timeline: bool = False

    @property
    def answered(self) -> bool:
        """Return whether the articles answer the question."""
        return self.refusal is None

    @property
    def text(self) -> str:
        """Return the sentences with their markers, or the message of the refusal."""
        if self.refusal:
            return self.refusal.message
        return " ".join(str(sentence) for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in the JSON form of the contract."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answered": self.answered,
            "short": self.short,
            "text": self.text,
            "sentences": [sentence.to_dict() for sentence in self.sentences],
            "citations": [citation.to_dict() for citation in self.citations],
            "unresolved": list(self.unresolved),
            "refusal": self.refusal.to_dict() if self.refusal else None,
            "hits": [hit.to_dict() for hit in self.hits],
            "coverage": self.coverage.to_dict(),
            "timings_ms": self.timings_ms,
            "models": self.models,
            "index": self.index,
            "confidence": round(self.confidence, 4),
            "narrowed": self.narrowed,
            "weights": self.weights,
            "note": self.note,
            "withheld": list(self.withheld),
            "when": [one.to_dict() for one in self.when],
            "sources": asdict(self.sources) if self.sources else None,
            "difference": asdict(self.difference) if self.difference else None,
            "timeline": self.timeline,
        }


def describe(article: Article | Entry) -> dict[str, Any]:
    """Return what names an article to a reader: id, title, publisher and date."""
    return {
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": str(article.published) if article.published else None,
    }
