"""Months, weekdays, and the forms in which dates are read and written."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from qa_bot.datatypes import Published

Precision = Literal["day", "week", "month", "year"]

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_ABBREVIATIONS = {"sept": 9} | {name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)}
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)} | _ABBREVIATIONS
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CALENDAR_NAMES = frozenset({*MONTH_NAMES, *WEEKDAYS})
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
DAY = r"[0-3]?\d(?:st|nd|rd|th)?\b"
YEAR = r"(?:19|20)\d\d\b"
DAY_MONTH = rf"(?:{DAY}\s+(?:of\s+)?{MONTH}|{MONTH}\s+{DAY})"
FULL = (
    r"(?<![\d-])(?:(?:19|20)\d\d-[01]\d-[0-3]\d(?=\D|$)|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d\b|"
    rf"{DAY_MONTH},?\s+{YEAR})"
)
_FULL_DATE = re.compile(FULL, re.IGNORECASE | re.MULTILINE)
# "3 mars 2021", "2. Oktober 2022", "3 de marzo de 2021": a word for the month, and four digits.
FOREIGN_DAY = re.compile(
    r"(?<!\d)\d{1,2}(?:\.|er|º|°)?(?: de)? [^\W\d_]{3,}\.?(?: de)? (?:19|20)\d\d\b|"
    r"(?:19|20)\d\d\. [^\W\d_]{3,} \d{1,2}\b"
)
_MONTH_OR_YEAR = re.compile(
    rf"(?P<name>{MONTH}),?\s+(?P<year>{YEAR})|(?P<year2>{YEAR})(?:-(?P<month>\d\d))?",
    re.IGNORECASE | re.MULTILINE,
)
_PLAUSIBLE_YEARS = range(1600, 2200)


def parse_date(value: object) -> Published | None:
    """Return the date in a metadata field (front matter, JSON, feed), or None.

    A name or a number over 12 distinguishes the day from the month: "03/04/2021" is no date.

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
    """Return the day of "2021/6/16", "16/06/2021" or "6/16/2021" at the start of a text."""
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
    """Return (month, day) of "June 16th" or "16 June"; 0 for a part that is missing."""
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


def foreign_day(text: str) -> date | None:
    """Return the day with the name of a month in another language; dateparser knows 200 of them.

    >>> foreign_day("10 de diciembre de 2019"), foreign_day("24. Juni 2016")
    (datetime.date(2019, 12, 10), datetime.date(2016, 6, 24))
    """
    match = FOREIGN_DAY.search(text)
    if match is None or full_date(match[0]):
        return None
    import dateparser

    found = dateparser.parse(
        match[0], settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    )
    return found.date() if found else None


def make_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None if the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_day(day: date) -> str:
    """Return a day with its weekday.

    >>> written_day(date(2021, 6, 16))
    'Wednesday, 16 June 2021'
    """
    return f"{day:%A}, {short_day(day)}"


def short_day(day: date) -> str:
    """Return a day without its weekday.

    >>> short_day(date(2021, 6, 6))
    '6 June 2021'
    """
    return f"{day.day} {day:%B %Y}"


def written_date(published: str | None) -> str:
    """Return a date from its ISO form, as precise as that is; ``undated`` for None.

    >>> [written_date(iso) for iso in ("2021-06-16", "2021-06", "2021", None)]
    ['16 June 2021', 'June 2021', '2021', 'undated']
    """
    if not published:
        return "undated"
    year, *rest = published.split("-")
    day = date(int(year), *(int(part) for part in [*rest, "1", "1"][:2]))
    return short_day(day) if len(rest) == 2 else f"{day:%B %Y}" if rest else f"{day:%Y}"


def written_period(first: date, last: date, precision: Precision) -> str:
    """Return the time from one day to another, as precise as it is known.

    >>> written_period(date(2021, 6, 16), date(2021, 6, 18), "day")
    '16–18 June 2021'
    """
    if precision == "week":
        return f"the week of {short_day(first)}"
    if precision == "year":
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    if precision == "month":
        return _written_months(first, last)
    if (first.month, first.year) == (last.month, last.year):
        days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
        return f"{days} {first:%B %Y}"
    return f"{short_day(first)} – {short_day(last)}"


def _written_months(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first:%B %Y} – {last:%B %Y}"
    return f"{first:%B %Y}" if first.month == last.month else f"{first:%B}–{last:%B %Y}"
