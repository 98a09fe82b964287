"""An answer: its sentences, citations and times, or its refusal; and its JSON form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from qa_bot.datatypes import Article, Coverage, Entry, Hit, Published, describe


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

    @property
    def article_id(self) -> str:
        """Return the id of the article."""
        return self.article.id

    @property
    def title(self) -> str:
        """Return the title of the article."""
        return self.article.title

    @property
    def publisher(self) -> str | None:
        """Return the publisher of the article."""
        return self.article.publisher

    @property
    def published(self) -> Published | None:
        """Return the publication date of the article."""
        return self.article.published

    @property
    def published_how(self) -> str | None:
        """Return how the publication date was found."""
        return self.published.how if self.published else None

    def to_dict(self) -> dict[str, Any]:
        """Return the citation in the JSON form of the contract."""
        article = self.article
        return {
            "number": self.number,
            **describe(article),
            "path": article.path,
            "url": article.url,
            "published_how": self.published_how,
            "article_version": article.version,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "speaker": self.speaker,
            "agency": self.agency,
            "notices": list(self.notices),
            "copies": [describe(copy) for copy in self.copies],
        }


class PartKind(StrEnum):
    """What a part of a sentence is: words of an article, or a statement in our own words."""

    QUOTE = "quote"
    """The quote of a citation of the sentence, its white space made single."""
    TIME = "time"
    """A day reckoned from words of the cited article; ``Answer.when`` has those words."""
    PUBLICATION = "publication"
    """Title, publisher and date of the cited article, in a sentence of our own."""
    DISAGREEMENT = "disagreement"
    """The remark that two cited articles disagree."""
    SPEAKER = "speaker"
    """The name of the person who says the sentence, as the article has it."""
    REPORT = "report"
    """Which of two reports that differ the sentence is from: publisher or rank, and day."""
    WRITTEN = "written"
    """A sentence of a language model."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, in the order of reading."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that support it.

    ``lead`` comes before it: the speaker, where the sentence would read as a fact without, or the
    report it is from, where two differ, or its day in a timeline.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool = True
    lead: str | None = None
    kind: PartKind = PartKind.QUOTE
    lead_kind: PartKind = PartKind.SPEAKER

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the lead, if it has one, and the text."""
        lead = (Part(self.lead_kind, self.lead),) if self.lead else ()
        return (*lead, Part(self.kind, self.text))

    def __str__(self) -> str:
        """Return the sentence followed by its markers: ``It rained. [1][2]``."""
        markers = "".join(f"[{number}]" for number in self.citations)
        return f"{f'{self.lead}: ' if self.lead else ''}{self.text} {markers}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence in the JSON form of the contract."""
        return {
            "text": self.text,
            "citations": list(self.citations),
            "supported": self.supported,
            "lead": self.lead,
            "parts": [{"kind": str(part.kind), "text": part.text} for part in self.parts],
        }


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
