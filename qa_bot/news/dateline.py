"""Read the dateline and the publication date from the text of an article.

Every date comes from the text; an article without one has no date. A dateline without a year
("GENEVA, June 16.") gets the latest year in which that day falls on a weekday that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from qa_bot.datatypes import Article, Published, Span
from qa_bot.text import (
    DAY_MONTH,
    FOREIGN_DAY,
    FULL,
    LOWER,
    MONTH,
    UPPER,
    WEEKDAYS,
    YEAR,
    foreign_day,
    full_date,
    make_day,
    month_and_day,
    parse_date,
    squeeze,
)

_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_ZONE = r"(?:\s*(?:GMT|UTC|CET|CEST|EST|EDT|BST|MSK|[+-]\d\d:?\d\d))?"
_TIME = rf"\d\d?[:.]\d\d(?:\s*[ap]\.?m\.?)?{_ZONE}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)  # matches "Aprıl" and "Auguſt" as well


_PLACE = rf"^[^\S\n]*(?P<place>{UPPER}[\w.'’/ -]*(?:,\s{UPPER}[\w.'’ -]*)?)"
_AGENCY = r"(?P<agency>/[^/\n]{2,40}/|\([^()\n]{2,40}\))"
_DASH = r"\s*(?P<dash>[.–—:-]*)"
_DATELINES = (
    re.compile(
        rf"{_PLACE},\s+(?P<day>(?i:{DAY_MONTH}(?:,?\s+{YEAR})?))[.,]?\s*{_AGENCY}?{_DASH}",
        re.MULTILINE,
    ),
    re.compile(
        rf"{_PLACE}[^\S\n]+\((?P<day>(?i:{FULL}))\)(?P<agency>(?!))?\s*(?P<dash>[–—-]+)",
        re.MULTILINE,
    ),
    # Before a small letter the brackets hold an abbreviation: "Joint Economic Committee (JEC)—led".
    re.compile(rf"{_PLACE}(?P<day>)[^\S\n]+{_AGENCY}{_DASH}(?!\s*{LOWER})", re.MULTILINE),
    re.compile(
        rf"{_PLACE},\s+(?P<day>{FOREIGN_DAY.pattern})[.,]?\s*{_AGENCY}?{_DASH}", re.MULTILINE
    ),
)
# "Correction, May 6, 2021:" and "J. Porter, 14 March 2020:" name no place.
_NO_PLACE = re.compile(
    r"correction|update|note|event|comments?|clarification|.*\b\w\.", re.IGNORECASE
)
_SHORT_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)}|(?:mon|tues?|wed|thurs?|thu|fri|sat|sun)\b\.?),?\s*"
# "Published" as pages say it before a day, in several languages.
PUBLISHED = (
    r"(?:(?:first |originally )?(?:posted|published)|publié|publicad[oa]|pubblicato|"
    r"veröffentlicht|erschienen|gepubliceerd|opublikowano|publicerad)"
)
_LABELLED = _pattern(
    rf"(?:^|[|·•]\s*)[^\w\n]*(?:{PUBLISHED}|(?:publication )?date|issued|for immediate release)"
    r"(?:\s+by\s+\w+)?(?:\s+(?:on|at|le|el|em|am))?\s*:?\s+"
    rf"(?:{_TIME},?\s+)?(?:{_SHORT_WEEKDAY})?(?P<day>{FULL}|{FOREIGN_DAY.pattern})"
)
# On a line of its own or after a name, and not after a preposition: "on 13 October 1911 at 10:30"
# is the time of an event.
_ANY_DAY = rf"(?:{FULL}|(?<![\d/])\d\d?/\d\d?/{YEAR})"
_BEFORE_STAMP = r"^(?P<before>[^\n]{0,80}?)"
_STAMPS = (
    _pattern(rf"{_BEFORE_STAMP}\b{_TIME},?\s+(?:{_SHORT_WEEKDAY})?(?P<day>{_ANY_DAY})"),
    _pattern(rf"{_BEFORE_STAMP}(?P<day>{_ANY_DAY})(?:,|\s*[|·•–—-])?\s+(?:at\s+)?{_TIME}"),
)
_OF_EVENT = re.compile(
    r"\b(?:on|in|since|from|until|till|of|before|after|the|between|and|to|at|around|about|late|early)"
    rf"\s+(?:{_SHORT_WEEKDAY})?$|\b(?:updated|modified|edited|corrected|event|"
    r"when|starts?|opens?|deadline|tickets?)\b[^|]*$",
    re.IGNORECASE,
)
# A running head: "HARBOUR POST   Tuesday, 4 May 2021   Page 1".
_MASTHEAD = _pattern(
    rf"^[^.!?\n]{{0,60}}?(?:\s{{2,}}|[|·•–—]\s*)(?:{_SHORT_WEEKDAY})(?P<day>{FULL})"
    r"(?=\s{2,}|\s*[|·•–—]|\s*$)"
)
_OWN_LINE = _pattern(rf"^[^\w\n]*(?:{_SHORT_WEEKDAY})?(?P<day>{_ANY_DAY})[^\w\n]*(?:$|updated\b)")
_NAMED_DAY = _pattern(rf"\b{_WEEKDAY},?\s+(?:the\s+)?(?P<day>{DAY_MONTH}(?:,?\s+{YEAR})?)")
_ON_WEEKDAY = _pattern(rf"\b(?:(?P<verb>[a-z]+)\s+)?\b(?:on|late|early|this)\s+{_WEEKDAY}\b")

# A report about an interview "published on Tuesday" is of a later day; a report of words "said on
# Tuesday" is, as a rule, of Tuesday.
_EARLIER_VERBS = frozenset({"published", "released", "aired", "broadcast", "posted", "printed"})
# Before a day in a sentence: the day was still to come.
_TO_COME = re.compile(
    r"\b(?:will|won[’']t|shall|would|due|set|planned?|plans|scheduled|expected|expires?|deadline|"
    r"to (?:be|open|begin|start|reopen|take place|meet|vote|run|play|close|appear|return)|"
    r"ahead of|before|until|by|next|upcoming|coming)\b[^.!?\n]*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=\W?[A-Z])|\n")
_LEAD_CHARS = 600  # chosen by hand
_HEAD_CHARS = 6_000  # chosen by hand
_EARLIEST_YEAR = 1900  # of a dateline that names no year; chosen by hand
# "(Ill.)", "(47)", "(February 3)" and "(Oakland, CA)" after a place name no agency.
_AGENCY_NAME = re.compile(rf"(?!(?i:{MONTH})|.*, [A-Z]{{2}}$)[^\d.]{{2,}}")


class Dateline(NamedTuple):
    """A dateline: its place, the agency in slashes or brackets, and its span in the text."""

    place: str
    agency: str | None
    start: int
    end: int


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline within the first 6,000 characters, or None.

    >>> find_dateline("GENEVA, June 16. /TASS/. A prospect has appeared")
    Dateline(place='GENEVA', agency='TASS', start=0, end=24)
    """
    match = _match_dateline(text)
    if match is None:
        return None
    agency = match["agency"]
    name = agency[1:-1].strip() if agency else ""
    name_or_none = name if _AGENCY_NAME.fullmatch(name) else None
    return Dateline(match["place"].strip(), name_or_none, match.start(), match.end())


_DAY_AND_DASH = re.compile(r"\s*(\w+ \d{1,2}, \d{4}) [—–] (?=\S)")


def after_dateline(text: str, sentence: Span) -> Span:
    """Return a sentence of a text without the dateline that it begins with.

    >>> text = "GENEVA, June 16. /TASS/. A prospect has appeared"
    >>> text[slice(*after_dateline(text, Span(0, len(text))))]
    'A prospect has appeared'
    >>> text = "June 16, 2021 — A prospect has appeared"
    >>> text[slice(*after_dateline(text, Span(0, len(text))))]
    'A prospect has appeared'
    """
    day = _DAY_AND_DASH.match(text, sentence.start, sentence.end)
    if day and full_date(day[1]):
        return Span(day.end(), sentence.end)
    line = find_dateline(text)
    if line is None or not sentence.start <= line.start < line.end < sentence.end:
        return sentence
    if text[sentence.start : line.start].strip():
        return sentence
    rest = text[line.end : sentence.end]
    return Span(sentence.end - len(rest.lstrip()), sentence.end) if rest.strip() else sentence


def _match_dateline(text: str) -> re.Match[str] | None:
    """Return the first match of a dateline at the start of a line.

    A dateline has a place and a day, and the place is in capitals or has an agency or a dash after
    it; or it has a place, an agency and a dash, without a day: "LIMA (Reuters) -".
    """
    for pattern in _DATELINES:
        for match in pattern.finditer(text[:_HEAD_CHARS]):
            dashed = bool(match["dash"].strip(".:"))
            if ":" in match["dash"] and not _NO_PLACE.match(match["place"]):
                dashed = dashed or bool(full_date(match["day"]))
            if dashed or (match["day"] and (match["agency"] or match["place"].isupper())):
                return match
    return None


def find_published(text: str, today: date | None = None) -> Published | None:
    """Return the publication date in the first 6,000 characters of an article, or None.

    The first of these counts: a labelled date, a dateline, a date with a time of day, a date on a
    line of its own, a weekday with day and month in the lead.

    Args:
        text: of the article.
        today: the last possible day for a date without a year (default: the current day).
    """
    head, today = text[:_HEAD_CHARS], today or date.today()
    return (
        _from_pattern(_LABELLED, head, today, "labelled in the text")
        or _from_dateline(head, today)
        or _from_pattern(_STAMPS[0], head, today, "time stamp in the text")
        or _from_pattern(_STAMPS[1], head, today, "time stamp in the text")
        or _from_pattern(_OWN_LINE, head, today, "line of its own")
        or _from_pattern(_MASTHEAD, head, today, "running head")
        or _from_named_day(head[:_LEAD_CHARS], today)
    )


def _from_pattern(pattern: re.Pattern[str], head: str, today: date, how: str) -> Published | None:
    """Return the first day of a pattern that is not after today and not that of an event."""
    for match in pattern.finditer(head):
        before = match.groupdict().get("before") or ""
        if _OF_EVENT.search(before):
            continue
        if (day := _day_of(match["day"])) and day <= today:
            quoted = squeeze(match[0][len(before) :])
            return Published(day, "day", f"{how}: “{quoted}”")
    return None


def _day_of(text: str) -> date | None:
    """Return the day of a full date; None for one whose day cannot be told from its month."""
    found = parse_date(text)
    day = found.day if found and found.precision == "day" else None
    return full_date(text) or day or foreign_day(text)


def _from_dateline(head: str, today: date) -> Published | None:
    match = _match_dateline(head)
    if match is None or not match["day"]:
        return None
    quoted = f"dateline “{squeeze(match[0])}”"
    if day := _day_of(match["day"]):
        return Published(day, "day", quoted) if day <= today else None
    month_day = month_and_day(match["day"])
    for cue in _weekday_cues(head[match.end() :]):
        for offset in cue.offsets:
            if day := _latest(month_day, cue.weekday, offset, today):
                return Published(day, "day", f"{quoted}, the year from “{cue.quoted}”")
    return None


def _from_named_day(lead: str, today: date) -> Published | None:
    """Return the latest day that the lead names together with its weekday.

    A day with its year is that of an event some time ago, and one after "will" is still to come.
    """
    found: list[tuple[date, str]] = []
    for match in _NAMED_DAY.finditer(lead):
        sentence = _SENTENCE_END.split(lead[: match.start()])[-1]
        if full_date(match["day"]) or _TO_COME.search(sentence) or lead[match.end() :][:1] == ":":
            continue  # of an event long ago, still to come, or of a forecast
        weekday = WEEKDAYS.index(match["weekday"].lower())
        if day := _latest(month_and_day(match["day"]), weekday, 0, today):
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
    """Yield the weekdays in a text, with their possible distances in days before its date."""
    for match in _ON_WEEKDAY.finditer(text):
        earlier = (match["verb"] or "").lower() in _EARLIER_VERBS
        offsets = (1, 0) if earlier else (0, 1)
        quoted = match[0] if earlier else f"on {match['weekday']}"
        yield _Cue(WEEKDAYS.index(match["weekday"].lower()), offsets, squeeze(quoted))


def _latest(month_day: tuple[int, int], weekday: int, offset: int, today: date) -> date | None:
    """Return the latest date, at most today, that lies ``offset`` days after the weekday."""
    for year in range(today.year, _EARLIEST_YEAR - 1, -1):
        candidate = make_day(year, *month_day)
        if candidate is None or candidate > today:
            continue
        if (candidate - timedelta(days=offset)).weekday() == weekday:
            return candidate
    return None


def agency(article: Article) -> str | None:
    """Return the agency in the dateline of an article, unless it is the publisher itself.

    >>> agency(Article("a", "T", "OSLO, May 5 (Northline) — Rain fell.", "Radio Oslo"))
    'Northline'
    """
    line = find_dateline(article.text)
    if line is None or line.agency is None:
        return None
    same = line.agency.casefold() == (article.publisher or "").casefold()
    return None if same else line.agency
