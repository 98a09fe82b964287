"""Read the day of publication that a file states: front matter, JSON, feeds, pages, exports.

The day is as its writer counts it; an epoch is in UTC. A date after today, a placeholder of a
database, and numbers of which nothing tells the day from the month are left open: a wrong date is
worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate

from qa_bot.datatypes import Published
from qa_bot.news import PUBLISHED
from qa_bot.text import MONTH, YEAR, foreign_day, make_day, month_and_day, parse_date

# Digits of the seconds since 1970, from 2001 on, and of their parts.
_EPOCH_DIGITS = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
# What databases and spreadsheets write for no date: the first day that they count from.
_PLACEHOLDERS = frozenset(
    date(*day) for day in ((1, 1, 1), (1899, 12, 30), (1900, 1, 1), (1969, 12, 31), (1970, 1, 1))
)
_BEFORE_CHRIST = re.compile(r"(?<![\d/.-])-0001\b")  # no date, as exports of PHP write it
_LONGEST = 200  # characters
_DEEPEST = 4  # objects and lists around a date
_ASP_NET = re.compile(r"\\?/Date\((\d+)(?:[+-]\d{4})?\)\\?/")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?\d{4}(?:\d\d)?)?")
_POSTED = re.compile(
    rf"\b(?:{PUBLISHED}|created)\b"
    r"\W*(?:(?:on|at|le|el|em|il|am|op)\b\W*)?",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\W*\b(?:(?:last )?(?:updated?|modified|edited|revised|amended|corrected)|mis à jour|"
    r"actuali[sz]ado|atuali[sz]ado|aktualisiert|stand|aggiornato|bijgewerkt|zaktualizowano|uppdaterad)\b.*",
    re.IGNORECASE,
)
# Words and forms of languages that write the day first.
_DAY_FIRST = re.compile(
    r"\b(?:às|à|a las|uhr|ore|publicado|publié|veröffentlicht|em|le|el)\b|\b\d\d?h\d\d\b|"
    r"\d\. \d",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})(\. |[/. -])(\d{1,2})\2(\d{4})(?!\d)")
_MONTH_OF_YEAR = re.compile(
    r"([01]?\d)[/.](\d{4})|(\d{4})-(\d\d)-00\b.*|(\d{4})/([01]?\d)|((?:19|20)\d\d)([01]\d)"
)
_YEAR_ONLY = re.compile(r"(\d{4})-00-00\b.*")
_SHORT_AMERICAN = re.compile(r"(?<![\d/])(\d{1,2})/(1[3-9]|2\d|3[01])/(\d\d)(?![\d/])")
_SHORT_EUROPEAN = re.compile(
    r"(?<![\d/])(1[3-9]|2\d|3[01])/(0?\d|1[0-2])/(3[2-9]|[4-9]\d)(?![\d/])"
)
_SAME = re.compile(r"(?<![\d/])(0?\d|1[0-2])/\1/((?:19|20)\d\d)(?!\d)")
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년.] ?(\d{1,2}) ?[月월.] ?(\d{1,2})(?: ?[日일]|\.|\b)")
_CONSTRUCTED = re.compile(r"[\w.]*\((\d{4}), ?(\d{1,2}), ?(\d{1,2})\b")  # date(2021, 5, 4)
_FIELDS = (
    *("$date", "$numberLong", "date", "raw", "value", "@value", "_seconds", "seconds"),
    *("date-parts", "date-time", "timestamp", "iso"),
)
_HYPHENED = re.compile(r"\b(\d{1,2}|\d{4})-([A-Za-z]{3,9})-(\d{4}|\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d\d)(?![\d.])")
_RANGE = re.compile(
    rf"(?P<month>{MONTH})\s+\d\d?\s*(?:-|–|to)\s*\d\d?,?\s+(?P<year>{YEAR})"
    rf"|\d\d?\s*(?:-|–|to)\s*\d\d?\s+(?P<month2>{MONTH}),?\s+(?P<year2>{YEAR})",
    re.IGNORECASE,
)
_OF_YEAR = rf"(?:Q[1-4]|spring|summer|autumn|fall|winter|{MONTH}\s?[/–-]\s?{MONTH})"
_QUARTER = re.compile(rf"{_OF_YEAR}[ /-]?({YEAR})|({YEAR})[ /-]?{_OF_YEAR}", re.IGNORECASE)
_OVER_YEARS = re.compile(rf"{YEAR}\s*(?:-|–|to)\s*(?:\d\d?\s+)?{MONTH}.*{YEAR}", re.IGNORECASE)


def says_published(text: str) -> bool:
    """Return whether a text says that something was published, posted or created.

    >>> says_published("Posted on 4 May"), says_published("Updated 4 May")
    (True, False)
    """
    return bool(_POSTED.search(text))


def read_stated_date(value: object, today: date | None = None) -> Published | None:
    """Return the date in a field of a file, or None if it states none that can be read.

    Args:
        value: a text, a number, a date, or ``{"$date": …}`` as MongoDB exports it.
        today: the last possible day (default: the current day).

    >>> [str(read_stated_date(v)) for v in (1614765600, "Q1 2021", "3 mars 2021", "3.3.21")]
    ['2021-03-03', '2021', '2021-03-03', '2021-03-03']
    """
    if isinstance(value, Published):
        return value
    value = _unwrapped(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, date):  # a datetime is one, too
        found = parse_date(value)
    else:
        text = str(value)[:_LONGEST]
        found = None if _BEFORE_CHRIST.search(text) else _epoch(value) or _read(text)
    if found is None or found.first in _PLACEHOLDERS:
        return None
    # It may be tomorrow already where the writer is.
    latest = today or date.today() + timedelta(days=1)
    return found if found.first <= latest else None


def _unwrapped(value: object) -> object:
    """Return the value in an object or list in which databases export a date."""
    for _ in range(_DEEPEST):
        if isinstance(value, Mapping) and {"year", "month", "day"} <= value.keys():
            value = [value[name] for name in ("year", "month", "day")]
        elif isinstance(value, Mapping):
            value = next((value[name] for name in _FIELDS if name in value), None)
        elif isinstance(value, list | tuple):
            if not all(isinstance(part, int) for part in value):
                value = value[0]
            else:
                return "-".join(f"{part:02d}" for part in value[:3])
        else:
            return value
    return None


def _epoch(value: object) -> Published | None:
    """Return the day of seconds, or parts of seconds, since 1970; None for other numbers."""
    text = str(value).strip()
    whole = _ASP_NET.sub(r"\1", text).partition(".")[0]
    parts = _EPOCH_DIGITS.get(len(whole)) if whole.isdecimal() else None
    if not parts:
        return None
    return Published(datetime.fromtimestamp(int(whole) / parts, UTC).date())


def _read(text: str) -> Published | None:
    text = " ".join(text.split())
    posted = _POSTED.search(text)
    if posted and posted.end() < len(text):
        text = text[posted.start() :]
    text = _UPDATED.sub("", text)  # a change alone is no publication
    if compact := _COMPACT.fullmatch(text.rstrip("Z")):
        return _published(make_day(*map(int, compact.groups())))
    if period := _period(text):
        return period
    if _OVER_YEARS.search(text):
        return None
    if day := _day_first(text) or _in_numbers(text):
        return Published(day)
    text = _POSTED.sub("", _HYPHENED.sub(r"\1 \2 \3", text))
    day = _named_last_year(text) or _rfc(text)
    return _published(day) or parse_date(text) or _published(foreign_day(text))


def _published(day: date | None) -> Published | None:
    return Published(day) if day else None


def _period(text: str) -> Published | None:
    """Return the month of a range of days or of two numbers, or the year of a quarter."""
    if year := _QUARTER.fullmatch(text) or _YEAR_ONLY.fullmatch(text):
        first = make_day(int(next(filter(None, year.groups()))), 1, 1)
        return Published(first, "year") if first else None
    if days := _RANGE.fullmatch(text):
        month, _ = month_and_day(days["month"] or days["month2"])
        return Published(date(int(days["year"] or days["year2"]), month, 1), "month")
    if match := _MONTH_OF_YEAR.fullmatch(text):
        one, other = (int(part) for part in match.groups() if part)
        first = make_day(max(one, other), min(one, other), 1)
        return Published(first, "month") if first else None
    return None


def _in_numbers(text: str) -> date | None:
    """Return the day of forms in numbers whose signs tell their order."""
    for pattern in (_EAST_ASIAN, _CONSTRUCTED):
        if match := pattern.search(text):
            return make_day(*map(int, match.groups()))
    if match := _DOTTED.search(text):
        day, month, year = map(int, match.groups())
        return make_day(_century(year), month, day)
    if match := _SHORT_AMERICAN.search(text):
        month, day, year = map(int, match.groups())
        return make_day(_century(year), month, day)
    if match := _SHORT_EUROPEAN.search(text):
        day, month, year = map(int, match.groups())
        return make_day(_century(year), month, day)
    if match := _SAME.search(text):
        return make_day(int(match[2]), int(match[1]), int(match[1]))
    return None


def _century(year: int) -> int:
    """Return the year of two digits, at most one after this year."""
    return 2000 + year if 2000 + year <= date.today().year + 1 else 1900 + year


def _day_first(text: str) -> date | None:
    """Return the day of "04/05/2021 às 17h12": the language tells that the day stands first."""
    match = _NUMBERS.search(text)
    if match is None or not _DAY_FIRST.search(text):
        return None
    return make_day(int(match[4]), int(match[3]), int(match[1]))


def _named_last_year(text: str) -> date | None:
    """Return the day of "2021 Mar 03"."""
    match = re.fullmatch(rf"({YEAR}) ({MONTH}) (\d\d?)", text, re.IGNORECASE)
    return make_day(int(match[1]), month_and_day(match[2])[0], int(match[3])) if match else None


def _rfc(text: str) -> date | None:
    """Return the day of RFC 822 and of C's asctime, with a month's name."""
    parts = parsedate(text) if re.search(MONTH, text, re.IGNORECASE) else None
    return make_day(*parts[:3]) if parts else None
