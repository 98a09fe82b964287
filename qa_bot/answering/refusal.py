"""Why the articles do not answer a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.answer import Refusal, RefusalReason
from qa_bot.answering.premises import unmentioned
from qa_bot.datatypes import Article, Coverage, Evidence, Hit
from qa_bot.filters import Filters

_NEAREST = 3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RELEVANT = 0.35  # a best hit with less is about something else


def _refuse(
    question: str,
    chosen: Sequence[Evidence],
    hits: Sequence[Hit],
    coverage: Coverage,
    filters: Filters,
    threshold: float,
) -> Refusal | None:
    if coverage.articles == 0:
        return _nothing_searched(coverage, filters)
    nearest = _nearest(hits)
    if year := _year_outside(question, coverage, chosen):
        message = f"The articles don't say: they cover {_period(coverage)}, not {year}."
        return Refusal(RefusalReason.OUTSIDE_DATES, message, nearest)
    if not chosen or hits[0].score < _RELEVANT:
        message = f"Nothing in the {_articles(coverage.articles)} searched is about this."
        return Refusal(RefusalReason.NOTHING_RELEVANT, message, nearest)
    if chosen[0].probability < threshold:
        if names := unmentioned(question, hits):
            lacking = " or ".join(names)
            message = f"The articles don't say: none of those found mentions {lacking}."
            return Refusal(RefusalReason.FALSE_PREMISE, message, nearest)
        message = (
            "The articles don't say. The nearest ones are about the subject, "
            "but no sentence in them answers the question."
        )
        return Refusal(RefusalReason.NOT_ANSWERED, message, nearest)
    return None


def _nothing_searched(coverage: Coverage, filters: Filters) -> Refusal:
    if coverage.in_index == 0:
        message = "The index holds no articles yet. Add some with: qa-bot build ARTICLES"
        return Refusal(RefusalReason.EMPTY_INDEX, message)
    if not filters.dated:
        message = "No article is of the publisher, or has the ids, asked for."
        return Refusal(RefusalReason.NOTHING_RELEVANT, message)
    left_out = f" ({_articles(coverage.left_out)} left out: no exact date)"
    message = "No article lies within the dates asked for"
    return Refusal(
        RefusalReason.OUTSIDE_DATES, f"{message}{left_out if coverage.left_out else ''}."
    )


def _year_outside(question: str, coverage: Coverage, chosen: Sequence[Evidence]) -> str | None:
    """Return a year in the question outside the articles' dates and in no passage of evidence."""
    if coverage.first is None or coverage.last is None:
        return None
    for year in _YEAR.findall(question):
        outside = not coverage.first.year <= int(year) <= coverage.last.year
        if outside and not any(year in e.hit.passage.text for e in chosen):
            return str(year)
    return None


def _nearest(hits: Sequence[Hit]) -> tuple[Article, ...]:
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}
    return tuple(articles.values())[:_NEAREST]


def _period(coverage: Coverage) -> str:
    return f"{_date(coverage.first)} to {_date(coverage.last)}"


def _date(day: object) -> str:
    return f"{day:%-d %B %Y}"


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
