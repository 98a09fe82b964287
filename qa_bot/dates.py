"""The text of an article → the date it was published, its precision, and how it was found.

It knows nothing of files. A date that is not in the text is never made up: an article without one
has none. A dateline without a year ("GENEVA, June 16.") takes the year in which that day falls on
the weekday that the article names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

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
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
DAY_MONTH = rf"(?:{DAY}\s+(?:of\s+)?{MONTH}|{MONTH}\s+{DAY})"
FULL = (
    r"(?<![\d-])(?:(?:19|20)\d\d-[01]\d-[0-3]\d(?=\D|$)|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d\b|"
    rf"{DAY_MONTH},?\s+{YEAR})"
)
_ZONE = r"(?:\s*(?:GMT|UTC|CET|CEST|EST|EDT|BST|MSK|[+-]\d\d:?\d\d))?"
_TIME = rf"\d\d?[:.]\d\d(?:\s*[ap]\.?m\.?)?{_ZONE}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)  # matches "Aprıl" and "Auguſt" as well


_PLACE = r"^[^\S\n]*(?P<place>[A-ZÀ-Ý][\w.'’/ -]*(?:,\s[A-ZÀ-Ý][\w.'’ -]*)?)"
_AGENCY = r"(?P<agency>/[^/\n]{2,40}/|\([^()\n]{2,40}\))"
_DASH = r"\s*(?P<dash>[.–—:-]*)"
_DATELINES = (
    re.compile(
        rf"{_PLACE},\s+(?P<day>(?i:{DAY_MONTH}(?:,?\s+{YEAR})?))[.,:]?\s*{_AGENCY}?{_DASH}",
        re.MULTILINE,
    ),
    re.compile(rf"{_PLACE}(?P<day>)\s+{_AGENCY}{_DASH}", re.MULTILINE),
)
_FULL_DATE = _pattern(FULL)
_MONTH_OR_YEAR = _pattern(
    rf"(?P<name>{MONTH}),?\s+(?P<year>{YEAR})|(?P<year2>{YEAR})(?:-(?P<month>\d\d))?"
)
_LABELLED = _pattern(
    r"^[^\w\n]*(?:date|published|posted|publication date|issued|first published)"
    rf"(?:\s+(?:on|at))?\s*:?\s+(?:(?:{'|'.join(WEEKDAYS)}),?\s*)?(?P<day>{FULL})"
)
_STAMPS = (
    _pattern(rf"\b{_TIME},?\s+(?P<day>{FULL})"),
    _pattern(rf"(?P<day>{FULL}),?\s+(?:at\s+)?{_TIME}"),
)
_OWN_LINE = _pattern(rf"^[^\w\n]*(?:(?:{'|'.join(WEEKDAYS)}),?\s*)?(?P<day>{FULL})[^\w\n]*$")
_NAMED_DAY = _pattern(rf"\b{_WEEKDAY},?\s+(?:the\s+)?(?P<day>{DAY_MONTH}(?:,?\s+{YEAR})?)")
_ON_WEEKDAY = _pattern(rf"\b(?:(?P<verb>[a-z]+)\s+)?\b(?:on|late|early|this)\s+{_WEEKDAY}\b")

# What was put out "on Tuesday" appeared before the report about it; what was said "on Tuesday"
# was said, as a rule, on the report's own day.
_EARLIER_VERBS = frozenset({"published", "released", "aired", "broadcast", "posted", "printed"})
_LEAD_CHARS = 600
_PLAUSIBLE_YEARS = range(1600, 2200)
_HEAD_CHARS = 6_000


class Dateline(NamedTuple):
    """A dateline: the place, the agency in slashes or brackets, and where it stands."""

    place: str
    agency: str | None
    start: int
    end: int


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline within the first 6,000 characters, if there is one.

    >>> find_dateline("GENEVA, June 16. /TASS/. A prospect has appeared")
    Dateline(place='GENEVA', agency='TASS', start=0, end=24)
    """
    match = _match_dateline(text)
    if match is None:
        return None
    agency = match["agency"]
    name = agency[1:-1].strip() if agency else None
    return Dateline(match["place"].strip(), name, match.start(), match.end())


def _match_dateline(text: str) -> re.Match[str] | None:
    """Return the first line start that reads as a dateline.

    That is a place and a day, the place in capitals or followed by an agency or a dash; or,
    without a day, a place, an agency and a dash: "LIMA (Reuters) -".
    """
    for pattern in _DATELINES:
        for match in pattern.finditer(text[:_HEAD_CHARS]):
            dashed = bool(match["dash"].strip(".:"))
            if dashed or (match["day"] and (match["agency"] or match["place"].isupper())):
                return match
    return None


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


def find_published(text: str, today: date | None = None) -> Published | None:
    """Return the publication date that the article's text gives, or None.

    Tried in this order, within the first 6,000 characters: a labelled date, a dateline, a date
    with a time of day, a date on a line of its own, a weekday with day and month in the lead.
    ``today`` bounds the years tried for a day without one (default: the day it is).
    """
    head, today = text[:_HEAD_CHARS], today or date.today()
    return (
        _from_pattern(_LABELLED, head, "labelled in the text")
        or _from_dateline(head, today)
        or _from_pattern(_STAMPS[0], head, "time stamp in the text")
        or _from_pattern(_STAMPS[1], head, "time stamp in the text")
        or _from_pattern(_OWN_LINE, head, "line of its own")
        or _from_named_day(head[:_LEAD_CHARS], today)
    )


def _from_pattern(pattern: re.Pattern[str], head: str, how: str) -> Published | None:
    for match in pattern.finditer(head):
        if day := full_date(match["day"]):
            return Published(day, "day", f"{how}: “{squeeze(match[0])}”")
    return None


def _from_dateline(head: str, today: date) -> Published | None:
    match = _match_dateline(head)
    if match is None or not match["day"]:
        return None
    quoted = f"dateline “{squeeze(match[0])}”"
    if day := full_date(match["day"]):
        return Published(day, "day", quoted)
    month_day = month_and_day(match["day"])
    for cue in _weekday_cues(head[match.end() :]):
        for offset in cue.offsets:
            if day := _latest(month_day, cue.weekday, offset, today):
                return Published(day, "day", f"{quoted}, the year from “{cue.quoted}”")
    return None


def _from_named_day(lead: str, today: date) -> Published | None:
    """Return the latest day that the lead names with its weekday: news of that day."""
    found: list[tuple[date, str]] = []
    for match in _NAMED_DAY.finditer(lead):
        weekday = WEEKDAYS.index(match["weekday"].lower())
        day = full_date(match["day"])
        day = day or _latest(month_and_day(match["day"]), weekday, 0, today)
        if day:
            found.append((day, match[0]))
    if not found:
        return None
    latest, quoted = max(found)
    return Published(latest, "day", f"latest day named in the lead: “{squeeze(quoted)}”")


class _Cue(NamedTuple):
    weekday: int
    offsets: tuple[int, int]
    quoted: str


def _weekday_cues(text: str) -> Iterator[_Cue]:
    """Yield the weekdays that the article names and how many days before its date they may lie."""
    for match in _ON_WEEKDAY.finditer(text):
        earlier = (match["verb"] or "").lower() in _EARLIER_VERBS
        offsets = (1, 0) if earlier else (0, 1)
        quoted = match[0] if earlier else f"on {match['weekday']}"
        yield _Cue(WEEKDAYS.index(match["weekday"].lower()), offsets, squeeze(quoted))


def _latest(month_day: tuple[int, int], weekday: int, offset: int, today: date) -> date | None:
    """Return the latest date not after today that lies ``offset`` days after the weekday."""
    for year in range(today.year, 1899, -1):
        candidate = make_day(year, *month_day)
        if candidate is None or candidate > today:
            continue
        if (candidate - timedelta(days=offset)).weekday() == weekday:
            return candidate
    return None


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


def squeeze(text: str) -> str:
    """Return the text in one line, its white space made single."""
    return " ".join(text.split())
