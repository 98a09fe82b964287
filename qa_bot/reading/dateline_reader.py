"""Asked where a report was filed from → the place in its dateline."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.news import Dateline, find_dateline
from qa_bot.question import Kind, Question
from qa_bot.text import split_sentences, words

_SURE = 0.9  # that a dateline is read rightly and belongs to the report that is meant


def read_dateline(question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the place in the dateline of the best article that has one, if that is asked for.

    Where the question names the publisher or agency of some, it is one of those.
    """
    if question.kind is not Kind.DATELINE:
        return ()
    found = [(hit, line) for hit in hits if (line := find_dateline(hit.passage.article.text))]
    named = [(hit, line) for hit, line in found if _is_named(question.standalone, hit, line)]
    return tuple(_evidence(hit, line) for hit, line in (named or found)[:1])


def _is_named(question: str, hit: Hit, line: Dateline) -> bool:
    asked = set(words(question))
    return any(
        name and set(words(name)) <= asked for name in (hit.passage.article.publisher, line.agency)
    )


def _evidence(hit: Hit, line: Dateline) -> Evidence:
    text = hit.passage.article.text
    start = text.index(line.place, line.start)
    place = Span(start, start + len(line.place))
    over = [s for s in split_sentences(text) if s.start < place.end and s.end > place.start]
    return Evidence(hit, over[0].start, over[-1].end, _SURE, place)
