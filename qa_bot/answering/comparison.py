"""Compare two things by the figure of each: which is more, whether one is, or by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from qa_bot.answer import DECISIONS, Citation, PartKind, Sentence
from qa_bot.answering.agreement import agree
from qa_bot.answering.composition import Composition
from qa_bot.answering.differences import same_unit
from qa_bot.answering.figures import (
    CURRENCY_SIGN,
    DURATIONS,
    SPEEDS,
    YEARS,
    Figure,
    appeared_together,
    are_comparable,
    day_of,
    plain_number,
)
from qa_bot.answering.ranking import rank
from qa_bot.answering.refusal import unsure
from qa_bot.datatypes import Article, Evidence, Hit, Span
from qa_bot.news.times import find_moments
from qa_bot.question import Comparison, Form, Question
from qa_bot.reading import Reading
from qa_bot.text import numbers, squeeze, terms

# Factor on the threshold of an answer: each of two different figures bears out that the other was
# found. Chosen by hand.
_BOTH = 0.8
_NEXT = 0.9  # share of the likeliest figure's probability that another one needs; chosen by hand
# What another figure may be of without its name: "last year", "a normal week".
_OF_ANOTHER_TIME = frozenset(
    terms(
        """last next previous year month week day season time election vote normal usual average
        before earlier ago now then today past first originally"""
    )
)
_MILLION = 1_000_000  # a difference from here on is written in millions
_STATES = re.compile(
    r"\b(?:than|before|after|followed by|ahead of|as \w+ as|outlast\w*)\b"
    r"|\bby (?:about |some |only )?[€$£¥]?\d",
    re.IGNORECASE,
)


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
    quoted = " ".join(citation.quote for citation in composition.citations)
    said = set(terms(quoted))
    if comparison.form is Form.BOTH:
        named = set(terms(" ".join(comparison.items))) - _OF_ANOTHER_TIME
        if named and not named & said:
            return _declined(composition, hits)
        return _with_other_figure(composition, readings, threshold, hits)
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
    own = plain_number(first, None)
    if own is None or _n_figures(first.article, Span(first.start, first.end)) > 1:
        return composition
    for other in others:
        figure = plain_number(other, None) if other.probability >= _BOTH * threshold else None
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
) -> tuple[Figure, Figure] | None:
    """Return the figures of two answers, or None if they cannot be compared."""
    if comparison.how == "when" or (comparison.how == "how old" and day_of(one) and day_of(other)):
        first, second = day_of(one), day_of(other)
    else:
        first, second = plain_number(one, other), plain_number(other, one)
    if first is None or second is None or not are_comparable(first, second):
        return None
    return first, second


def _composition(
    comparison: Comparison, one: Figure, other: Figure, conclusion: str
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


def _conclusion(comparison: Comparison, one: Figure, other: Figure) -> str | None:
    """Return what follows from two figures, or None if they overlap or the question has it wrong.

    "How many more" has it wrong where there are fewer.
    """
    if one.low <= other.high and other.low <= one.high:
        return None
    if comparison.how == "how fast" and not any(
        {one.unit, other.unit} <= of for of in (DURATIONS, SPEEDS)
    ):
        return None
    if (
        comparison.how == "how old"
        and one.unit != "date"
        and not appeared_together(one.evidence, other.evidence)
    ):
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


def _ahead(comparison: Comparison, one: Figure, other: Figure) -> bool:
    """Return whether the first thing is the one that a question asks for, or is more.

    The older of two has the earlier date, the faster one the shorter time.
    """
    reverse = (comparison.how == "how old" and one.unit == "date") or (
        comparison.how == "how fast" and {one.unit, other.unit} & DURATIONS
    )
    larger = comparison.larger != bool(reverse)
    return one.low > other.high if larger else one.high < other.low


def _difference(one: Figure, other: Figure) -> str:
    by = round(abs(one.low - other.low), 6)
    if one.low > YEARS[1] and one.unit == "date":
        n, unit = (by, "day") if one.low == one.high else (by / 365.25, "year")
        return f"{n:.0f} {unit}{'s' * (round(n) != 1)}"
    sign = next((m[0] for f in (one, other) if (m := CURRENCY_SIGN.match(f.words))), "")
    return f"{sign}{by / _MILLION:.6g} million" if by >= _MILLION else f"{sign}{by:,.10g}"
