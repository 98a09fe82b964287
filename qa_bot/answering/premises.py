"""Names in a question that none of the articles found mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa_bot.datatypes import Hit, Published
from qa_bot.news.times import find_moments
from qa_bot.text import LOWER, UPPER, is_function_word, stem, words

_CAPITAL = rf"{UPPER}{LOWER}[\w’'-]+"  # "EU" may be written out in the articles
_NAME = re.compile(rf"(?<=[\w,;] )\b{_CAPITAL}(?:\s+{_CAPITAL})*")


def unmentioned(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names in a question of which no article found has every word, in order.

    Times are no names. The words of an article are those of its title, publisher and text.
    """
    days = {
        place for m in find_moments(question, Published(date.today())) for place in range(*m.words)
    }
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}.values()
    said = [_stems(f"{a.title} {a.publisher or ''} {a.text}") for a in articles]
    names = [m for m in _NAME.finditer(question) if m.start() not in days]
    return tuple(
        re.sub(r"[’']s$", "", m[0])
        for m in names
        if (needed := _stems(m[0])) and not any(needed <= one for one in said)
    )


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if len(word) > 1 and not is_function_word(word)}
