"""Decide whether two answers to one question differ: in a number, a time or a name."""

from __future__ import annotations

import re
from typing import Literal

from qa_bot.datatypes import Evidence
from qa_bot.news.times import Moment, find_moments
from qa_bot.question import Expects, Question
from qa_bot.text import UPPER, is_function_word, numbers, stem, terms, words

DifferenceKind = Literal["number", "time", "name"]

_AFTER_NUMBER = re.compile(r"[^\W\d_]+|[%€$£]|[.,;:!?()“”\"—–]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "mln", "bln", "and"})
_MONEY = re.compile(r"[€$£¥]|\b(?:USD|EUR|GBP)\b")
# Units of one kind are comparable; a word may be of several kinds.
_KINDS = tuple(
    frozenset(stem(word) for word in words(kind))
    for kind in (
        """people persons men women children residents inhabitants visitors guests spectators fans
        demonstrators protesters marchers traders miners workers employees staff passengers
        refugees migrants villagers families households soldiers troops students pupils teachers
        victims casualties dead deaths bodies youngsters sailors crew members patients cases others
        names of""",
        "homes houses buildings households families properties flats dwellings",
        "jobs posts workers employees staff positions",
    )
)
_ABOUT = re.compile(
    r"\b(?:about|around|some|nearly|almost|roughly|approximately|over|more than|at least|up to)\W+$"
)
# "How deep" is not answered by "four metres long".
_DIMENSIONS = {"depth": "deep", "width": "wide", "length": "long", "height": "high", "tall": "high"}
_ASKS_DIMENSION = re.compile(
    r"\bhow (deep|wide|long|high|tall)\b|\b(depth|width|length|height)\b", re.IGNORECASE
)
_HAS_DIMENSION = re.compile(
    r"\b(?:(?:kilo|centi|milli)?met(?:re|er)s?|[kcm]?m|feet|foot|ft|inch(?:es)?|miles?|yards?)\s+"
    r"(deep|wide|long|high|tall)\b"
)
_NEXT_WORDS = 15  # characters after an answer that may go on with "metres long"
_WATER = re.compile(r"\b(?:water|tide|flood\w*|river|sea|lake|snow)\b", re.IGNORECASE)
_FAR = 20  # a larger ratio of two numbers means that they count different things
_NEAR = 0.05  # largest share by which a rounded number differs from the exact one
_OVER_TIME = re.compile(
    r"\b(?:this|last) (?:season|year|month|decade|century)\b|\bin (?:all|total)\b"
    r"|\bcareer\b|\baltogether\b|\ba (?:year|month|week|day)\b",
    re.IGNORECASE,
)
_CLOCK_OF_A_PLACE = re.compile(r"\b(?:GMT|UTC|[A-Z]ST|local time)\b")
_NAME = re.compile(rf"{UPPER}\w")
_RELATIVE = re.compile(r", (?:who|whose|whom|which|where)\b")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_LONGEST_NAME = 6  # words
_HALF = 0.5
_ASKS = re.compile(  # a question in words, and no keywords
    r"\?|\b(?:what|which|how|why|tell|did|do|does|is|are|was|were|has|have|had|and)\b",
    re.IGNORECASE,
)
_OF_TIME = frozenset(stem(word) for word in ("date", "day", "time", "year", "month", "first"))


def kind_of_difference(question: Question, one: Evidence, other: Evidence) -> DifferenceKind | None:
    """Return the kind of the difference between two answers to a question, or None."""
    pair = (one, other)
    if not one.answer or not other.answer:
        return None
    if question.expects is Expects.TIME or all(_is_day(e) for e in pair):
        return "time" if _differ_in_time(question, one, other) else None
    of_numbers = [bool(numbers(e.words or "")) for e in pair]
    if all(of_numbers):
        return "number" if _differ_in_number(question, one, other) else None
    if any(of_numbers) or not question.intent.single:
        return None
    return "name" if _differ_in_name(question, one, other) else None


def unit_of(evidence: Evidence) -> str:
    """Return the stem of the noun that an answer counts, or "money", or ""."""
    assert evidence.answer is not None
    start, end = evidence.answer
    text = evidence.article.text
    if _MONEY.search(text[max(0, start - 2) : end + 2]):
        return "money"
    written = _DIGITS.search(text, start, end)
    counted = bool(written)  # words before the number, as "about", are no unit
    start = written.end() if written else start
    for word in _AFTER_NUMBER.findall(_DIGITS.sub(" ", text[start : start + 60])):
        low = word.lower()
        if low in _SCALES or numbers(low) or low in "$€£":
            counted = True
            continue
        if not counted and is_function_word(low):
            continue
        if low == "%":
            return stem("percent")
        return "" if not low.isalpha() or is_function_word(low) else stem(low)
    return ""


def time_of(evidence: Evidence) -> Moment | None:
    """Return the time in an answer."""
    assert evidence.answer is not None
    start, end = evidence.answer
    moments = find_moments(evidence.article.text, evidence.article.published)
    return next((m for m in moments if m.words.start < end and start < m.words.end), None)


def _is_day(evidence: Evidence) -> bool:
    """Return whether an answer is only a calendar day."""
    moment, place = time_of(evidence), evidence.answer
    whole = place and moment and moment.words.start <= place.start and place.end <= moment.words.end
    return bool(whole and moment and moment.precision == "day")


def _is_about(question: Question, evidence: Evidence) -> bool:
    """Return whether a sentence has half of the question's terms, without names.

    A criminal case has a day for each step: arrested, charged, sentenced.
    """
    step = question.subject_terms - _OF_TIME
    return len(step & set(terms(evidence.text))) >= _HALF * len(step)


def _differ_in_time(question: Question, one: Evidence, other: Evidence) -> bool:
    """Return whether two times have no day in common, or are two years."""
    first, second = time_of(one), time_of(other)
    if not _is_about(question, other):
        return False
    if first and second:
        return first.last < second.first or second.last < first.first
    years = [_YEAR.fullmatch(e.words or "") for e in (one, other)]
    return all(years) and one.words != other.words


def _differ_in_number(question: Question, one: Evidence, other: Evidence) -> bool:
    """Return whether two numbers count the same thing over the same period and differ."""
    if not all(_counts_noun_asked_for(question, e) for e in (one, other)):
        return False
    figures, other_figures = numbers(one.words or ""), numbers(other.words or "")
    if any(_CLOCK_OF_A_PLACE.search(e.text) for e in (one, other)):
        return False
    if figures & other_figures or _rounded(one, figures, other, other_figures):
        return False
    low, high = sorted(max(map(_value, f), default=0.0) for f in (figures, other_figures))
    if high > _FAR * low:
        return False
    return same_unit(one, other) and _period(one) == _period(other)


def same_unit(one: Evidence, other: Evidence) -> bool:
    """Return whether two numbers count the same thing, as far as the words after them show."""
    return _comparable(unit_of(one), unit_of(other))


def _period(evidence: Evidence) -> set[str]:
    """Return the years and periods in the sentence of a number but for a relative clause."""
    assert evidence.answer is not None
    text, published = evidence.article.text, evidence.article.published
    aside = _RELATIVE.search(text, evidence.answer.end, evidence.end)
    said = text[evidence.start : aside.start() if aside else evidence.end]
    years = set(_YEAR.findall(said)) - {str(published.day.year) if published else ""}
    return years | set(map(str.lower, _OVER_TIME.findall(said)))


def _rounded(
    one: Evidence, figures: frozenset[str], other: Evidence, other_figures: frozenset[str]
) -> bool:
    """Return whether one number rounds the other: "about 300" for 298."""
    if not any(_ABOUT.search(_before(e).lower()) for e in (one, other)):
        return False
    first, second = (max(map(_value, f), default=0.0) for f in (figures, other_figures))
    return abs(first - second) <= _NEAR * max(first, second)


def _value(figure: str) -> float:
    try:
        return float(figure)
    except ValueError:
        return 0.0


def _before(evidence: Evidence) -> str:
    assert evidence.answer is not None
    start = evidence.answer.start
    return evidence.article.text[max(0, start - 15) : start]


def _differ_in_name(question: Question, one: Evidence, other: Evidence) -> bool:
    """Return whether two short answers share no term and appear in no sentence together."""
    answers = one.words or "", other.words or ""
    if not all(len(words(w)) <= _LONGEST_NAME for w in answers):
        return False
    if question.intent.place_or_choice and not all(_NAME.search(w) for w in answers):
        return False
    if question.intent.holder and not all(
        question.subject_terms <= set(terms(e.text)) for e in (one, other)
    ):
        return False
    first, second = (set(terms(w)) for w in answers)
    if not first or not second or first & second:
        return False
    return not (_has_most(other.text, first) or _has_most(one.text, second))


def _has_most(text: str, of: set[str]) -> bool:
    return len(of & set(terms(text))) > _HALF * len(of)


def _counts_noun_asked_for(question: Question, evidence: Evidence) -> bool:
    """Return whether a number counts the noun of "how many ..."; an unknown unit passes."""
    noun, unit = question.intent.counted, unit_of(evidence)
    if not noun or not unit:
        return True
    return _comparable(noun, unit)


def counts_another_kind(question: Question, evidence: Evidence) -> bool:
    """Return whether an answer is of another kind than the question asks for.

    People are not homes, and a sum is no person or place. A unit or a noun of no known kind passes.
    """
    if not evidence.answer or not numbers(evidence.words or ""):
        return False
    if question.expects in (Expects.PERSON, Expects.PLACE):
        return not _NAME.search(evidence.words or "") and unit_of(evidence) == "money"
    if _is_other_dimension(question, evidence):
        return True
    unit = unit_of(evidence)
    nouns = {question.intent.counted} if question.intent.counted else _nouns_of_kinds(question)
    if not nouns or not _has_kind(unit):
        return False
    return all(_has_kind(noun) and not _comparable(noun, unit) for noun in nouns)


def _is_other_dimension(question: Question, evidence: Evidence) -> bool:
    """Return whether a question for a depth is answered by a length, or the like."""
    asked = {(m[1] or m[2]).lower() for m in _ASKS_DIMENSION.finditer(question.standalone)}
    assert evidence.answer is not None
    start, end = evidence.answer
    said = re.split(r"[,;.] ", evidence.article.text[start : end + _NEXT_WORDS])[0]
    found = _HAS_DIMENSION.search(said)
    if found is None or not asked or _WATER.search(question.standalone):
        return False
    return _DIMENSIONS.get(found[1], found[1]) not in {_DIMENSIONS.get(w, w) for w in asked}


def repeats_figure(question: Question, evidence: Evidence) -> bool:
    """Return whether an answer to a question for a figure has only figures of the question.

    "What was the price before it rose to 9.5 million?" is not answered by 9.5 million.
    """
    if question.expects not in (Expects.NUMBER, Expects.MONEY):
        return False
    figures = numbers(evidence.words or "")
    return bool(figures) and figures <= numbers(question.standalone)


def _nouns_of_kinds(question: Question) -> set[str]:
    """Return the nouns of known kinds in keywords, as "flood homes evacuated final count"."""
    if question.expects not in (Expects.ANY, Expects.NUMBER) or _ASKS.search(question.standalone):
        return set()
    return {term for term in question.terms if _has_kind(term)}


def _has_kind(noun: str) -> bool:
    return any(noun in kind for kind in _KINDS)


def _comparable(one: str, other: str) -> bool:
    """Return whether two units are equal or of one kind; an unknown unit may be any known one."""
    if one == other:
        return True
    return any((not one or one in kind) and (not other or other in kind) for kind in _KINDS)
