"""Compose a timeline: dated sentences of several articles, in the order of the events.

Each entry is a whole sentence that mentions a time, led by the day of the event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from qa_bot.answer import Citation, PartKind, Sentence
from qa_bot.answering.composition import Composition
from qa_bot.answering.conflicts import Embed
from qa_bot.answering.premises import unmentioned_names
from qa_bot.answering.refusal import RELEVANT
from qa_bot.answering.times import make_when
from qa_bot.datatypes import Article, Hit, Span
from qa_bot.news import after_dateline, corrections_in, find_boilerplate, find_dateline
from qa_bot.news.times import Moment, find_moments
from qa_bot.question import Kind, Question, TimeRange
from qa_bot.text import overlap_coefficient, split_sentences, squeeze, terms

# Chosen by hand on the timelines of the sample articles and of eval/datasets/news.
_ARTICLE_SCORE = 0.6  # share, 0..1, of the best article's score that another one needs
_ENTRIES, _OF_ARTICLE = 6, 2  # entries at most, in all and of one article
_ON_TOPIC = 0.4  # share, 0..1, of the best sentence's cosine that another one needs
_NEAR = 0.25  # cosine to the topic, -1..1, that every sentence needs
_VAGUE = 0.15  # subtracted from the score of a time less precise than a day
_SENTENCES = 24  # sentences of an article that may be entries
_LEAD_BONUS = 0.1  # added to the score of the first two sentences, which report the event
_UNNAMED = 0.2  # subtracted from the score of a sentence that begins with a pronoun
_SAME = 0.6  # share, 0..1, of the shorter sentence's terms that makes two entries the same
_PRONOUN = re.compile(r"(?:he|she|it|they|this|that|these|those)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Event:
    hit: Hit
    sentence: Span
    moment: Moment
    score: float
    planned: bool  # it was still to come when its article appeared

    @property
    def article(self) -> Article:
        return self.hit.passage.article

    @property
    def text(self) -> str:
        return self.article.text[slice(*self.sentence)]


def compose_timeline(question: Question, hits: Sequence[Hit], embed: Embed) -> Composition | None:
    """Return the events that a question asks for in order, or None if no hit reports any.

    Args:
        question: a question of the kind TIMELINE or DAY.
        hits: best first.
        embed: embeds sentences as unit vectors.
    """
    if not hits or hits[0].score < RELEVANT or unmentioned_names(question, hits):
        return None
    found = list(_events(hits, question.time_range, future=question.intent.future))
    if found and question.kind is not Kind.DAY:
        found = _on_topic(question.topic, found, embed)
    if not question.intent.future:
        found = _without_old_plans(found, wanted=question.time_range is None)
    if not found:
        return None
    chosen = _choose(sorted(found, key=lambda e: -e.score))
    chosen.sort(key=lambda e: (e.moment.first, e.moment.last, e.sentence.start))
    citations = tuple(Citation(n, e.article, *e.sentence) for n, e in enumerate(chosen, start=1))
    return Composition(
        confidence=hits[0].score,
        sentences=tuple(map(_entry, chosen, citations)),
        citations=citations,
        when=tuple(make_when(e.moment, c) for e, c in zip(chosen, citations, strict=True)),
        timeline=True,
    )


def _entry(event: _Event, citation: Citation) -> Sentence:
    day = str(event.moment)
    return Sentence(squeeze(event.text), (citation.number,), lead=day, lead_kind=PartKind.TIME)


def _on_topic(topic: str, events: Sequence[_Event], embed: Embed) -> list[_Event]:
    """Return the events near the topic, with their cosine to it added to the score."""
    vector, *others = embed([topic, *(f"{e.article.title}. {e.text}" for e in events)])
    cosines = np.stack(others) @ vector
    return [
        replace(event, score=event.score + float(cosine))
        for event, cosine in zip(events, cosines, strict=True)
        if cosine >= max(_ON_TOPIC * cosines.max(), _NEAR)
    ]


def _without_old_plans(events: Sequence[_Event], *, wanted: bool) -> list[_Event]:
    """Return the events that had happened, and if wanted the newest article's that are to come."""
    newest = max(
        (e.article.published.last for e in events if e.article.published), default=date.min
    )
    return [
        e
        for e in events
        if not e.planned or (wanted and e.article.published and e.article.published.last == newest)
    ]


def _events(hits: Sequence[Hit], days: TimeRange | None, *, future: bool) -> Iterator[_Event]:
    """Yield the sentences that mention a time within the days, each story once.

    The day of an event is one that had come when its article appeared, if there is one; for a
    question about the future it is any.
    """
    seen: set[str] = set()
    for hit in hits:
        article = hit.passage.article
        if article.id in seen or hit.score < _ARTICLE_SCORE * hits[0].score:
            continue
        seen |= {article.id, *(copy.id for copy in hit.copies)}
        moments = _moments(article)
        for number, sentence in enumerate(_body(article)):
            fitting = [
                m
                for m in moments
                if sentence.start <= m.words.start < sentence.end
                and not _is_aside(article.text, m)
                and _within(m, days)
                and m.precision != "year"
            ]
            if fitting:
                past = [m for m in fitting if future or _is_past(m, article)] or fitting
                finest = min(past, key=lambda m: ((m.last - m.first).days, m.words.start))
                vague = finest.precision != "day"
                unnamed = bool(_PRONOUN.match(article.text, sentence.start))
                score = hit.score + _LEAD_BONUS * (number < 2) - _VAGUE * vague
                score -= _UNNAMED * unnamed
                planned = not _is_past(finest, article)
                yield _Event(hit, _whole(article.text, sentence), finest, score, planned)


def _is_aside(text: str, moment: Moment) -> bool:
    """Return whether a time is that of a thing or a state: "last month's vote", "since June"."""
    owns = text.startswith(("’s ", "'s "), moment.words.end)
    lasts = text.startswith(("since ", "until "), moment.words.start)
    return owns or (lasts and moment.precision != "day")


def _moments(article: Article) -> list[Moment]:
    """Return the times in an article after its dateline."""
    dateline = find_dateline(article.text)
    moments = find_moments(article.text, article.published)
    return [m for m in moments if dateline is None or m.words.start >= dateline.end]


def _body(article: Article) -> Sequence[Span]:
    """Return the first sentences after any boilerplate, without those that lead to a list."""
    begin = max((s.end for s in find_boilerplate(article.text) if s.start == 0), default=0)
    sentences = split_sentences(article.text, begin)[:_SENTENCES]
    return [s for s in sentences if not article.text.endswith(":", s.start, s.end)]


def _whole(text: str, sentence: Span) -> Span:
    """Return a sentence without its dateline, or the whole notice of correction around it."""
    for notice in corrections_in(text, sentence):
        return Span(min(notice.start, sentence.start), max(notice.end, sentence.end))
    return after_dateline(text, sentence)


def _is_past(moment: Moment, article: Article) -> bool:
    """Return whether a time had begun when its article appeared."""
    return article.published is not None and moment.first <= article.published.last


def _within(moment: Moment, days: TimeRange | None) -> bool:
    return days is None or (days[0] <= moment.first and moment.last <= days[1])


def _choose(events: Sequence[_Event]) -> list[_Event]:
    """Return the best events, few of one article and each only once."""
    chosen: list[_Event] = []
    for event in events:
        own = [e for e in chosen if e.article.id == event.article.id]
        if len(own) < _OF_ARTICLE and not any(_same_event(event, e) for e in chosen):
            chosen.append(event)
        if len(chosen) == _ENTRIES:
            break
    return chosen


def _same_event(one: _Event, other: _Event) -> bool:
    if one.moment.last < other.moment.first or other.moment.last < one.moment.first:
        return False
    a, b = set(terms(one.text)), set(terms(other.text))
    return overlap_coefficient(a, b) >= _SAME
