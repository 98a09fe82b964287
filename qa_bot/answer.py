"""The answer with its sentences, citations and times, or its refusal, and its JSON form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from qa_bot.datatypes import Article, Coverage, Entry, Hit, Published, describe

DECISIONS = ("Yes.", "No.")  # the texts of sentences of the kind DECISION
OPEN = "Not answered:"  # begins a sentence of the kind OPEN


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered span of an article; ``quote`` always equals the text of the span.

    Attributes:
        speaker: the person who says it in the article.
        agency: the news agency in the dateline, if it differs from the publisher.
        notices: the article's notices of corrections and updates.
        copies: the other articles with the same story.
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
        """Return the source of the publication date."""
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
    """The origin of a part of a sentence: an article, a language model, or the program."""

    QUOTE = "quote"  # the quote of a citation of the sentence, with white space collapsed
    TIME = "time"  # a day computed from words of the cited article; ``Answer.when`` has those words
    PUBLICATION = "publication"  # a sentence of the program on the cited article
    DISAGREEMENT = "disagreement"  # the statement that two cited articles disagree
    DECISION = "decision"  # "Yes." or "No.", decided from the cited sentences
    SPEAKER = "speaker"  # the name of the person who says the sentence, as the article spells it
    REPORT = "report"  # the label of one of two differing reports
    ITEM = "item"  # one of the things that the question compares, as it names them
    ROLE = "role"  # what the sentence says the person asked about is, and the day of its article
    WRITTEN = "written"  # a sentence of a language model
    OPEN = "open"  # the statement that a part of the question is not answered; it cites nothing


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that support it.

    ``lead`` precedes it: its speaker, the label of a report, what is compared, a role, or its day.
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
    """The number of articles that give the answer, and of those that do not copy another one."""

    articles: int
    independent: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two citations that answer differently; the first one is current if that ``changed``."""

    kind: Literal["changed", "disagree"]
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class When:
    """A time in an answer: words of a cited article, and the days that they mean.

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
    """The reason for a refusal."""

    NOTHING_RELEVANT = "nothing_relevant"
    NOT_ANSWERED = "not_answered"
    OUTSIDE_DATES = "outside_dates"
    FALSE_PREMISE = "false_premise"
    EMPTY_INDEX = "empty_index"
    NOT_A_QUESTION = "not_a_question"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal to answer.

    Attributes:
        reason: why.
        message: the reason in a sentence or two for the reader.
        nearest: the articles nearest to the question.
        closest: the sentence that comes closest to an answer, if one comes close; not an answer.
    """

    reason: RefusalReason
    message: str
    nearest: tuple[Article, ...] = ()
    closest: Citation | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the refusal in the JSON form of the contract."""
        return {
            "reason": str(self.reason),
            "message": self.message,
            "nearest": [describe(article) for article in self.nearest],
            "closest": self.closest.to_dict() if self.closest else None,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or its refusal, without sentences; every citation is exact.

    Attributes:
        confidence: the probability, 0..1, that the best evidence answers, also for a refusal.
        narrowed: the filters of the question by name, dates as ISO text.
        weights: the SHA-256 of each model's weights.
        withheld: the unsupported sentences of a language model.
        note: the reason to quote the articles instead of the language model.
        when: the times that answer a question for a time.
        sources: the number of articles that give the answer.
        difference: two citations that answer differently.
        timeline: whether the sentences are events in order, each led by its time.
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
