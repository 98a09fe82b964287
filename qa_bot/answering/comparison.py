"""Compare two things by the figure of each: which is more, whether one is, or by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product, repeat

from qa_bot.answer import DECISIONS, Citation, PartKind, Sentence
from qa_bot.answering.agreement import agree
from qa_bot.answering.compose import rank
from qa_bot.answering.composition import Composition
from qa_bot.answering.differences import same_unit, time_of, unit_of
from qa_bot.answering.refusal import unsure
from qa_bot.datatypes import Evidence, Hit
from qa_bot.question import Comparison, Form, Question
from qa_bot.reading import Reading
from qa_bot.text import numbers, quantities, squeeze, terms

# Factor on the threshold of an answer: each of two different figures of one unit bears out that
# the other was found. Chosen by hand.
_BOTH = 0.8
_NEXT = 0.9  # share of the likeliest figure's probability that another one needs; chosen by hand
_MILLION = 1_000_000  # a difference from here on is written in millions
_YEARS = (1000, 2100)
# What sets two figures of one thing beside each other: "six, down from eight".
_SETS_BESIDE = re.compile(
    r"\b(?:(?:up|down|rose|fell|grew|increased|reduced|raised|cut|went) (?:\S+ ){0,3}?from|"
    r"from \S+ (?:\w+ )?to|rather than|instead of|compared (?:with|to)|not|against|once|"
    r"previously|before|beating)\b",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[€$£¥]")


@dataclass(frozen=True, slots=True)
class _Figure:
    """The figure of one thing: its value, a day as a number of days, and its words."""

    evidence: Evidence
    value: float
    words: str
    is_day: bool


def compose_comparison(
    question: Question, readings: Sequence[Reading], threshold: float, hits: Sequence[Hit]
) -> Composition | None:
    """Return both figures with what follows from them, or None if the articles lack one.

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
    found = (_figures(*pair) for pair in pairs)
    return next((_composition(question.comparison, *two) for two in found if two), None)


def with_both_sides(
    question: Question,
    composition: Composition,
    readings: Sequence[Reading],
    threshold: float,
    hits: Sequence[Hit],
) -> Composition:
    """Return the answer to a question that compares, with both figures, or a refusal.

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
    named = all(not own or own & said for own in (one - other, other - one))
    if named and len(numbers(quoted)) > 1:
        return replace(composition, short=None)
    return _declined(composition, hits)


def _with_other_figure(
    composition: Composition, readings: Sequence[Reading], threshold: float, hits: Sequence[Hit]
) -> Composition:
    """Return an answer whose one figure is joined by the other one of the same thing."""
    first, *others = agree(rank(readings[0], hits))[0]
    if not first.answer or len(numbers(first.words or "")) != 1 or _SETS_BESIDE.search(first.text):
        return composition
    least = _BOTH * threshold
    for other in others:
        figure = _figure(other, first)
        if figure and other.probability >= least and same_unit(first, other):
            own = _Figure(first, 0.0, squeeze(first.words or ""), False)
            both = _composition(Comparison(Form.BOTH), own, figure)
            return replace(both, confidence=composition.confidence)
    return _declined(composition, hits)


def _declined(composition: Composition, hits: Sequence[Hit]) -> Composition:
    refusal = unsure(hits, composition.citations[0])
    return Composition(composition.confidence, refusal=refusal)


def _figures(one: Evidence, other: Evidence) -> tuple[_Figure, _Figure] | None:
    """Return the figures of two answers, or None if they are one, or of different units."""
    first, second = _figure(one, other), _figure(other, one)
    if first is None or second is None or first.is_day != second.is_day:
        return None
    if first.is_day or same_unit(one, other) or "" in (unit_of(one), unit_of(other)):
        return first, second
    return None


def _figure(evidence: Evidence, other: Evidence) -> _Figure | None:
    """Return the figure of an answer; of two that it has, the one that the other has not."""
    if evidence.answer is None:
        return None
    words = squeeze(evidence.words or "")
    own = numbers(words)
    if len(own) > 1:
        own -= numbers(other.words or "")
    moment = time_of(evidence)
    if moment and not _SIGN.search(words) and moment.precision != "year":
        return _Figure(evidence, moment.first.toordinal(), words, True)
    if len(own) != 1 or own == numbers(other.words or ""):
        return None
    value = next(iter(own))
    return _Figure(evidence, float(value), _written(words, value), False)


def _written(words: str, value: str) -> str:
    """Return how an answer with several figures writes one of them, or the whole answer."""
    figures = [written for written, one in quantities(words) if one == value]
    if len(numbers(words)) == 1 or not figures:
        return words
    sign = words[: words.find(figures[0])][-1:]
    return f"{sign if _SIGN.match(sign) else ''}{figures[0]}"


def _composition(comparison: Comparison, one: _Figure, other: _Figure) -> Composition:
    """Return the sentences of two figures, headed by what follows from them."""
    quoted = {
        (e.article.id, e.start): e for e in (one.evidence, other.evidence)
    }  # one sentence may have both
    citations = tuple(
        Citation(n, e.article, e.start, e.end) for n, e in enumerate(quoted.values(), start=1)
    )
    leads = (
        map(_capitalised, comparison.items)
        if len(citations) == len(comparison.items)
        else repeat(None)
    )
    sentences = [
        Sentence(squeeze(c.quote), (c.number,), lead=lead, lead_kind=PartKind.ITEM)
        for c, lead in zip(citations, leads, strict=False)
    ]
    short = _conclusion(comparison, one, other)
    if comparison.form is Form.WHETHER:
        cited = tuple(citation.number for citation in citations)
        sentences.insert(0, Sentence(f"{short}.", cited, kind=PartKind.DECISION))
    confidence = min(one.evidence.probability, other.evidence.probability)
    return Composition(confidence, tuple(sentences), citations, short)


def _conclusion(comparison: Comparison, one: _Figure, other: _Figure) -> str:
    """Return what follows from two figures; the figures as the articles write them."""
    ahead = _ahead(comparison, one, other)
    if comparison.form is Form.BOTH:
        return f"{one.words}; {other.words}"
    if comparison.form is Form.WHETHER:
        return DECISIONS[0 if ahead else 1].rstrip(".")
    if comparison.form is Form.DIFFERENCE:
        return f"{_difference(one, other)} ({one.words} and {other.words})"
    item, first, second = (
        (comparison.items[0], one, other) if ahead else (comparison.items[1], other, one)
    )
    return f"{_capitalised(item)}: {first.words} against {second.words}"


def _capitalised(item: str) -> str:
    return f"{item[0].upper()}{item[1:]}"


def _ahead(comparison: Comparison, one: _Figure, other: _Figure) -> bool:
    """Return whether the first thing is the one that a question asks for, or is more."""
    years = all(_YEARS[0] < figure.value < _YEARS[1] for figure in (one, other))
    larger = comparison.larger != (comparison.of_age and years)  # the older one has the lesser year
    return one.value > other.value if larger else one.value < other.value


def _difference(one: _Figure, other: _Figure) -> str:
    by = round(abs(one.value - other.value), 6)
    if one.is_day:
        return f"{by:.0f} day{'s' * (by != 1)}"
    sign = next((m[0] for f in (one, other) if (m := _SIGN.match(f.words))), "")
    return f"{sign}{by / _MILLION:.6g} million" if by >= _MILLION else f"{sign}{by:,.10g}"
