"""Answer "where was the report filed from?" with the place in the dateline."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.news import Dateline, find_dateline
from qa_bot.question import Kind, Question
from qa_bot.text import split_sentences, words

_PROBABILITY = 0.9  # that the place in a dateline answers; chosen by hand


def read_dateline(question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the dateline of the best article that has one, if the question asks for it.

    If the question names a publisher or an agency, only articles of that source count.
    """
    if question.kind is not Kind.DATELINE:
        return ()
    found = [(hit, line) for hit in hits if (line := find_dateline(hit.passage.article.text))]
    named = [(hit, line) for hit, line in found if _names_source(question.standalone, hit, line)]
    return tuple(_evidence(hit, line) for hit, line in (named or found)[:1])


def _names_source(question: str, hit: Hit, line: Dateline) -> bool:
    asked = set(words(question))
    return any(
        name and set(words(name)) <= asked for name in (hit.passage.article.publisher, line.agency)
    )


def _evidence(hit: Hit, line: Dateline) -> Evidence:
    text = hit.passage.article.text
    start = text.index(line.place, line.start)
    place = Span(start, start + len(line.place))
    over = [s for s in split_sentences(text) if s.start < place.end and s.end > place.start]
    return Evidence(hit, over[0].start, over[-1].end, _PROBABILITY, place)
