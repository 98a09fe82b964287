"""Split a text into words, content words and stemmed terms, all in lower case."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about above after again against all also am an and any are as at be because been before
        being below between both but by can could did do does doing down during each few for from
        further had has have having he her here hers him his how i if in into is it its itself just
        me more most my no nor not of off on once only or other our out over own same she should so
        some such than that the their them then there these they this those through to too under
        until up upon us very was we were what when where which while who whom whose why will with
        would you your s t d ll re ve m tell give please many much long old far often""",
    )
)


def words(text: str) -> list[str]:
    """Return the words in order, in lower case and without accents, as SQLite FTS5 splits them.

    >>> words("Célia's 16 June")
    ['celia', 's', '16', 'june']
    """
    letters = unicodedata.normalize("NFKD", text.lower())
    return _WORD.findall("".join(char for char in letters if not unicodedata.combining(char)))


def content_words(text: str) -> list[str]:
    """Return the words that are no function words, in order.

    >>> content_words("When did the leaders meet in Geneva's villa?")
    ['leaders', 'meet', 'geneva', 'villa']
    """
    return [word for word in words(text) if word not in _FUNCTION_WORDS]


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter stem of a lower-case word, as SQLite FTS5 computes it.

    >>> stem("negotiations") == stem("negotiation")
    True
    """
    return str(_stemmer().stemWord(word))


def terms(text: str) -> tuple[str, ...]:
    """Return the stems of the content words in order, without duplicates.

    >>> terms("the talks about talking")
    ('talk',)
    """
    return tuple(dict.fromkeys(stem(word) for word in content_words(text)))


def is_function_word(word: str) -> bool:
    """Return whether a lower-case word is a function word, such as "the" or "would"."""
    return word in _FUNCTION_WORDS


def xml_text(text: str) -> str:
    r"""Return a text without the characters that XML 1.0 does not allow.

    >>> xml_text("a\x01b")
    'ab'
    """
    return _NOT_IN_XML.sub("", text)


def squeeze(text: str) -> str:
    """Return the text on one line, with single spaces."""
    return " ".join(text.split())
