"""The words of everyday English, with how frequent they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_DICTIONARY = "frequency_dictionary_en_82_765.txt"


@cache
def english_words() -> Mapping[str, int]:
    """Return 82,834 words in lower case with their counts in books and on the web.

    The list is the one that symspellpy brings.
    """
    text = (files("symspellpy") / _DICTIONARY).read_text(encoding="utf-8-sig")
    return {word: int(count) for word, count in (line.split() for line in text.splitlines())}
