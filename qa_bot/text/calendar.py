"""Months, weekdays and every written form of a date."""

from __future__ import annotations

import re
from datetime import date, datetime

from qa_bot.datatypes import Published

_MONTH_NAMES = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
DAY = r"[0-3]?\d(?:st|nd|rd|th)?\b"
YEAR = r"(?:19|20)\d\d\b"
DAY_MONTH = rf"(?:{DAY}\s+(?:of\s+)?{MONTH}|{MONTH}\s+{DAY})"
FULL = (
    r"(?<![\d-])(?:(?:19|20)\d\d-[01]\d-[0-3]\d(?=\D|$)|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d\b|"
    rf"{DAY_MONTH},?\s+{YEAR})"
)
_FULL_DATE = re.compile(FULL, re.IGNORECASE | re.MULTILINE)
_MONTH_OR_YEAR = re.compile(
    rf"(?P<name>{MONTH}),?\s+(?P<year>{YEAR})|(?P<year2>{YEAR})(?:-(?P<month>\d\d))?",
    re.IGNORECASE | re.MULTILINE,
)
_PLAUSIBLE_YEARS = range(1600, 2200)


def parse_date(value: object) -> Published | None:
    """Return a date stated by a file's own metadata (front matter, JSON, feed), or None.

    Day and month are told apart by a name or a number over 12: "03/04/2021" is no date.

    >>> [str(parse_date(v)) for v in ("2021-06", "16 June 2021", "June 2021", "16/6/2021")]
    ['2021-06', '2021-06-16', '2021-06', '2021-06-16']
    """
    if isinstance(value, datetime):
        return Published(value.date())
    if isinstance(value, date):
        return Published(value)
    text = str(value).strip()
    if match := _MONTH_OR_YEAR.fullmatch(text):
        name = match["name"]
        month = month_and_day(name)[0] if name else int(match["month"] or 1)
        first = make_day(int(match["year"] or match["year2"]), month, 1)
        return Published(first, "month" if name or match["month"] else "year") if first else None
    day = _iso_day(text) or _numbers(text) or full_date(text)
    return Published(day) if day and day.year in _PLAUSIBLE_YEARS else None


def _iso_day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text[:4].isdecimal() else None
    except ValueError:
        return None


def _numbers(text: str) -> date | None:
    """Return the day of "2021/6/16", "16/06/2021" or "6/16/2021"; more may follow, but digits."""
    match = re.match(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?!\d)", text)
    if match is None:
        return None
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return make_day(first, second, third)
    if match[2] == "." or first > 12:
        return make_day(third, second, first)
    return make_day(third, first, second) if second > 12 else None


def month_and_day(text: str) -> tuple[int, int]:
    """Return (month, day) of "June 16th" or "16 June"; no month or day counts as 0."""
    words = re.findall(r"[^\W\d_]+|[0-9]+", text.lower())
    month = next((MONTHS[word] for word in words if word in MONTHS), 0)
    return month, next((int(word) for word in words if word.isdecimal()), 0)


def full_date(text: str) -> date | None:
    """Return the day of "2021-06-16", "16.06.2021" or "16 June 2021"; None without a year."""
    match = _FULL_DATE.search(text)
    if match is None:
        return None
    if numbers := re.fullmatch(r"(\d+)[-.](\d+)[-.](\d+)", match[0]):
        first, month, last = map(int, numbers.groups())
        return make_day(first, month, last) if first > 31 else make_day(last, month, first)
    return make_day(int(match[0][-4:]), *month_and_day(match[0][:-4]))


def make_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_day(day: date) -> str:
    """Return a day as headers write it.

    >>> written_day(date(2021, 6, 16))
    'Wednesday, 16 June 2021'
    """
    return f"{day:%A}, {day.day} {day:%B %Y}"


def written_date(published: str | None) -> str:
    """Return a date as people write it: ``16 June 2021``, ``June 2021``, or ``undated``.

    >>> written_date("2021-06")
    'June 2021'
    """
    if not published:
        return "undated"
    year, *rest = published.split("-")
    day = date(int(year), *(int(part) for part in [*rest, "1", "1"][:2]))
    return day.strftime({0: "%Y", 1: "%B %Y", 2: "%-d %B %Y"}[len(rest)])
