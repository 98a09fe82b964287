"""A question, understood once; every later stage reads this value and never the words again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from qa_bot.datatypes import Published, Span, Turn
from qa_bot.filters import Filters
from qa_bot.news.times import Moment, find_moments
from qa_bot.question.followup import stand_alone
from qa_bot.question.intent import Expects, Intent, read_intent
from qa_bot.question.parts import question_parts
from qa_bot.question.time_range import TimeRange, named_range
from qa_bot.text import LOWER, UPPER, content_words, squeeze, terms

_CAPITAL = rf"{UPPER}{LOWER}[\w’'-]+"  # "EU" may be written out in the articles
_NAME = re.compile(rf"(?<=[\w,;] )\b{_CAPITAL}(?:\s+{_CAPITAL})*")
_ACRONYM = re.compile(rf"\b{UPPER}{{4,}}\b")
_CAPITALISED = re.compile(rf"\b{UPPER}[\w’'-]*")
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]{2,})[”\"»]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Words that a question for anything that happened may have, and still names no subject.
_ANYTHING = frozenset(
    re.findall(
        r"\w+",
        """happen happened happening happens took take taken takes place event events thing things
        news new report reported reports occur occurred occurs go going went list anything
        everything main important major big article articles story stories headlines planned
        scheduled expected due set""",
    )
)


class Kind(StrEnum):
    """How a question is answered: by evidence, by a dateline, or by a list of dated events."""

    FACT = "fact"
    DATELINE = "dateline"
    TIMELINE = "timeline"
    DAY = "day"
    """A timeline of everything that happened at a time: the question names no subject."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks, seen from the day of asking.

    Attributes:
        text: as it was typed.
        standalone: as it can be understood without the conversation; one line.
        kind: how it is answered.
        today: the day of asking.
        intent: what it asks for.
        parts: the questions in it, each standing alone; () where it is one question.
        names: proper names of two letters and more in it, without times and first word.
        acronyms: its words of four capitals and more.
        quotations: the words in quotation marks.
        terms: the stems of its content words, each once.
        subject_terms: the same without names and first word.
        topic: the question without the times in it.
        years: the years that it names in digits.
        time_range: the first and last day that it asks about, None where it names no time.
    """

    text: str
    standalone: str
    kind: Kind
    today: date
    intent: Intent = field(repr=False)
    parts: tuple[Question, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    acronyms: tuple[str, ...] = field(repr=False)
    quotations: tuple[str, ...] = field(repr=False)
    terms: tuple[str, ...] = field(repr=False)
    subject_terms: frozenset[str] = field(repr=False)
    topic: str = field(repr=False)
    years: tuple[int, ...] = field(repr=False)
    time_range: TimeRange | None = field(repr=False)

    @property
    def expects(self) -> Expects:
        """Return the kind of answer that it expects."""
        return self.intent.expects

    @property
    def asks_events(self) -> bool:
        """Return whether a timeline answers it."""
        return self.kind in (Kind.TIMELINE, Kind.DAY)

    @property
    def each(self) -> tuple[Question, ...]:
        """Return its parts, or itself where it is one question."""
        return self.parts or (self,)

    def narrow(self, filters: Filters) -> Filters:
        """Return filters narrowed to the days that it asks about; they are never widened.

        A question for events is narrowed to any days that it names, another one to recent days.
        """
        days = self.time_range
        if days is None or days[0] > self.today or days[0] == date.min:
            return filters
        if not (self.asks_events or self.intent.recent):
            return filters
        # What happened on a day was reported on it or later.
        return replace(filters, since=max(filter(None, (filters.since, days[0]))))


def understand(
    text: str, turns: Sequence[Turn] = (), today: date | None = None, rewritten: str | None = None
) -> Question:
    """Return a question with everything that its words say.

    Args:
        text: as it was typed.
        turns: the conversation before it.
        today: the day of asking, from which "last week" is reckoned (default: the day it is).
        rewritten: the question as a language model completed it, in place of our own rules.

    >>> understand("When and where did the leaders meet?").each[1].standalone
    'Where did the leaders meet?'
    """
    today = today or date.today()
    standalone = rewritten or stand_alone(_one_line(text), turns)
    parts = question_parts(standalone)
    each = () if len(parts) == 1 else tuple(_understood(part, part, (), today) for part in parts)
    return _understood(text, standalone, each, today)


def clean_question(text: str, longest: int) -> str:
    """Return what was typed in one line.

    Raises:
        ValueError: it is empty, or longer than ``longest`` characters.
    """
    asked = _one_line(text)
    if not asked:
        raise ValueError("The question is empty. Ask something about the articles.")
    if len(asked) > longest:
        raise ValueError(
            f"The question has {len(asked):,} characters; at most {longest:,} are read. Shorten it."
        )
    return asked


def _one_line(text: str) -> str:
    """Return a text in one line, without characters that do not print."""
    return squeeze("".join(char for char in text if char.isprintable() or char.isspace()))


def _understood(text: str, standalone: str, parts: tuple[Question, ...], today: date) -> Question:
    intent = read_intent(standalone)
    times = find_moments(standalone, Published(today))
    topic = _without([moment.words for moment in times], standalone)
    return Question(
        text=text,
        standalone=standalone,
        kind=_kind(intent, topic, times),
        today=today,
        intent=intent,
        parts=parts,
        names=_names(standalone, times),
        acronyms=tuple(_ACRONYM.findall(standalone)),
        quotations=tuple(_QUOTED.findall(standalone)),
        terms=terms(standalone),
        subject_terms=frozenset(terms(_CAPITALISED.sub(" ", standalone.partition(" ")[2]))),
        topic=topic,
        years=tuple(map(int, _YEAR.findall(standalone))),
        time_range=named_range(standalone, times, today),
    )


def _kind(intent: Intent, topic: str, times: Sequence[Moment]) -> Kind:
    if intent.news and times and not set(content_words(topic)) - _ANYTHING:
        return Kind.DAY
    if intent.timeline:
        return Kind.TIMELINE
    return Kind.DATELINE if intent.dateline else Kind.FACT


def _names(text: str, times: Sequence[Moment]) -> tuple[str, ...]:
    days = {place for moment in times for place in range(*moment.words)}
    found = [match for match in _NAME.finditer(text) if match.start() not in days]
    return tuple(re.sub(r"[’']s$", "", match[0]) for match in found)


def _without(spans: Sequence[Span], text: str) -> str:
    """Return a text in one line without these spans of it."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return squeeze("".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)))
