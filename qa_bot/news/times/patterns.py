"""The patterns of words that tell a time, each with what it means; and the search for them."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Iterator
from functools import lru_cache

from qa_bot.datatypes import Published, Span
from qa_bot.news.times import absolute, relative
from qa_bot.news.times.tense import Seen
from qa_bot.news.times.values import Days, Moment
from qa_bot.text import DAY, DAY_MONTH, FULL, MONTH, WEEKDAYS, YEAR
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
# "About 2000 people" tells no year.
_MANY = (
    "people|men|women|votes|points|jobs|cases|deaths|copies|residents|troops|soldiers|euros|"
    "dollars|homes|metres|km|percent|%"
)
_A_YEAR = rf"(?P<year>{YEAR})(?:[-–/](?P<to>{YEAR}|\d\d\b))?(?![\d,.]\d)(?!\s*(?:{_MANY}))(?!s\b)"
_SINCE = r"(?:\b(?:in|since|by|until|till|during)\s+|\b(?:early|late|mid)-?\s*)+"
_BESIDE = (
    r"(?:\b(?:from|of|between|and|to|through|the|year|before|after|or|for|his|her|their|its)\s+|"
    r"[’']s\s+|\()(?P<w>)"
)
_DAY_WORDS = "|".join(sorted(relative.DAY_WORDS, key=len, reverse=True))
_FEASTS = "|".join(sorted(absolute.FEASTS, key=len, reverse=True)).replace("’", "[’']")

Resolver = Callable[[Seen], Days | None]

# Of what begins at the same place the longest counts, then the first of these; group "w" begins
# the words where they do not begin with the match.
_PATTERNS: tuple[tuple[str, Resolver], ...] = (
    (rf"{_ON}(?:{_NAMED},?\s+(?:the\s+)?)?(?<!\d){FULL}", absolute.stated),
    (r"(?<![\d/.-])\d{1,4}/\d{1,2}/\d{2,4}(?![\d/])", absolute.stated),
    (rf"{_ON}(?<![\d.,])\b{_FROM_TO}\s+(?P<month>{MONTH}){_IN_YEAR}", absolute.days_of_month),
    (
        rf"\b(?:from|between)\s+(?P<w>)(?P<one>{DAY_MONTH})\s+(?:to|and|until)\s+"
        rf"(?P<other>{DAY_MONTH}){_IN_YEAR}",
        absolute.day_to_day,
    ),
    (
        rf"\b(?:from|between|in|during)\s+(?P<w>)(?P<one>{MONTH})\s+(?:to|and|until)\s+"
        rf"(?P<other>{MONTH}){_IN_YEAR}",
        absolute.month_to_month,
    ),
    (
        rf"\b(?:from|between|for|in|of|during)\s+(?P<w>)(?P<year>{YEAR})\s+(?:to|and|until)\s+(?P<to>{YEAR})",
        absolute.bare_year,
    ),
    (rf"{_ON}\b(?P<month>{MONTH})\s+{_FROM_TO}(?!\d){_IN_YEAR}", absolute.days_of_month),
    (
        rf"{_ON}\b(?:{_NAMED},?\s+(?:the\s+)?)?(?<![\d.,])(?P<day>{DAY_MONTH})(?:,?\s+{_REF})?",
        absolute.day_of_month,
    ),
    (
        rf"{_LEAD}?\b(?P<month>{MONTH})(?:,?\s+(?:of\s+)?(?P<year>{YEAR})|,?\s+{_REF})",
        absolute.month_and_year,
    ),
    (rf"{_LEAD}?{_STEP}?\b(?P<month>{MONTH})(?!\.?\s+\d)", absolute.month_alone),
    (
        rf"\bfrom\s+{_DAY_OF_WEEK}{_TO}(?P<other>{'|'.join(WEEKDAYS)})\b",
        relative.weekday_to_weekday,
    ),
    (rf"\b(?:{'|'.join(WEEKDAYS)}){_TO}(?:{'|'.join(WEEKDAYS)})\b", relative.opening_hours),
    (
        rf"{_ON}(?:\b(?:late|early)(?:\s+on)?\s+)?{_WHICH}?{_NOT_A_DAY}\b{_DAY_OF_WEEK}\b"
        rf"(?:\s+(?:morning|afternoon|evening|night))?(?P<later>\s+week\b)?{_OF_WEEK}{_PAPER}",
        relative.weekday,
    ),
    (
        r"(?:\b(?:over|at|during|on)\s+)?\b(?P<step>last|next|this|this coming|coming|the|past)"
        r"\s+weekend\b",
        relative.weekend,
    ),
    (rf"(?<!Russia )(?<!USA )\b(?P<word>{_DAY_WORDS})\b", relative.day_word),
    (
        rf"(?<!\d)(?<!\.)\b{_N}[\s-]+{_UNIT}\s+(?P<way>ago|earlier|before{_STOP}|previously|later|"
        r"afterwards|from now)(?!\w| than\b)",
        relative.so_many,
    ),
    (rf"\bin\s+{_N}\s+{_UNIT}(?P<time>[’']?\s+time)?\b(?!\s+of\b)", relative.coming),
    (
        r"(?:\b(?:earlier|later|late|early|in|at the (?:start|end) of)\s+)?"
        r"\b(?P<step>last|this|next|the coming|the current)\s+"
        r"(?P<unit>week|month|year|decade|century)\b",
        relative.whole_unit,
    ),
    (r"\bthe\s+(?P<unit>week|month|year)\s+before\s+(?P<twice>last)\b", relative.whole_unit),
    (
        r"\bthe (?:start|beginning|end|middle|turn|close) of (?P<step>the) (?P<unit>month|year)\b",
        relative.whole_unit,
    ),
    (
        r"(?:\bon\s+)?\b(?P<step>the (?:same|next|following|previous)|that(?: same| very)?)\s+"
        rf"(?P<unit>{_PARTS})\b",
        relative.beside,
    ),
    (
        rf"\bthe\s+(?P<unit>day|night|week|month|year)\s+(?P<side>before|after){_STOP}",
        relative.beside,
    ),
    (rf"{_ON}(?:the\s+)?\b{_SEASON}\s+(?:of\s+)?(?P<year>{YEAR})(?:[-–/]\d\d\b)?", absolute.season),
    (rf"\b(?P<step>last|this|next)\s+{_SEASON}\b", absolute.season),
    (
        rf"{_ON}(?:the\s+)?\b{_PART_OF_YEAR}\s+of\s+(?:the year|(?P<year>{YEAR}))",
        absolute.part_of_year,
    ),
    (
        rf"\b(?:in\s+)?the\s+(?P<which>first|last)\s+(?P<n>two|three|four|six|nine)\s+months\s+of\s+"
        rf"(?:the year|(?P<year>{YEAR}))",
        absolute.some_months,
    ),
    (rf"\bQ(?P<quarter>[1-4])\s+(?P<year>{YEAR})", absolute.part_of_year),
    (rf"{_SINCE}{_A_YEAR}", absolute.bare_year),
    (rf"{_BESIDE}{_A_YEAR}", absolute.bare_year),
    (
        r"(?:\bin\s+)?\bthe\s+(?:early |late |mid-?)?[’']?(?P<decade>(?:1[5-9]|20)?\d0)[’']?s\b",
        absolute.decade,
    ),
    (rf"{_ON}\b(?P<feast>{_FEASTS})\b{_IN_YEAR}", absolute.feast),
)
# ASCII: "ı" and "ſ" are no letters of an English month, though they match "i" and "s" otherwise.
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), resolve) for pattern, resolve in _PATTERNS
)
_ONE_OF = (
    "day night week fortnight month year decade century today tonight tomorrow yesterday morning "
    "afternoon evening quarter spring summer autumn fall winter christmas boxing valentine "
    "halloween"
)
_NEEDED = re.compile(
    rf"\b(?:{MONTH}|{'|'.join(WEEKDAYS)}|(?:1[5-9]|20)\d\d|\d{{1,4}}[/.]\d|new year|"
    rf"{'|'.join(_ONE_OF.split())}|[’']?\d0[’']?s\b)",
    re.IGNORECASE | re.ASCII,
)
_AROUND = 60  # characters beside such a word that a rule may need
_FULL_STOPS = tuple(f"{name.lower()}." for name in month_name[1:])  # ends of sentences


@lru_cache(maxsize=512)
def find_moments(text: str, published: Published | None) -> tuple[Moment, ...]:
    """Return the times that a text tells, in order, none overlapping another.

    Args:
        text: of the article, or of a question.
        published: the day it is seen from; of less than day precision, only what can be told.

    >>> from datetime import date
    >>> [str(m) for m in find_moments("They met on Wednesday.", Published(date(2021, 6, 17)))]
    ['16 June 2021']
    """
    candidates = sorted(
        (
            (match.start(), -match.end(), number, match)
            for window in _windows(text)
            for number, (pattern, _) in enumerate(_RULES)
            for match in pattern.finditer(text, *window)
        ),
        key=lambda candidate: candidate[:3],
    )
    found: list[Moment] = []
    taken = 0
    for start, _, number, match in candidates:
        if start < taken:
            continue
        resolve = _RULES[number][1]
        days = _days(resolve, Seen(text, match, published, found))
        if days:
            found.append(Moment(_words(match), *days))
        if days or resolve in (relative.opening_hours, absolute.stated):
            taken = match.end()
    return tuple(found)


def _days(resolve: Resolver, seen: Seen) -> Days | None:
    """Return what the words stand for; nothing where that lies outside the calendar."""
    try:
        return resolve(seen)
    except (OverflowError, ValueError):
        return None


def _windows(text: str) -> Iterator[Span]:
    """Yield the stretches around the words that every rule needs one of: rules cost more."""
    begin = end = 0
    for match in _NEEDED.finditer(text):
        if match.start() - _AROUND > end:
            if end:
                yield Span(begin, end)
            begin = max(0, match.start() - _AROUND)
        end = match.end() + _AROUND
    if end:
        yield Span(begin, min(end, len(text)))


def _words(match: re.Match[str]) -> Span:
    """Return the place of the words, without white space or a comma at the end."""
    start = match.start("w") if "w" in match.re.groupindex else match.start()
    end = match.start() + len(match[0].rstrip(" ,\t\n"))
    return Span(start, end - (match[0][: end - match.start()].lower().endswith(_FULL_STOPS)))
