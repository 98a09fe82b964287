"""The line over an article that names its outlet and its day: "Pellworth Gazette, 18 June 2026".

A name and a day can also be those of an event ("Corn Exchange, 18 June 2026") or of a place. So the
name must have a word of newspapers, agencies or broadcasters in it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from qa_bot.datatypes import Published
from qa_bot.news.boilerplate import front_matter
from qa_bot.text import FULL, NAME, NAME_WORD, WEEKDAYS, full_date, squeeze

SHORT_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)}|(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?),?\s*"
_NOUNS = (
    *("Advertiser", "Argus", "Broadcasting", "Bulletin", "Chronicle", "Courier", "Dispatch"),
    *("Examiner", "Express", "Gazette", "Guardian", "Herald", "Independent", "Inquirer", "Journal"),
    *("Magazine", "Mail", "Messenger", "Mirror", "News", "Newspaper", "Newswire", "Observer"),
    *("Post", "Press", "Reporter", "Sentinel", "Standard", "Telegraph", "Times", "Tribune", "Wire"),
    *("News Agency", "Press Agency", "News Service", "News Network"),
)
_NAMES = "|".join((*_NOUNS, *map(str.upper, _NOUNS)))
_OUTLET = (
    rf"(?:(?:{NAME_WORD}\s+(?:(?:of|the|and|&)\s+){{0,2}}){{0,5}}(?:{_NAMES})"
    rf"(?:\s+of\s+(?:the\s+)?{NAME})?|The\s+Daily\s+{NAME})"
)
_HEAD_LINE = re.compile(
    rf"[\W_]*(?P<outlet>{_OUTLET})[*_]*(?:,|\s*[|·•/]|\s+[-–—])\s*"
    rf"(?i:(?:{SHORT_WEEKDAY})?{FULL})[\W_]*"
)
_LINE = re.compile(r"\S[^\n]*")
_LINES = 3  # title, author, and this line; chosen by hand
_LONGEST_CHARS = 120  # chosen by hand


class HeadLine(NamedTuple):
    """A line over an article, and the outlet that it names."""

    text: str
    outlet: str


def find_head_line(text: str) -> HeadLine | None:
    r"""Return the line with outlet and day among the first three lines of a text, or None.

    >>> find_head_line("Ferry is back\nPellworth Gazette, 18 June 2026\n\nThe ferry ran.")
    HeadLine(text='Pellworth Gazette, 18 June 2026', outlet='Pellworth Gazette')
    >>> find_head_line("Fair\nThe council met on Tuesday, 18 June 2026")
    """
    front = front_matter(text)
    lines = _LINE.finditer(text, front.end if front else 0)
    for line, _ in zip(lines, range(_LINES), strict=False):
        found = _HEAD_LINE.fullmatch(line[0]) if len(line[0]) <= _LONGEST_CHARS else None
        if found:
            return HeadLine(squeeze(line[0]), squeeze(found["outlet"]))
    return None


def head_line_day(text: str, today: date) -> Published | None:
    """Return the day in the head line of a text, or None if it has none up to today."""
    line = find_head_line(text)
    day = full_date(line.text) if line else None
    return (
        Published(day, "day", f"head line: “{line.text}”")
        if line and day and day <= today
        else None
    )
