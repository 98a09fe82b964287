"""Tell questions in other languages from English ones."""

from __future__ import annotations

import re
from collections.abc import Collection

from qa_bot.text import english_words, words

_EVERYDAY = 3_000_000  # least count of an everyday word of English; chosen by hand
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[^\W\d_]", re.ASCII)


def is_foreign(question: str, known: Collection[str]) -> bool:
    """Return whether half of a question's words, at least two, are no everyday English.

    Capitalised words may be names and do not count, except the first. A question in letters that
    are mostly not Latin is foreign too.

    Args:
        question: in one line.
        known: words of the articles in lower case without accents, which count as English.

    >>> is_foreign("Wer hat die Wahl gewonnen?", {"harbour"})
    True
    >>> is_foreign("Who is Jürgen Großmann suing?", {"harbour"})
    False
    """
    letters = "".join(_WORD.findall(question))
    if 2 * len(_LATIN.findall(letters)) < len(letters):
        return not any(word in known for word in words(question))
    first, *others = _WORD.findall(question) or [""]
    counted = words(" ".join([first, *(word for word in others if not word[0].isupper())]))
    strange = [w for w in counted if english_words().get(w, 0) < _EVERYDAY and w not in known]
    return len(strange) > 1 and 2 * len(strange) >= len(counted)
