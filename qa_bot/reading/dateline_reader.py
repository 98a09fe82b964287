"""Answer "where was the report filed from?" with the place in the dateline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.news import Dateline, find_dateline
from qa_bot.text import split_sentences, words

_REPORT = r"(?:report|article|story|dispatch|piece|item)"
_ASKS = re.compile(
    r"\bdateline[ds]?\b"
    rf"|\b(?:where|(?:which|what) (?:city|town|place|capital))\b.*\b{_REPORT}s?\b"
    r".*\b(?:filed|sent|written|reported|cabled)\b",
    re.IGNORECASE,
)
_PROBABILITY = 0.9  # that the place in a dateline answers; chosen by hand


def asks_dateline(question: str) -> bool:
    """Return whether a question asks where a report was filed from.

    >>> asks_dateline("Where was the report filed from?"), asks_dateline("Where did he report?")
    (True, False)
    """
    return bool(_ASKS.search(question))


def read_dateline(question: str, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the dateline of the best article that has one, if the question asks for it.

    If the question names a publisher or an agency, only articles of that source count.
    """
    if not asks_dateline(question):
        return ()
    found = [(hit, line) for hit in hits if (line := find_dateline(hit.passage.article.text))]
    named = [(hit, line) for hit, line in found if _names_source(question, hit, line)]
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
