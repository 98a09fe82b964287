"""The patterns of time expressions with their resolvers, and the search for them in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from qa_bot.datatypes import Published, Span
from qa_bot.news.times import absolute, relative
from qa_bot.news.times.expression import Expression
from qa_bot.news.times.values import Days, Moment
from qa_bot.text import DAY, DAY_MONTH, FULL, MONTH, MONTH_NAMES, WEEKDAYS, YEAR
from qa_bot.text import UNITS as NUMBER_WORDS

_ON = r"(?:\b(?:on|in|at|by|until|till|since|during|from)\s+)?"
_TO = r"\s*(?:[-–—]|to|through|until)\s*"
_IN_YEAR = rf"(?:,?\s+(?P<year>{YEAR}))?"
_REF = r"(?P<ref>(?:of\s+)?(?:this|last|next)\s+year)"
_DAY_OF_WEEK = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_NAMED = rf"(?:(?:next|this|last)\s+)?(?P<weekday>{'|'.join(WEEKDAYS)})"
_FROM_TO = rf"(?P<one>{DAY})(?:{_TO}|\s+and\s+)(?P<other>{DAY})"
_PARTLY = r"(?:early|late|mid)[\s-]*"
_PREPOSITION = r"\b(?:in|on|by|until|till|since|during|from|of|for|the)\s+"
_LEAD = rf"(?P<lead>{_PREPOSITION}(?:{_PARTLY})?|\b{_PARTLY})"
_STEP = r"(?P<step>\b(?:last|next|this|this past|this coming|past|coming)\s+)"
_WHICH = (
    r"(?P<step>(?:this past|this coming|last|next|this|past|coming|the following|the next|"
    r"the previous)\s+)"
)
_NOT_A_DAY = "".join(
    f"(?<!{word} )" for word in ("black", "good", "bloody", "cyber", "every", "each", "super")
)
_PAPER = r"(?!\s+(?-i:Times|Telegraph|Mirror|Express|Mail|Post|World|School|Group|League)\b)"
_OF_WEEK = r"(?:,?\s+(?P<of>(?:of\s+)?(?:last|this|next)\s+week))?"
_N = rf"(?P<n>\d{{1,3}}|an?|a couple of|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>day|night|week|fortnight|month|year|decade)s?"
_PARTS = "day|night|morning|afternoon|evening|week|month|year"
_STOP = r"(?=\s*(?:[.,;)\n]|$))"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_PART_OF_YEAR = (
    r"(?:(?P<quarter>first|second|third|fourth)\s+quarter|(?P<half>first|second)\s+half)"
)
# "About 2000 people" has no year.
_MANY = (
    "people|men|women|votes|points|jobs|cases|deaths|copies|residents|troops|soldiers|euros|"
    "dollars|homes|metres|km|percent|%"
)
_A_YEAR = rf"(?P<year>{YEAR})(?:[-–/](?P<to>{YEAR}|\d\d\b))?(?![\d,.]\d)(?!\s*(?:{_MANY}))(?!s\b)"
_SINCE = r"(?:\b(?:in|since|by|until|till|during)\s+|\b(?:early|late|mid)-?\s*)+"
_NEXT_TO_A_YEAR = (
    r"(?:\b(?:from|of|between|and|to|through|the|year|before|after|or|for|his|her|their|its)\s+|"
    r"[’']s\s+|\()(?P<w>)"
)
_DAY_WORDS = "|".join(sorted(relative.DAY_WORDS, key=len, reverse=True))
_HOLIDAYS = "|".join(sorted(absolute.HOLIDAYS, key=len, reverse=True)).replace("’", "[’']")

Resolver = Callable[[Expression], Days | None]

# Of the matches at one place the longest counts, then the first in this table. The group "w" marks
# the beginning of the expression if that is not the beginning of the match.
_PATTERNS: tuple[tuple[str, Resolver], ...] = (
    (rf"{_ON}(?:{_NAMED},?\s+(?:the\s+)?)?(?<!\d){FULL}", absolute.resolve_full_date),
    (r"(?<![\d/.-])\d{1,4}/\d{1,2}/\d{2,4}(?![\d/])", absolute.resolve_full_date),
    (
        rf"{_ON}(?<![\d.,])\b{_FROM_TO}\s+(?P<month>{MONTH}){_IN_YEAR}",
        absolute.resolve_days_of_month,
    ),
    (
        rf"\b(?:from|between)\s+(?P<w>)(?P<one>{DAY_MONTH})\s+(?:to|and|until)\s+"
        rf"(?P<other>{DAY_MONTH}){_IN_YEAR}",
        absolute.resolve_date_range,
    ),
    (
        rf"\b(?:from|between|in|during)\s+(?P<w>)(?P<one>{MONTH})\s+(?:to|and|until)\s+"
        rf"(?P<other>{MONTH}){_IN_YEAR}",
        absolute.resolve_month_range,
    ),
    (
        rf"\b(?:from|between|for|in|of|during)\s+(?P<w>)(?P<year>{YEAR})\s+(?:to|and|until)\s+(?P<to>{YEAR})",
        absolute.resolve_year,
    ),
    (rf"{_ON}\b(?P<month>{MONTH})\s+{_FROM_TO}(?!\d){_IN_YEAR}", absolute.resolve_days_of_month),
    (
        rf"{_ON}\b(?:{_NAMED},?\s+(?:the\s+)?)?(?<![\d.,])(?P<day>{DAY_MONTH})(?:,?\s+{_REF})?",
        absolute.resolve_day_and_month,
    ),
    (
        rf"{_LEAD}?\b(?P<month>{MONTH})(?:,?\s+(?:of\s+)?(?P<year>{YEAR})|,?\s+{_REF})",
        absolute.resolve_month_and_year,
    ),
    (rf"{_LEAD}?{_STEP}?\b(?P<month>{MONTH})(?!\.?\s+\d)", absolute.resolve_month),
    (
        rf"\bfrom\s+{_DAY_OF_WEEK}{_TO}(?P<other>{'|'.join(WEEKDAYS)})\b",
        relative.resolve_weekday_range,
    ),
    (rf"\b(?:{'|'.join(WEEKDAYS)}){_TO}(?:{'|'.join(WEEKDAYS)})\b", relative.ignore_opening_hours),
    (
        rf"{_ON}(?:\b(?:late|early)(?:\s+on)?\s+)?{_WHICH}?{_NOT_A_DAY}\b{_DAY_OF_WEEK}\b"
        rf"(?:\s+(?:morning|afternoon|evening|night))?(?P<later>\s+week\b)?{_OF_WEEK}{_PAPER}",
        relative.resolve_weekday,
    ),
    (
        r"(?:\b(?:over|at|during|on)\s+)?\b(?P<step>last|next|this|this coming|coming|the|past)"
        r"\s+weekend\b",
        relative.resolve_weekend,
    ),
    (rf"(?<!Russia )(?<!USA )\b(?P<word>{_DAY_WORDS})\b", relative.resolve_day_word),
    (
        rf"(?<!\d)(?<!\.)\b{_N}[\s-]+{_UNIT}\s+(?P<way>ago|earlier|before{_STOP}|previously|later|"
        r"afterwards|from now)(?!\w| than\b)",
        relative.resolve_distance,
    ),
    (rf"\bin\s+{_N}\s+{_UNIT}(?P<time>[’']?\s+time)?\b(?!\s+of\b)", relative.resolve_time_ahead),
    (
        r"(?:\b(?:earlier|later|late|early|in|at the (?:start|end) of)\s+)?"
        r"\b(?P<step>last|this|next|the coming|the current)\s+"
        r"(?P<unit>week|month|year|decade|century)\b",
        relative.resolve_calendar_unit,
    ),
    (
        r"\bthe\s+(?P<unit>week|month|year)\s+before\s+(?P<twice>last)\b",
        relative.resolve_calendar_unit,
    ),
    (
        r"\bthe (?:start|beginning|end|middle|turn|close) of (?P<step>the) (?P<unit>month|year)\b",
        relative.resolve_calendar_unit,
    ),
    (
        r"(?:\bon\s+)?\b(?P<step>the (?:same|next|following|previous)|that(?: same| very)?)\s+"
        rf"(?P<unit>{_PARTS})\b",
        relative.resolve_adjacent_unit,
    ),
    (
        rf"\bthe\s+(?P<unit>day|night|week|month|year)\s+(?P<side>before|after){_STOP}",
        relative.resolve_adjacent_unit,
    ),
    (
        rf"{_ON}(?:the\s+)?\b{_SEASON}\s+(?:of\s+)?(?P<year>{YEAR})(?:[-–/]\d\d\b)?",
        absolute.resolve_season,
    ),
    (rf"\b(?P<step>last|this|next)\s+{_SEASON}\b", absolute.resolve_season),
    (
        rf"{_ON}(?:the\s+)?\b{_PART_OF_YEAR}\s+of\s+(?:the year|(?P<year>{YEAR}))",
        absolute.resolve_part_of_year,
    ),
    (
        rf"\b(?:in\s+)?the\s+(?P<which>first|last)\s+(?P<n>two|three|four|six|nine)\s+months\s+of\s+"
        rf"(?:the year|(?P<year>{YEAR}))",
        absolute.resolve_some_months,
    ),
    (rf"\bQ(?P<quarter>[1-4])\s+(?P<year>{YEAR})", absolute.resolve_part_of_year),
    (rf"{_SINCE}{_A_YEAR}", absolute.resolve_year),
    (rf"{_NEXT_TO_A_YEAR}{_A_YEAR}", absolute.resolve_year),
    (
        r"(?:\bin\s+)?\bthe\s+(?:early |late |mid-?)?[’']?(?P<decade>(?:1[5-9]|20)?\d0)[’']?s\b",
        absolute.resolve_decade,
    ),
    (rf"{_ON}\b(?P<holiday>{_HOLIDAYS})\b{_IN_YEAR}", absolute.resolve_holiday),
)
# ASCII, because "ı" and "ſ" otherwise match "i" and "s" in the English names of months.
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), resolve) for pattern, resolve in _PATTERNS
)
_ONE_OF = (
    "day night week fortnight month year decade century today tonight tomorrow yesterday morning "
    "afternoon evening quarter spring summer autumn fall winter christmas boxing valentine "
    "halloween"
)
_TRIGGER = re.compile(
    rf"\b(?:{MONTH}|{'|'.join(WEEKDAYS)}|(?:1[5-9]|20)\d\d|\d{{1,4}}[/.]\d|new year|"
    rf"{'|'.join(_ONE_OF.split())}|[’']?\d0[’']?s\b)",
    re.IGNORECASE | re.ASCII,
)
_AROUND_CHARS = 60  # a pattern may extend so far from such a word; chosen by hand
# The words of these are no other expression, even if they have no days.
_TAKE_THEIR_WORDS = (relative.ignore_opening_hours, absolute.resolve_full_date)
_FULL_STOPS = tuple(f"{name}." for name in MONTH_NAMES)  # ends of sentences


@lru_cache(maxsize=512)
def find_moments(text: str, published: Published | None) -> tuple[Moment, ...]:
    """Return the moments of a text in order, without overlaps.

    Args:
        text: of an article or a question.
        published: the date from which to resolve relative expressions, if it is known to the day.

    >>> from datetime import date
    >>> [str(m) for m in find_moments("They met on Wednesday.", Published(date(2021, 6, 17)))]
    ['16 June 2021']
    """
    found: list[Moment] = []
    end = 0  # of the last expression
    for match, resolve in _candidates(text):
        if match.start() < end:
            continue
        days = _days(resolve, Expression(text, match, published, found))
        if days:
            found.append(Moment(_words(match), *days))
        if days or resolve in _TAKE_THEIR_WORDS:
            end = match.end()
    return tuple(found)


def _candidates(text: str) -> list[tuple[re.Match[str], Resolver]]:
    """Return the matches of all patterns by position, length (long first) and rank."""
    matches = [
        (match.start(), -match.end(), rank, match)
        for window in _windows(text)
        for rank, (pattern, _) in enumerate(_RULES)
        for match in pattern.finditer(text, *window)
    ]
    matches.sort(key=lambda candidate: candidate[:3])
    return [(match, _RULES[rank][1]) for _, _, rank, match in matches]


def _days(resolve: Resolver, expression: Expression) -> Days | None:
    """Return the days of an expression; None if the calendar does not have them."""
    try:
        return resolve(expression)
    except (OverflowError, ValueError):
        return None


def _windows(text: str) -> Iterator[Span]:
    """Yield the stretches around trigger words, because the patterns are slow on a whole text."""
    begin = end = 0
    for match in _TRIGGER.finditer(text):
        if match.start() - _AROUND_CHARS > end:
            if end:
                yield Span(begin, end)
            begin = max(0, match.start() - _AROUND_CHARS)
        end = match.end() + _AROUND_CHARS
    if end:
        yield Span(begin, min(end, len(text)))


def _words(match: re.Match[str]) -> Span:
    """Return the span of the expression, without white space or a comma at its end."""
    start = match.start("w") if "w" in match.re.groupindex else match.start()
    end = match.start() + len(match[0].rstrip(" ,\t\n"))
    return Span(start, end - (match[0][: end - match.start()].lower().endswith(_FULL_STOPS)))
