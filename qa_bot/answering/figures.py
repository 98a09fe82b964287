"""The figures of two things: a plain number or a date each, if they can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa_bot.answering.differences import same_unit, time_of, unit_of
from qa_bot.datatypes import Evidence
from qa_bot.text import numbers, quantities, squeeze, stem

YEARS = (1000, 2100)
CURRENCY_SIGN = re.compile(r"[€$£¥]")
# Words that make a number no plain one: bounds, shares, ordinals, clock times, letters for units.
_NOT_PLAIN = re.compile(
    r"\b(?:more|less|fewer|at least|up to|under|over|minus|below|halves|quarters?|thirds?|dozens?|"
    r"\d+(?:st|nd|rd|th)|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b|[-–−]\d|"
    r"\d[.:]\d\d ?[ap]\.?m\b|\d:\d\d|\b(?:second|third|first) (?:place|in)\b|"
    r"(?<![€$£¥\d.,])\d[\d.,]*[a-z]",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"(?:\b(?:more|less|fewer) than|\bat least|\bup to|\bunder|\bover|\bminus|\bbelow|\bnumber|"
    r"[-–−#])\W{0,2}$",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(r"\band a half\b(?! (?:thousand|million|billion))", re.IGNORECASE)
_HALF = re.compile(r"\bhalf\b", re.IGNORECASE)
_RATE = re.compile(
    r"\b(?:an?|per|each|every) (second|minute|hour|day|night|week|month|season|year|game|match|"
    r"head|person|tonne|litre|visit)\b|\b(hour|dai|week|month|year)ly\b|\b(annual)(?:ly)?\b",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"[A-Z]{0,3}[€$£¥]|\b(?:EUR|USD|GBP|CHF)\b")
_PART = re.compile(r"\bof\b", re.IGNORECASE)
_STRICT = frozenset({"money", "date", "per", stem("percent")})  # "per cent" is two words
DURATIONS = frozenset(
    stem(word)
    for word in ("seconds", "minutes", "hours", "days", "weeks", "months", "years", "min", "sec")
)
SPEEDS = frozenset(stem(word) for word in ("kilometres", "kilometers", "miles", "knots", "mph"))
_RATES = {"annual": "year", "dai": "day"}
_AROUND = 12  # characters around an answer that may have its bound, currency or rate
_AGES_APART = 370  # days between two articles whose ages are compared, at most


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of one thing: its least and largest value, and its words.

    A day or a month is the numbers of its first and last day since the year 1.
    """

    evidence: Evidence
    low: float
    high: float
    words: str
    unit: str


def are_comparable(one: Figure, other: Figure) -> bool:
    """Return whether two figures are of one currency, rate and unit; an unknown unit may be any.

    A share, a sum of money or a date is never compared with a number of unknown unit.
    """
    rates = [_found(_RATE, figure.evidence) for figure in (one, other)]
    if rates[0] != rates[1] and (all(rates) or not _in_one_sentence(one.evidence, other.evidence)):
        return False
    if _found(_CURRENCY, one.evidence) != _found(_CURRENCY, other.evidence):
        return False
    units = {one.unit, other.unit}
    if len(units) == 1 or units & _STRICT:
        return len(units) == 1
    return "" in units or same_unit(one.evidence, other.evidence)


def _found(pattern: re.Pattern[str], evidence: Evidence) -> set[str]:
    """Return what a pattern finds in an answer and close to it."""
    assert evidence.answer is not None
    start = max(evidence.start, evidence.answer.start - _AROUND)
    said = evidence.article.text[start : evidence.answer.end + _AROUND]
    found = {next(filter(None, m.groups()), m[0]).lower() for m in pattern.finditer(said)}
    return {_RATES.get(word, word) for word in found}


def day_of(evidence: Evidence) -> Figure | None:
    """Return the days that an answer means, or its year."""
    moment = time_of(evidence) if evidence.answer else None
    if moment is None:
        return None
    first, last = moment.first.toordinal(), moment.last.toordinal()
    return Figure(evidence, first, last, squeeze(evidence.words or ""), "date")


def plain_number(evidence: Evidence, other: Evidence | None) -> Figure | None:
    """Return the plain number of an answer; of two of a sentence, the one the other has not."""
    if evidence.answer is None or time_of(evidence):
        return None
    words = squeeze(evidence.words or "")
    own = numbers(words)
    if other and len(own) > 1 and (_PART.search(words) or _in_one_sentence(evidence, other)):
        own -= numbers(other.words or "")
    half = 0.5 if _AND_A_HALF.search(words) else 0.0
    if len(own) != 1 or _NOT_PLAIN.search(words) or (_HALF.search(words) and not half):
        return None
    if _BOUND_BEFORE.search(evidence.article.text[evidence.start : evidence.answer.start]):
        return None
    value = next(iter(own))
    unit = unit_of(evidence)
    if unit == "" and YEARS[0] < float(value) < YEARS[1] and "," not in words:
        unit = "date"
    number = float(value) + half
    return Figure(evidence, number, number, _written(words, value), unit)


def _in_one_sentence(one: Evidence, other: Evidence) -> bool:
    return (one.article.id, one.start) == (other.article.id, other.start)


def _written(words: str, value: str) -> str:
    """Return how an answer with several figures writes one of them, or the whole answer."""
    figures = [written for written, one in quantities(words) if one == value]
    if len(numbers(words)) == 1 or not figures:
        return words
    sign = words[: words.find(figures[0])][-1:]
    return f"{sign if CURRENCY_SIGN.match(sign) else ''}{figures[0]}"


def appeared_together(one: Evidence, other: Evidence) -> bool:
    """Return whether two articles appeared within a year, so that ages in them can be compared."""
    days = [e.article.published.day for e in (one, other) if e.article.published]
    return len(days) < 2 or abs((days[0] - days[1]).days) <= _AGES_APART
