"""An answer to "when?" → the days that its words stand for, seen from its article's own date."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa_bot.answer import Citation, When
from qa_bot.datatypes import Article, Evidence, Span
from qa_bot.news.times import Moment, find_moments
from qa_bot.text import squeeze

_ASKS_WHEN = re.compile(
    r"^(?:and |so |but )?(?:since |until |till |from |by )?when\b|"
    r"\bwhen (?:did|do|does|was|were|is|are|will|would|has|have|had|can|should)\b|"
    r"\b(?:what|which) (?:date|day|weekday|month|year)\b|\bhow long ago\b|\bdate\?*$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d[.:]\d\d|\d ?[ap]\.?m\b|\bo[’']clock|\bnoon|\bmidnight", re.IGNORECASE)
_BESIDE_CHARS = 4
_YEAR = re.compile(r"\d{4}")


def asks_when(question: str) -> bool:
    """Return whether a question asks for a time.

    >>> asks_when("When did they meet?"), asks_when("Who spoke when they met?")
    (True, False)
    """
    return bool(_ASKS_WHEN.search(question.strip()))


def told_times(evidence: Iterable[tuple[Evidence, Citation]]) -> tuple[When, ...]:
    """Return the time that each answer stands for, with the citation that it is in.

    An answer that runs over several times stands for the first.
    """
    return tuple(
        when(moment, citation)
        for one, citation in evidence
        if one.answer
        for moment in _within(one.article, one.answer)[:1]
    )


def _within(article: Article, answer: Span) -> list[Moment]:
    """Return the times that an answer runs over, or else the one beside it: "at 9.40 p.m. on …"."""
    moments = find_moments(article.text, article.published)
    over = [m for m in moments if m.words.start < answer.end and answer.start < m.words.end]
    clock = _CLOCK.search(article.text[slice(*answer)])
    beside = [m for m in moments if 0 <= m.words.start - answer.end <= _BESIDE_CHARS]
    return over or (beside if clock else [])


def when(moment: Moment, citation: Citation) -> When:
    """Return the time as an answer gives it."""
    words = citation.article.text[slice(*moment.words)]
    return When(citation.number, *moment.words, squeeze(words), moment.iso, str(moment))


def adds_to(one: When) -> bool:
    """Return whether the days say more than the words do, which may have the year already."""
    return not _YEAR.search(one.words)


def times_of(article: Article, place: Span) -> set[str]:
    """Return the times told within a place of an article, as people write them."""
    return {str(moment) for moment in _told_in(article, place)}


def time_statements(article: Article, place: Span) -> set[str]:
    """Return all that an answer may state of the times told within a place of an article."""
    nowhere = Citation(0, article, 0, 0)
    return {when(moment, nowhere).statement for moment in _told_in(article, place)}


def _told_in(article: Article, place: Span) -> list[Moment]:
    moments = find_moments(article.text, article.published)
    return [m for m in moments if m.words.start < place.end and place.start < m.words.end]
