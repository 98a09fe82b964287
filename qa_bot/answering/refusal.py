"""Find the reason to refuse an answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.answer import Citation, Refusal, RefusalReason
from qa_bot.answering.composition import Composition
from qa_bot.answering.premises import refuse_false_premise
from qa_bot.datatypes import Article, Coverage, Evidence, Hit
from qa_bot.filters import Filters
from qa_bot.news import find_mentions
from qa_bot.question import Question, is_foreign
from qa_bot.reading import is_named
from qa_bot.retrieval import Retrieval
from qa_bot.text import short_day, split_sentences, words

_NEAREST = 3
CLOSE = 0.05  # least probability, 0..1, of a sentence that is shown as the closest one
_UNSURE = "No sentence of the articles answers this for sure."
_UNSAID = "No sentence that answers this was found. The nearest articles may be about it."
_LEFT_OPEN = "The closest sentence of the articles leaves it open."
_FOREIGN = "Please ask in English: too few words of this question are understood."
_DENIED = "The articles don't say so. The closest sentence in them says otherwise."
RELEVANT = 0.35  # score, 0..1, that the best hit needs to be about the question; chosen by hand


def find_refusal(
    question: Question, chosen: Sequence[Evidence], retrieval: Retrieval, threshold: float
) -> Refusal | None:
    """Return the refusal of a question, or None if the evidence answers it.

    Args:
        question: the question.
        chosen: the evidence for the answer, best first.
        retrieval: hits, coverage and filters.
        threshold: the least probability, 0..1, of the best evidence.
    """
    unasked = _not_asked_of_these(question, chosen, retrieval)
    if unasked or (chosen and chosen[0].probability >= threshold):
        return unasked
    coverage, hits = retrieval.coverage, retrieval.hits
    nearest = _nearest(hits)
    closest = (_closest(chosen[0]) if chosen else None) or _naming(question, hits)
    known = is_named(question, hits)
    if known and closest is None and (not chosen or hits[0].score < RELEVANT):
        message = f"Nothing about this was found in the {_articles(coverage.articles)} searched."
        return Refusal(RefusalReason.NOTHING_RELEVANT, message, nearest)
    message = _UNSURE if closest else _UNSAID
    unsaid = Refusal(RefusalReason.NOT_ANSWERED, message, nearest, closest)
    return refuse_false_premise(question, hits, nearest) or unsaid


def _not_asked_of_these(
    question: Question, chosen: Sequence[Evidence], retrieval: Retrieval
) -> Refusal | None:
    """Return the refusal of a question that no sentence of these articles can answer."""
    coverage, hits = retrieval.coverage, retrieval.hits
    if coverage.articles == 0:
        return _nothing_searched(coverage, retrieval.filters)
    if is_foreign(question.standalone, {word for hit in hits for word in words(hit.passage.text)}):
        return Refusal(RefusalReason.NOT_UNDERSTOOD, _FOREIGN)
    if year := _year_outside(question, coverage, chosen):
        message = f"The articles don't say: they cover {_period(coverage)}, not {year}."
        return Refusal(RefusalReason.OUTSIDE_DATES, message, _nearest(hits))
    return None


def decline_small_talk(coverage: Coverage) -> Composition:
    """Return what can be asked, as the answer to a text that asks nothing of any article."""
    if coverage.articles == 0:
        return Composition(0.0, refusal=_nothing_searched(coverage, Filters()))
    period = f", from {_period(coverage)}" if coverage.first else ""
    message = (
        f"Ask anything about the {_articles(coverage.articles)} here{period}: who, what, when, "
        "where, why or how many. Every answer quotes the sentences it comes from."
    )
    return Composition(0.0, refusal=Refusal(RefusalReason.NOT_A_QUESTION, message))


def left_open(hits: Sequence[Hit], closest: Citation) -> Refusal:
    """Return the refusal of a question that the closest sentence leaves open."""
    return Refusal(RefusalReason.NOT_ANSWERED, _LEFT_OPEN, _nearest(hits), closest)


def denied(hits: Sequence[Hit], closest: Citation) -> Refusal:
    """Return the refusal of a question about an event that the closest sentence denies."""
    return Refusal(RefusalReason.FALSE_PREMISE, _DENIED, _nearest(hits), closest)


def unsure(hits: Sequence[Hit], closest: Citation) -> Refusal:
    """Return the refusal of a question that the closest sentence does not answer for sure."""
    return Refusal(RefusalReason.NOT_ANSWERED, _UNSURE, _nearest(hits), closest)


def _closest(evidence: Evidence) -> Citation | None:
    """Return the sentence of evidence that is not sure enough for an answer, if it comes close."""
    if evidence.probability < CLOSE or evidence.stated:
        return None
    return Citation(1, evidence.article, evidence.start, evidence.end, evidence.speaker)


def _naming(question: Question, hits: Sequence[Hit]) -> Citation | None:
    """Return the first sentence that names the person whom a question asks about."""
    name = question.intent.person
    if name is None:
        return None
    for article in {hit.passage.article.id: hit.passage.article for hit in hits}.values():
        for sentence in split_sentences(article.text):
            if next(find_mentions(article.text[slice(*sentence)], name), None):
                return Citation(1, article, *sentence)
    return None


def _nothing_searched(coverage: Coverage, filters: Filters) -> Refusal:
    if coverage.in_index == 0:
        message = "The index holds no articles yet. Add some with: qa-bot build ARTICLES"
        return Refusal(RefusalReason.EMPTY_INDEX, message)
    if not filters.dated:
        message = (
            "No article is of the publisher, or has the ids, asked for."
            if filters.articles
            else f"No article is published by “{filters.publisher}”."
        )
        return Refusal(RefusalReason.NOTHING_RELEVANT, message)
    if filters.since and filters.last and filters.since > filters.last:
        since, last = short_day(filters.since), short_day(filters.last)
        message = f"No article lies within the dates asked for: {since} is after {last}."
        return Refusal(RefusalReason.OUTSIDE_DATES, message)
    left_out = f" ({_articles(coverage.left_out)} left out: no exact date)"
    message = "No article lies within the dates asked for"
    return Refusal(
        RefusalReason.OUTSIDE_DATES, f"{message}{left_out if coverage.left_out else ''}."
    )


def _year_outside(question: Question, coverage: Coverage, chosen: Sequence[Evidence]) -> int | None:
    """Return a year of the question that is outside the articles' dates and in no evidence."""
    if coverage.first is None or coverage.last is None:
        return None
    for year in question.years:
        outside = not coverage.first.year <= year <= coverage.last.year
        if outside and not any(str(year) in e.hit.passage.text for e in chosen):
            return year
    return None


def _nearest(hits: Sequence[Hit]) -> tuple[Article, ...]:
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}
    return tuple(articles.values())[:_NEAREST]


def _period(coverage: Coverage) -> str:
    assert coverage.first and coverage.last
    return f"{short_day(coverage.first)} to {short_day(coverage.last)}"


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
