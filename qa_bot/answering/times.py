"""Resolve the times in evidence for a question "when" to days, from each article's own date."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa_bot.answer import Citation, When
from qa_bot.datatypes import Article, Evidence, Span
from qa_bot.news.times import Moment, find_moments
from qa_bot.text import squeeze

_CLOCK = re.compile(r"\d[.:]\d\d|\d ?[ap]\.?m\b|\bo[’']clock|\bnoon|\bmidnight", re.IGNORECASE)
_NEXT_CHARS = 4
_YEAR = re.compile(r"\d{4}")


def resolve_times(evidence: Iterable[tuple[Evidence, Citation]]) -> tuple[When, ...]:
    """Return the first time in each answer, with its citation."""
    return tuple(
        make_when(moment, citation)
        for one, citation in evidence
        if one.answer
        for moment in _within(one.article, one.answer)[:1]
    )


def _within(article: Article, answer: Span) -> list[Moment]:
    """Return the times within an answer, or the day right after an hour: "at 9.40 p.m. on …"."""
    moments = find_moments(article.text, article.published)
    over = [m for m in moments if m.words.start < answer.end and answer.start < m.words.end]
    clock = _CLOCK.search(article.text[slice(*answer)])
    next_to = [m for m in moments if 0 <= m.words.start - answer.end <= _NEXT_CHARS]
    return over or (next_to if clock else [])


def make_when(moment: Moment, citation: Citation) -> When:
    """Return a time of a cited article in the form of an answer."""
    words = citation.article.text[slice(*moment.words)]
    return When(citation.number, *moment.words, squeeze(words), moment.iso, str(moment))


def adds_year(one: When) -> bool:
    """Return whether the resolved day adds the year that the quoted words lack."""
    return not _YEAR.search(one.words)
