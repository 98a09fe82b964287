"""Find the notice of correction that withdraws a figure which an article gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa_bot.answer import Citation
from qa_bot.datatypes import Hit, Passage, Span
from qa_bot.news import corrections_in, exact_day, says_wrongly, withdrawn_in
from qa_bot.text import numbers, quantities, stem, terms

_LEAST_SHARED = 2  # terms of the cited sentence and of what is withdrawn; chosen by hand
_CURRENCIES = {"euro": "€", "eur": "€", "dollar": "$", "usd": "$", "pound": "£", "gbp": "£"}
_NEXT_WORD = re.compile(r"\W{0,2}([^\W\d_]+|%)")


def find_withdrawal(sentence: str, cited: Citation, hits: Sequence[Hit]) -> Citation | None:
    """Return the notice in a hit that withdraws a figure of a sentence and gives another one.

    The notice must not be older than the article that supports the sentence, and must share words
    with what is cited of it. A sentence about the mistake itself ("wrongly reported") stands.
    """
    if says_wrongly(sentence, Span(0, len(sentence))):
        return None
    day = exact_day(cited.article)
    for passage in (hit.passage for hit in hits):
        published = exact_day(passage.article)
        if day and published and published < day:
            continue
        for notice in corrections_in(passage.article.text, Span(passage.start, passage.end)):
            if _withdraws(passage, notice, sentence, cited.quote):
                return Citation(1, passage.article, *notice)
    return None


def _withdraws(passage: Passage, notice: Span, sentence: str, cited: str) -> bool:
    text = passage.article.text
    wrong, right = (
        " ".join(text[slice(*span)] for span in spans) for spans in withdrawn_in(text, notice)
    )
    said, mistaken = set(_figures(sentence)), set(_figures(wrong))
    units = {unit for _, unit in set(_figures(right)) - mistaken - said}
    withdrawn = {one for one in said & mistaken if one[1] in units}
    shared = {term for term in set(terms(cited)) & set(terms(wrong)) if not numbers(term)}
    return bool(withdrawn) and len(shared - {"million", "billion"}) >= _LEAST_SHARED


def _figures(text: str) -> Iterator[tuple[str, str]]:
    """Yield each number with what it counts: a currency, or the stem of the next word.

    >>> list(_figures("On March 2 it cost €9 million, 9 million euros, and had 40 boats."))
    [('9000000', '€'), ('9000000', '€'), ('40', 'boat')]
    """
    place, before = 0, ""
    for written, value in quantities(text):
        start = text.index(written, place)
        place = start + len(written)
        is_day = before.startswith("month")
        before = value
        if not value[:1].isdigit() or is_day:
            continue
        after = _NEXT_WORD.match(text, place)
        unit = stem(after[1].lower()) if after else ""
        sign = text[start - 1 : start] if start else ""
        yield value, sign if sign in ("€", "$", "£", "¥") else _CURRENCIES.get(unit, unit)
