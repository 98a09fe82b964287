"""A question for the course of things → dated sentences in the order of what happened.

"What happened between … and …", "how did … develop". Each entry is a sentence of an article that
tells a time, quoted whole, under the day that it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from qa_bot.answer import Citation, Sentence
from qa_bot.answering.conflicts import Embed
from qa_bot.answering.draft import Draft
from qa_bot.answering.premises import unmentioned
from qa_bot.answering.times import when
from qa_bot.datatypes import Article, Hit, Published, Span
from qa_bot.news import find_boilerplate, find_dateline
from qa_bot.news.times import Moment, find_moments
from qa_bot.text import content_words, overlap_coefficient, split_sentences, squeeze, terms

_WHERE = "between|from|since|in|during|before|after|around|with|at|on|over|this|last|next"
_COURSE = "develop|unfold|evolve|proceed|progress|come about|go on|play out"
_ASKS = re.compile(
    rf"\bwhat (?:has |had |all )?happened (?:{_WHERE})\b"
    rf"|\bhow (?:did|has|have|had) .{{3,120}}?\b(?:{_COURSE})(?:ed)?"
    rf"(?:\s*[?.,]|\s*$|\s+(?:{_WHERE}|day)\b)"
    r"|\b(?:timeline|chronology|sequence of events|the course of)\b"
    r"|\bwhat (?:were|are) the (?:main |key |single )?(?:events|stages|steps)\b",
    re.IGNORECASE,
)
_ASKS_NEWS = re.compile(r"\b(?:what|which|anything|any|list)\b", re.IGNORECASE)
_ANYTHING = set(
    re.findall(
        r"\w+",
        """happen happened happening happens took take taken takes place event events thing things
        news new report reported reports occur occurred occurs go going went list anything
        everything main important major big article articles story stories headlines planned
        scheduled expected due set""",
    )
)
_AHEAD = re.compile(r"\b(?:will|going to|planned|scheduled|expected|due|set to)\b", re.IGNORECASE)
_TELLS = 0.6  # of the best article's score that another must have
_ENTRIES, _OF_ARTICLE = 10, 2
_ON_TOPIC = 0.4  # of the best sentence's cosine that another must have
_NEAR = 0.25  # cosine that a sentence must have to the question at least
_VAGUE = 0.15  # taken off for what is not known to the day
_SENTENCES = 24  # of an article, looked at
_LEAD_BONUS = 0.1  # the first sentences tell what happened
_SAME = 0.6
_RELEVANT = 0.35


@dataclass(frozen=True, slots=True)
class _Event:
    hit: Hit
    sentence: Span
    moment: Moment
    score: float

    @property
    def text(self) -> str:
        return self.hit.passage.article.text[slice(*self.sentence)]


def asks_timeline(question: str) -> bool:
    """Return whether a question asks for the course of things.

    >>> asks_timeline("How did the strike develop?"), asks_timeline("What happened?")
    (True, False)
    """
    return bool(_ASKS.search(question)) or asks_day(question)


def asks_day(question: str) -> bool:
    """Return whether a question asks what happened at a time, and names nothing else.

    >>> asks_day("What happened on 16 June?"), asks_day("What happened in Geneva on 16 June?")
    (True, False)
    """
    return (
        bool(_ASKS_NEWS.search(question))
        and not set(content_words(_topic(question))) - _ANYTHING
        and bool(find_moments(question, Published(date.today())))
    )


def tell_events(
    question: str,
    hits: Sequence[Hit],
    embed: Embed,
    days: tuple[date, date] | None,
) -> Draft | None:
    """Return the events in order, or None where nothing relevant tells any.

    Args:
        question: for the course of things.
        hits: passages about it, best first.
        embed: unit vectors of sentences.
        days: the first and last day asked about; None: all.
    """
    if not hits or hits[0].score < _RELEVANT or unmentioned(question, hits):
        return None
    found = list(_candidates(hits, days, ahead=bool(_AHEAD.search(question))))
    if not found:
        return None
    weighed = found if asks_day(question) else _on_topic(question, found, embed)
    if not weighed:
        return None
    chosen = _chosen(sorted(weighed, key=lambda e: -e.score))
    chosen.sort(key=lambda e: (e.moment.first, e.moment.last, e.sentence.start))
    citations = tuple(
        Citation(n, e.hit.passage.article, *e.sentence) for n, e in enumerate(chosen, start=1)
    )
    return Draft(
        tuple(
            Sentence(squeeze(e.text), (c.number,), lead=str(e.moment))
            for e, c in zip(chosen, citations, strict=True)
        ),
        citations,
        confidence=hits[0].score,
        when=tuple(when(e.moment, c) for e, c in zip(chosen, citations, strict=True)),
        timeline=True,
    )


def _on_topic(question: str, events: Sequence[_Event], embed: Embed) -> list[_Event]:
    """Return the events near to what the question is about, their cosine added to the score."""
    topic, *told = embed(
        [_topic(question), *(f"{e.hit.passage.article.title}. {e.text}" for e in events)]
    )
    cosines = np.stack(told) @ topic
    return [
        replace(event, score=event.score + float(cosine))
        for event, cosine in zip(events, cosines, strict=True)
        if cosine >= max(_ON_TOPIC * cosines.max(), _NEAR)
    ]


def _topic(question: str) -> str:
    """Return a question without the times in it, which are told otherwise in sentences."""
    days = [m.words for m in find_moments(question, Published(date.today()))]
    return squeeze("".join(question[a:b] for a, b in _outside(days, len(question))))


def _outside(spans: Sequence[Span], end: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for span in spans for edge in span), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _candidates(
    hits: Sequence[Hit], days: tuple[date, date] | None, *, ahead: bool
) -> Iterator[_Event]:
    """Yield the sentences that tell a time within the days, each article once, no copies.

    What had not come when the article appeared is told only where what lies ahead is asked for.
    """
    seen: set[str] = set()
    for hit in hits:
        article = hit.passage.article
        if article.id in seen or hit.score < _TELLS * hits[0].score:
            continue
        seen |= {article.id, *(copy.id for copy in hit.copies)}
        begin = max((s.end for s in find_boilerplate(article.text) if s.start == 0), default=0)
        line = find_dateline(article.text)
        moments = [
            m
            for m in find_moments(article.text, article.published)
            if line is None or m.words.start >= line.end
        ]
        for number, sentence in enumerate(split_sentences(article.text, begin)[:_SENTENCES]):
            told = [m for m in moments if sentence.start <= m.words.start < sentence.end]
            happened = [
                m
                for m in told
                if _within(m, days) and m.precision != "year" and (ahead or _is_past(m, article))
            ]
            if happened:
                finest = min(happened, key=lambda m: ((m.last - m.first).days, m.words.start))
                vague = finest.precision != "day"
                score = hit.score + _LEAD_BONUS * (number < 2) - _VAGUE * vague
                yield _Event(hit, sentence, finest, score)


def _is_past(moment: Moment, article: Article) -> bool:
    """Return whether a time had come when its article appeared."""
    return article.published is not None and moment.first <= article.published.last


def _within(moment: Moment, days: tuple[date, date] | None) -> bool:
    return days is None or (days[0] <= moment.first and moment.last <= days[1])


def _chosen(events: Sequence[_Event]) -> list[_Event]:
    """Return the best events, at most so many of an article, none told twice."""
    chosen: list[_Event] = []
    for event in events:
        own = [e for e in chosen if e.hit.passage.article.id == event.hit.passage.article.id]
        if len(own) < _OF_ARTICLE and not any(_told_alike(event, e) for e in chosen):
            chosen.append(event)
        if len(chosen) == _ENTRIES:
            break
    return chosen


def _told_alike(one: _Event, other: _Event) -> bool:
    if one.moment.last < other.moment.first or other.moment.last < one.moment.first:
        return False
    a, b = set(terms(one.text)), set(terms(other.text))
    return overlap_coefficient(a, b) >= _SAME
