"""Tell questions in other languages from English ones."""

from __future__ import annotations

import re
from collections.abc import Collection

from qa_bot.text import english_words, words

_EVERYDAY = 3_000_000  # least count of an everyday word of English; chosen by hand
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_FEWEST = 3  # strange words of a question in plain letters: "covid lockdown" is English
# Words that few other languages have; "was", "are", "had" and "any" are in several.
_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """the does did who whose what how why where when which were have been and with
        from about there this that these those they their would could should many much""",
    )
)


def is_foreign(question: str, known: Collection[str]) -> bool:
    """Return whether half of a question's words are no English.

    They are at least three, or two if one has a letter with a mark. Capitalised words may be names
    and do not count, except the first. A question in letters that are mostly not Latin is foreign
    too, and one with a word such as "the" is not.

    Args:
        question: in one line.
        known: words of the articles in lower case without accents, which count as English.

    >>> is_foreign("Wer hat die Wahl gewonnen, und warum?", {"harbour"})
    True
    >>> is_foreign("Who is Jürgen Großmann suing?", {"harbour"})
    False
    """
    asked = words(question)
    letters = "".join(_WORD.findall(question))
    if 2 * len(_LATIN.findall(letters)) < len(letters):
        return not any(word in known for word in asked)
    if not _ENGLISH.isdisjoint(asked):
        return False
    first, *others = _WORD.findall(question) or [""]
    counted = [first, *(word for word in others if not word[0].isupper())]
    strange = [word for word in counted if _is_strange(word, known)]
    fewest = _FEWEST if all(map(str.isascii, strange)) else _FEWEST - 1
    return len(strange) >= fewest and 2 * len(strange) >= len(counted)


def _is_strange(word: str, known: Collection[str]) -> bool:
    plain = "".join(words(word))
    return english_words().get(plain, 0) < _EVERYDAY and plain not in known
