"""An answer in the JSON form of the contract, as the page keeps it in the browser.

Every answer on the page is rendered from this form, whether it is new or comes back from the
browser. Fields that the contract gained later have defaults; unknown fields are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from qa_bot.answer import Answer
from qa_bot.datatypes import Precision, Published

_DEEPEST = 32
_PRECISIONS: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}

log = logging.getLogger(__name__)


def _parse_published(value: object) -> Published | None:
    """Return the date of ``2021-06-16``, ``2021-06`` or ``2021``."""
    if value is None or isinstance(value, Published):
        return value
    try:
        text = str(value)
        published = Published(date.fromisoformat(f"{text}-01-01"[:10]), _PRECISIONS[len(text)])
    except (KeyError, ValueError):
        published = None
    if not published or str(published) != value:
        raise PydanticCustomError("published", "Input should be a date like 2021-06-16 or 2021-06")
    return published


def _parse_day(value: object) -> date | None:
    published = _parse_published(value)
    if published and published.precision != "day":
        raise PydanticCustomError("day", "Input should be a day like 2021-06-16")
    return published.day if published else None


PublicationDate = Annotated[
    Annotated[Published, PlainSerializer(str)] | None, BeforeValidator(_parse_published)
]
Day = Annotated[date | None, BeforeValidator(_parse_day)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=10**9)]
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form that was given, without the defaults of missing fields."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class ArticleForm(_Form):
    """An article by its id, title, publisher and date."""

    article_id: str
    title: str
    publisher: str | None = None
    published: PublicationDate


class CitationForm(_Form):
    """A numbered quotation of an article; ``start`` and ``end`` are characters of its text."""

    number: Whole
    article_id: str
    title: str
    publisher: str | None
    published: PublicationDate
    path: str | None = None
    url: str | None = None
    published_how: str | None = None
    article_version: str | None = None
    start: Whole
    end: Whole
    quote: str
    speaker: str | None = None
    agency: str | None = None
    notices: tuple[str, ...] = ()
    copies: tuple[ArticleForm, ...] = ()


class PartForm(_Form):
    """A part of a sentence, of a kind of ``PartKind``."""

    kind: str
    text: str


class SentenceForm(_Form):
    """A sentence of an answer with the numbers of its citations."""

    text: str
    citations: tuple[Whole, ...]
    supported: Flag
    lead: str | None = None
    parts: tuple[PartForm, ...] = ()


class WhenForm(_Form):
    """A time in an answer: words of a citation, and the days that they mean."""

    citation: Whole
    start: Whole
    end: Whole
    words: str
    iso: str
    written: str


class RefusalForm(_Form):
    """The reason for a refusal, the nearest articles, and the sentence closest to an answer."""

    reason: str
    message: str
    nearest: tuple[ArticleForm, ...]
    closest: CitationForm | None = None


class CoverageForm(_Form):
    """The number of articles searched and their first and last dates."""

    articles: Whole
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    left_out: Whole = 0


class SourcesForm(_Form):
    """The number of articles with the answer, and of those that do not copy another one."""

    articles: Whole
    independent: Whole


class AppliedFilters(_Form):
    """The filters that an answer was asked with."""

    as_of: Day = None
    since: Day = None
    until: Day = None
    publisher: str | None = None


class AnswerForm(_Form):
    """An answer or a refusal; a refusal has ``suggestions``, questions that can be answered."""

    question: str
    standalone_question: str
    answered: Flag
    short: str | None
    text: str
    sentences: tuple[SentenceForm, ...]
    citations: tuple[CitationForm, ...]
    unresolved: tuple[str, ...]
    refusal: RefusalForm | None
    hits: tuple[dict[str, Any], ...]
    coverage: CoverageForm
    timings_ms: dict[str, Number]
    models: dict[str, Any] = {}
    index: dict[str, Any] = {}
    confidence: Number = 0.0
    narrowed: AppliedFilters = AppliedFilters()
    weights: dict[str, Any] = {}
    note: str | None = None
    withheld: tuple[str, ...] = ()
    when: tuple[WhenForm, ...] = ()
    sources: SourcesForm | None = None
    difference: dict[str, Any] | None = None
    timeline: Flag = False
    suggestions: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer, suggestions: Sequence[str] = ()) -> AnswerForm:
        """Return the form of a live answer, without the text of its hits."""
        form = answer.to_dict() | {"suggestions": list(suggestions)}
        try:
            return cls.model_validate(form).compact()
        except ValidationError as exc:
            raise TypeError("The answer's to_dict() does not fit the form of the page.") from exc

    def compact(self) -> AnswerForm:
        """Return the answer without the text of its hits, which the articles have."""
        hits = tuple({name: hit[name] for name in hit if name != "text"} for hit in self.hits)
        return self.model_copy(update={"hits": hits})

    @property
    def reply(self) -> str:
        """Return the short answer, or the whole text where there is none."""
        return self.short if self.answered and self.short else self.text

    @model_validator(mode="before")
    @classmethod
    def _check_depth(cls, value: Any) -> Any:
        if _is_deeper(value, _DEEPEST):
            raise PydanticCustomError("depth", "The answer is nested too deeply")
        return value

    @model_validator(mode="after")
    def _check_parts(self) -> AnswerForm:
        """Check that a refusal has no sentences, and that each number has its one citation."""
        numbers = [citation.number for citation in self.citations]
        cited = {number for sentence in self.sentences for number in sentence.citations}
        if self.answered == bool(self.refusal) or (self.refusal and self.sentences):
            raise PydanticCustomError("answered", "The answer must have sentences or a refusal")
        if len(set(numbers)) < len(numbers) or not cited <= set(numbers):
            raise PydanticCustomError("cited", "A sentence must cite citations of the answer")
        return self


def read_turns(kept: object) -> list[AnswerForm]:
    """Return the answers of a conversation that a browser kept; leave out what is none."""
    turns = []
    for one in kept if isinstance(kept, list) else []:
        try:
            turns.append(AnswerForm.model_validate(one))
        except ValidationError as exc:
            log.warning("a turn that a browser kept was left out: %d errors", exc.error_count())
    return turns


def _is_deeper(value: object, levels: int) -> bool:
    """Return whether lists and objects in a value go down more levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(one, levels - 1) for one in inner)
