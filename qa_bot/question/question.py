"""Analyse a question once; every later stage uses this value and does not parse the text again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from qa_bot.datatypes import Published, Span, Turn
from qa_bot.filters import Filters
from qa_bot.news.times import Moment, find_moments
from qa_bot.question.comparison import Comparison, read_comparison
from qa_bot.question.followup import complete
from qa_bot.question.intent import Expects, Intent, read_intent, write_out
from qa_bot.question.parts import complete_part, question_parts
from qa_bot.question.small_talk import is_chat_program_prompt
from qa_bot.question.time_range import TimeRange, named_range
from qa_bot.text import LOWER, UPPER, content_words, squeeze, terms

_CAPITAL = rf"{UPPER}{LOWER}[\w’'-]+"  # not "EU": articles may write it out
_NAME = re.compile(rf"(?<=[\w,;] )\b{_CAPITAL}(?:\s+{_CAPITAL})*")
_ACRONYM = re.compile(rf"\b{UPPER}{{4,}}\b")
_CAPITALISED = re.compile(rf"\b{UPPER}[\w’'-]*")
_QUOTED = re.compile(
    r"[“\"«„](?P<double>[^“”\"«»„]{2,})[”\"»]"
    r"|(?<!\w)[‘'](?P<single>(?:[^‘’']|(?<=\w)[’'](?=\w)){2,})[’'](?!\w)"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Words that name no subject in a question for any event.
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
    """The form of the answer: evidence, a dateline, or a list of dated events."""

    FACT = "fact"
    DATELINE = "dateline"
    TIMELINE = "timeline"
    DAY = "day"
    """A timeline of all events of a time: the question names no subject."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with everything that its words say, on the day of asking.

    Attributes:
        text: the question as the user typed it.
        standalone: the question in one line, complete without the conversation.
        kind: the form of the answer.
        today: the day of asking.
        intent: the request, for example the kind of answer.
        parts: its parts as complete questions; () if it has one part.
        comparison: the two things that it compares, if it does.
        sides: the questions for the figure of each of the two; () if it compares nothing.
        names: proper names of at least three letters, except times and the first word.
        acronyms: words of at least four capitals.
        quotations: the words in quotation marks.
        terms: the stems of its content words, each once.
        subject_terms: the terms without names and first word.
        topic: the question without its times.
        years: the years in digits.
        time_range: the first and last day that it asks about, None if it mentions no time.
    """

    text: str
    standalone: str
    kind: Kind
    today: date
    intent: Intent = field(repr=False)
    parts: tuple[Question, ...] = field(repr=False)
    comparison: Comparison | None = field(repr=False)
    sides: tuple[Question, ...] = field(repr=False)
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
        """Return the expected kind of answer."""
        return self.intent.expects

    @property
    def asks_events(self) -> bool:
        """Return whether a timeline answers it."""
        return self.kind in (Kind.TIMELINE, Kind.DAY)

    @property
    def each(self) -> tuple[Question, ...]:
        """Return its parts, or itself if it has one part."""
        return self.parts or (self,)

    def narrow(self, filters: Filters) -> Filters:
        """Narrow filters to the days that it asks about; never widen them.

        A question for events narrows them to any days, another question only to recent days.
        """
        days = self.time_range
        if days is None or days[0] > self.today or days[0] == date.min:
            return filters
        if not (self.asks_events or self.intent.recent):
            return filters
        # Articles report an event on its day or later.
        return replace(filters, since=max(filter(None, (filters.since, days[0]))))


def understand(
    text: str, turns: Sequence[Turn] = (), today: date | None = None, standalone: str | None = None
) -> Question:
    """Analyse a question.

    Args:
        text: the question as the user typed it.
        turns: the conversation before it.
        today: the day of asking, which resolves "last week" (default: the current day).
        standalone: the question if it is complete already, by a language model or ``complete``.

    >>> understand("When and where did the leaders meet?").each[1].standalone
    'Where did the leaders meet?'
    """
    today = today or date.today()
    standalone = standalone or complete(_one_line(text), turns)
    first, *others = question_parts(standalone)
    parts = [(first, first), *((part, complete_part(part, first)) for part in others)]
    each = tuple(_analyse(part, whole, today) for part, whole in parts) if others else ()
    comparison = None if others else read_comparison(standalone)
    sides = tuple(_analyse(one, one, today) for one in comparison.asked) if comparison else ()
    whole = _analyse(text, standalone, today)
    return replace(whole, parts=each, comparison=comparison, sides=sides)


def clean_question(text: str, longest: int) -> str:
    """Return the typed text in one line.

    Raises:
        ValueError: the text is empty, or longer than ``longest`` characters and no prompt by which
            a chat program has a conversation named.
    """
    asked = _one_line(text)
    if not asked:
        raise ValueError("The question is empty. Ask something about the articles.")
    if len(asked) > longest and not is_chat_program_prompt(asked):
        raise ValueError(
            f"The question has {len(asked):,} characters; at most {longest:,} are read. Shorten it."
        )
    return asked


def _one_line(text: str) -> str:
    """Return a text in one line, without control characters."""
    return squeeze("".join(char for char in text if char.isprintable() or char.isspace()))


def _analyse(text: str, standalone: str, today: date) -> Question:
    """Return a question of one part that is read as comparing nothing."""
    written_out = write_out(standalone)
    intent = read_intent(written_out)
    times = find_moments(standalone, Published(today))
    topic = _without([moment.words for moment in times], standalone)
    return Question(
        text=text,
        standalone=standalone,
        kind=_kind(intent, topic, times),
        today=today,
        intent=intent,
        parts=(),
        comparison=None,
        sides=(),
        names=_names(standalone, times),
        acronyms=tuple(_ACRONYM.findall(standalone)),
        quotations=tuple(m["double"] or m["single"] for m in _QUOTED.finditer(standalone)),
        terms=terms(written_out),
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
    """Return a text in one line, with these spans removed."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return squeeze("".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)))
