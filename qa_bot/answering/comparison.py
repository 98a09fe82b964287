"""Compare two things by the figure of each: which is more, whether one is, or by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from qa_bot.answer import DECISIONS, Citation, PartKind, Sentence
from qa_bot.answering.agreement import agree
from qa_bot.answering.compose import rank
from qa_bot.answering.composition import Composition
from qa_bot.answering.differences import same_unit, time_of, unit_of
from qa_bot.answering.refusal import unsure
from qa_bot.datatypes import Article, Evidence, Hit, Span
from qa_bot.news.times import find_moments
from qa_bot.question import Comparison, Form, Question
from qa_bot.reading import Reading
from qa_bot.text import numbers, quantities, squeeze, stem, terms

# Factor on the threshold of an answer: each of two different figures bears out that the other was
# found. Chosen by hand.
_BOTH = 0.8
_NEXT = 0.9  # share of the likeliest figure's probability that another one needs; chosen by hand
_MILLION = 1_000_000  # a difference from here on is written in millions
_YEARS = (1000, 2100)
_SIGN = re.compile(r"[€$£¥]")
# Words of an answer that make its number no plain one: bounds, shares, ordinals, clock times.
_NOT_PLAIN = re.compile(
    r"\b(?:more|less|fewer|at least|up to|under|over|minus|below|halves|quarters?|thirds?|dozens?|"
    r"\d+(?:st|nd|rd|th)|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b|[-–−]\d|"
    r"\d[.:]\d\d ?[ap]\.?m\b|\d:\d\d|\b(?:second|third|first) (?:place|in)\b",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(r"\band a half\b(?! (?:thousand|million|billion))", re.IGNORECASE)
_HALF = re.compile(r"\bhalf\b", re.IGNORECASE)
_RATE = re.compile(
    r"\b(?:an?|per|each|every) (second|minute|hour|day|week|month|year)\b"
    r"|\b(hour|dai|week|month|year)ly\b",
    re.IGNORECASE,
)
_PART = re.compile(r"\bof\b", re.IGNORECASE)
_STRICT = frozenset({"money", "date", "per", stem("percent")})  # "per cent" is two words
_DURATIONS = frozenset(stem(word) for word in ("seconds", "minutes", "hours", "days", "weeks"))
_NEXT_WORDS = 12  # characters after an answer that may go on with "a year"
_STATES = re.compile(r"\bthan\b|\bby (?:about |some |only )?[€$£¥]?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Figure:
    """The figure of one thing: its least and largest value, and its words.

    A day or a month is the numbers of its first and last day since the year 1.
    """

    evidence: Evidence
    low: float
    high: float
    words: str
    unit: str


def compose_comparison(
    question: Question, readings: Sequence[Reading], threshold: float, hits: Sequence[Hit]
) -> Composition | None:
    """Return both figures with what follows from them, or None if nothing follows for sure.

    Args:
        question: one that compares two things.
        readings: the evidence for the figure of each.
        threshold: the least probability, 0..1, of an answer.
        hits: those of the question.
    """
    assert question.comparison is not None
    ranked = [agree(rank(one, hits))[0] for one in readings if one.evidence]
    if len(ranked) < len(question.sides):
        return None
    likely = [
        [e for e in one if e.probability >= max(_BOTH * threshold, _NEXT * one[0].probability)]
        for one in ranked
    ]
    pairs = sorted(product(*likely), key=lambda two: -two[0].probability * two[1].probability)
    for pair in pairs:
        figures = _figures(question.comparison, *pair)
        if figures and (conclusion := _conclusion(question.comparison, *figures)):
            return _composition(question.comparison, *figures, conclusion)
    return None


def with_both_sides(
    question: Question,
    composition: Composition,
    readings: Sequence[Reading],
    threshold: float,
    hits: Sequence[Hit],
) -> Composition:
    """Return the answer to a question that compares, or a refusal of one that tells half of it.

    It stands if its sentences name both things, and compare them or have two figures.

    Args:
        question: any question.
        composition: its answer, from the evidence for the whole question.
        readings: that evidence.
        threshold: the least probability, 0..1, of an answer.
        hits: those of the question.
    """
    comparison = question.comparison
    if comparison is None or composition.refusal or composition.difference:
        return composition
    if comparison.form is Form.BOTH:
        return _with_other_figure(composition, readings, threshold, hits)
    quoted = " ".join(citation.quote for citation in composition.citations)
    said = set(terms(quoted))
    one, other = (set(terms(item)) for item in comparison.items)
    if all(not own or own & said for own in (one - other, other - one)):
        if _STATES.search(quoted):
            return composition
        if sum(_n_figures(c.article, Span(c.start, c.end)) for c in composition.citations) > 1:
            is_decided = any(s.kind is PartKind.DECISION for s in composition.sentences)
            return composition if is_decided else replace(composition, short=None)
    return _declined(composition, hits)


def _n_figures(article: Article, sentence: Span) -> int:
    """Return how many different numbers a sentence has outside its dates."""
    text = article.text[slice(*sentence)]
    for moment in reversed(find_moments(text, article.published)):
        text = f"{text[: moment.words.start]} {text[moment.words.end :]}"
    return len(numbers(text))


def _with_other_figure(
    composition: Composition, readings: Sequence[Reading], threshold: float, hits: Sequence[Hit]
) -> Composition:
    """Return an answer whose one figure is joined by the other one of the same thing."""
    first, *others = agree(rank(readings[0], hits))[0]
    own = _number(first, None)
    if own is None or _n_figures(first.article, Span(first.start, first.end)) > 1:
        return composition
    for other in others:
        figure = _number(other, None) if other.probability >= _BOTH * threshold else None
        if figure and figure.low != own.low and same_unit(first, other):
            short = f"{own.words}; {figure.words}"
            both = _composition(Comparison(Form.BOTH), own, figure, short)
            return replace(both, confidence=composition.confidence)
    return _declined(composition, hits)


def _declined(composition: Composition, hits: Sequence[Hit]) -> Composition:
    refusal = unsure(hits, composition.citations[0])
    return Composition(composition.confidence, refusal=refusal)


def _figures(
    comparison: Comparison, one: Evidence, other: Evidence
) -> tuple[_Figure, _Figure] | None:
    """Return the figures of two answers, or None if they cannot be compared."""
    if comparison.of_time or (comparison.of_age and _day(one) and _day(other)):
        first, second = _day(one), _day(other)
    else:
        first, second = _number(one, other), _number(other, one)
    if first is None or second is None or not _comparable(first, second):
        return None
    return first, second


def _comparable(one: _Figure, other: _Figure) -> bool:
    """Return whether two figures are of one currency, rate and unit; an unknown unit may be any.

    A share, a sum of money or a date is never compared with a number of unknown unit.
    """
    if len({frozenset(_SIGN.findall(f.words)) for f in (one, other)}) > 1:
        return False
    rates = [_rate(figure.evidence) for figure in (one, other)]
    if all(rates) and rates[0] != rates[1]:
        return False
    units = {one.unit, other.unit}
    if len(units) == 1 or units & _STRICT:
        return len(units) == 1
    return "" in units or same_unit(one.evidence, other.evidence)


def _rate(evidence: Evidence) -> set[str]:
    assert evidence.answer is not None
    said = evidence.article.text[evidence.answer.start : evidence.answer.end + _NEXT_WORDS]
    return {(m[1] or m[2]).lower().replace("dai", "day") for m in _RATE.finditer(said)}


def _day(evidence: Evidence) -> _Figure | None:
    """Return the days that an answer means, or its year."""
    moment = time_of(evidence) if evidence.answer else None
    if moment is None:
        return None
    first, last = moment.first.toordinal(), moment.last.toordinal()
    return _Figure(evidence, first, last, squeeze(evidence.words or ""), "date")


def _number(evidence: Evidence, other: Evidence | None) -> _Figure | None:
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
    value = next(iter(own))
    unit = unit_of(evidence)
    if unit == "" and _YEARS[0] < float(value) < _YEARS[1] and "," not in words:
        unit = "date"
    number = float(value) + half
    return _Figure(evidence, number, number, _written(words, value), unit)


def _in_one_sentence(one: Evidence, other: Evidence) -> bool:
    return (one.article.id, one.start) == (other.article.id, other.start)


def _written(words: str, value: str) -> str:
    """Return how an answer with several figures writes one of them, or the whole answer."""
    figures = [written for written, one in quantities(words) if one == value]
    if len(numbers(words)) == 1 or not figures:
        return words
    sign = words[: words.find(figures[0])][-1:]
    return f"{sign if _SIGN.match(sign) else ''}{figures[0]}"


def _composition(
    comparison: Comparison, one: _Figure, other: _Figure, conclusion: str
) -> Composition:
    """Return the sentences of two figures, headed by what follows from them."""
    quoted = {(e.article.id, e.start): e for e in (one.evidence, other.evidence)}
    citations = tuple(
        Citation(n, e.article, e.start, e.end) for n, e in enumerate(quoted.values(), start=1)
    )
    items = [_capitalised(item) for item in comparison.items]
    leads = items if len(citations) == len(items) else [None] * len(citations)
    sentences = [
        Sentence(squeeze(c.quote), (c.number,), lead=lead, lead_kind=PartKind.ITEM)
        for c, lead in zip(citations, leads, strict=True)
    ]
    if comparison.form is Form.WHETHER:
        cited = tuple(citation.number for citation in citations)
        sentences.insert(0, Sentence(f"{conclusion}.", cited, kind=PartKind.DECISION))
    confidence = min(one.evidence.probability, other.evidence.probability)
    return Composition(confidence, tuple(sentences), citations, conclusion)


def _conclusion(comparison: Comparison, one: _Figure, other: _Figure) -> str | None:
    """Return what follows from two figures, or None if they overlap or the question has it wrong.

    "How many more" has it wrong where there are fewer.
    """
    if one.low <= other.high and other.low <= one.high:
        return None
    ahead = _ahead(comparison, one, other)
    if comparison.form is Form.WHETHER:
        return DECISIONS[0 if ahead else 1].rstrip(".")
    if comparison.form is Form.DIFFERENCE:
        return f"{_difference(one, other)} ({one.words} and {other.words})" if ahead else None
    item, first, second = (
        (comparison.items[0], one, other) if ahead else (comparison.items[1], other, one)
    )
    return f"{_capitalised(item)}: {first.words} against {second.words}"


def _capitalised(item: str) -> str:
    return f"{item[0].upper()}{item[1:]}"


def _ahead(comparison: Comparison, one: _Figure, other: _Figure) -> bool:
    """Return whether the first thing is the one that a question asks for, or is more.

    The older of two has the earlier date, the faster one the shorter time.
    """
    reverse = (comparison.of_age and one.unit == "date") or (
        comparison.of_speed and {one.unit, other.unit} & _DURATIONS
    )
    larger = comparison.larger != bool(reverse)
    return one.low > other.high if larger else one.high < other.low


def _difference(one: _Figure, other: _Figure) -> str:
    by = round(abs(one.low - other.low), 6)
    if one.low > _YEARS[1] and one.unit == "date":
        return f"{by:.0f} day{'s' * (by != 1)}"
    sign = next((m[0] for f in (one, other) if (m := _SIGN.match(f.words))), "")
    return f"{sign}{by / _MILLION:.6g} million" if by >= _MILLION else f"{sign}{by:,.10g}"
