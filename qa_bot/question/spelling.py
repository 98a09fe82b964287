"""Correct the spelling of a question by the words of the articles and everyday ones.

A word is left alone if the articles or everyday English have it in any form. Any other is
replaced only by a word that begins with the same letter and differs by one slip (two from eight
letters on), a slip being a letter added, left out, replaced, or swapped with the next (Damerau).
Of several the one with the fewest slips is taken, then one of the articles, then one of which a
letter is missing or out of place, then the more frequent one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from rapidfuzz.distance import OSA

from qa_bot.text import words

_WORD = re.compile(r"[^\W\d_]{4,}")
_QUOTED = re.compile(r"[“\"«„][^“”\"«»„]*[”\"»]")
# Short forms as people type them: "whats", "didnt".
_SHORT_FORM = re.compile(r"(?:what|who|where|when|how|that|there|here)s|\w+nt|youre|theyre|theyve")
_BEGINNINGS = re.findall(
    r"\w+",
    """what which when where whose whom does were will would could should have list name tell give
    show explain describe during after before between according summarise summarize compare""",
)
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly")
_LONG = 8  # letters from which two slips are mended


def unknown_words(question: str, everyday: Collection[str]) -> list[str]:
    """Return the words, in lower case without accents, that everyday English does not have.

    Quotations, words of fewer than four letters and words in capitals are left out.

    >>> unknown_words("why is the new brige late", {"late"})
    ['brige']
    """
    return [_plain(m[0]) for m in _words(question) if not _is_everyday(_plain(m[0]), everyday)]


def correct_spelling(
    question: str, unknown: Collection[str], near: Iterable[str], everyday: Mapping[str, int]
) -> str:
    """Return the question with its unknown words replaced, where a known one is near enough.

    A capitalised word may be a name: only a word of the articles replaces it, and a word that
    begins questions the first one.

    Args:
        question: in one line.
        unknown: its words, in lower case without accents, that no article has.
        near: words of articles about the matter, in lower case without accents.
        everyday: words in lower case with how frequent they are.

    >>> words = {"late": 9, "bridge": 3, "bride": 4}
    >>> correct_spelling("why is the new brige late", ["brige"], [], words)
    'why is the new bridge late'
    >>> correct_spelling("Who is Thackrov?", ["thackrov"], ["thackrow"], {"thackray": 7})
    'Who is Thackrow?'
    """
    of_articles = dict.fromkeys(near)
    parts, position = [], 0
    for match in _words(question):
        word = _plain(match[0])
        if word not in unknown:
            continue
        found = _nearest(word, of_articles, _allowed(match, everyday))
        if found:
            parts += [question[position : match.start()], _in_case(found, match[0])]
            position = match.end()
    return "".join([*parts, question[position:]])


def _allowed(word: re.Match[str], everyday: Mapping[str, int]) -> Mapping[str, int]:
    """Return the everyday words that may replace a word of a question."""
    if not word[0][0].isupper():
        return everyday
    return {one: everyday.get(one, 0) for one in _BEGINNINGS} if word.start() == 0 else {}


def _words(question: str) -> list[re.Match[str]]:
    quoted = [match.span() for match in _QUOTED.finditer(question)]
    return [
        match
        for match in _WORD.finditer(question)
        if not match[0].isupper() and not any(a <= match.start() < b for a, b in quoted)
    ]


def _is_everyday(word: str, everyday: Collection[str]) -> bool:
    if word in everyday or _SHORT_FORM.fullmatch(word):
        return True
    if word.endswith("men") and f"{word[:-2]}an" in everyday:
        return True
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(stem in everyday or f"{stem}e" in everyday for stem in stems if len(stem) > 2)


def _nearest(word: str, of_articles: Mapping[str, None], everyday: Mapping[str, int]) -> str:
    """Return the nearest word, in the order that the module describes; empty for none."""
    most = 2 if len(word) >= _LONG else 1
    slips = partial(OSA.distance, word, score_cutoff=most)
    near = [
        (
            slips(other),
            other not in of_articles,
            len(other) <= len(word) and sorted(other) != sorted(word),
            -everyday.get(other, 0),
            other,
        )
        for other in (*of_articles, *everyday)
        if other[:1] == word[0] and abs(len(other) - len(word)) <= most and len(other) > 2
    ]
    best = min(near, default=(most + 1, True, True, 0, ""))
    return best[-1] if best[0] <= most else ""


def _plain(word: str) -> str:
    return "".join(words(word))


def _in_case(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word
