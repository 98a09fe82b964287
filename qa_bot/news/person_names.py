"""Find the names of persons in a text, and tell whether words of a question are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from qa_bot.datatypes import Span
from qa_bot.news.role_words import WORD, is_role
from qa_bot.text import CALENDAR_NAMES, CONNECTORS, english_words, is_function_word, words

# "Vell’s", "Vell Rovers"; not "Vell Monday".
_NAMES_MORE = re.compile(
    rf"[’']s\b|\s(?!(?:{'|'.join(sorted(CALENDAR_NAMES))})\b)(?-i:[A-Z][a-z])", re.IGNORECASE
)
_HONORIFICS = frozenset(
    {"former", "then", "ex", "mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof"}
)
_NO_FIRST_NAMES = _HONORIFICS | {"yesterday", "today", "however", "meanwhile", "later", "still"}
_BETWEEN = r"[^\w,;:\n]{1,5}"  # two words of a name
_WORD_BEFORE = re.compile(r"(?<![\w’'.-])([^\W_][\w’'.-]{0,40})\s\Z")
_LONGEST_NAME, _LONGEST_FIRST_NAMES = 6, 80  # words; characters
_LONGEST_ABBREVIATION = 4  # characters with the full stop: "J.", "St.", "Wm."
_SMALL_WORDS = frozenset(CONNECTORS.split("|"))


def is_name(asked: str) -> bool:
    """Return whether words are surely a name, and not some other words after "who is".

    With capitals all of them have one; in small letters none is a word of everyday English.

    >>> [is_name(one) for one in ("Ana Vell", "petr kolar", "mayor now", "FIFA president")]
    [True, True, False, False]
    """
    own = [word for word in WORD.findall(asked) if word.lower() not in _SMALL_WORDS]
    if not own:
        return False
    if asked != asked.lower():
        return all(word[0].isupper() for word in own) and not is_role(own[-1])
    everyday = english_words()
    return all(word not in everyday for word in own)


def is_mentioned(text: str, name: str) -> bool:
    """Return whether a text names a person, if only by the last name.

    "Ben Vell" is no mention of Ana Vell, nor is "Vell" where only he is named; "Mayor Vell" is one.
    """
    asked = _without_title(name)
    folded = "".join(map(_folded, text))
    named = [
        words(text[_first_name(text, match.start()) : match.end()])
        for match in (re.finditer(rf"\b{re.escape(asked[-1])}\b", folded) if asked else ())
        if text[match.start()].isupper()
    ]
    others = any(len(set(own) - _NO_FIRST_NAMES) > 1 for own in named)
    return any(asked[0] in own or not others for own in named)


def find_mentions(text: str, name: str) -> Iterator[Span]:
    """Yield the places of a name in a text, each with the first names before a last name.

    The text has every word of the name with a capital. "Vell’s" and "Vell Rovers" mention no Vell.
    """
    asked = _without_title(name)
    if not asked or asked[-1] in CALENDAR_NAMES:
        return
    folded = "".join(map(_folded, text))
    first, *others = map(re.escape, asked)
    middle = rf"{_BETWEEN}(?:\w{{1,20}}\.?\s)?" if others else ""
    for match in re.finditer(rf"\b{first}{middle}{_BETWEEN.join(others)}\b", folded):
        found = text[slice(*match.span())]
        capitals = [word for word in found.split() if word not in _SMALL_WORDS]
        if all(w[0].isupper() for w in capitals) and not _NAMES_MORE.match(text, match.end()):
            yield Span(_first_name(text, match.start()), match.end())


def _without_title(name: str) -> list[str]:
    """Return the last words of a name, in lower case without accents, and without titles.

    They are at most six. "Foreign Minister Sergei Lavrov" has the title up to "Minister".
    """
    asked = words(name)[-_LONGEST_NAME:]
    titles = [i for i, word in enumerate(asked[:-1]) if is_role(word) or word in _HONORIFICS]
    return asked[titles[-1] + 1 :] if titles else asked


def _folded(char: str) -> str:
    """Return a character in lower case without accents."""
    return (unicodedata.normalize("NFKD", char.lower()) or char)[0]


def _first_name(text: str, start: int) -> int:
    """Return where the capitalised words before a name begin that are neither role nor date."""
    least = max(0, start - _LONGEST_FIRST_NAMES)
    while before := _WORD_BEFORE.search(text[least:start]):
        word = before[1]
        low = word.lower().rstrip(".")
        other = is_role(low) or low in CALENDAR_NAMES or is_function_word(low)
        acronym = word.isupper() and len(word) > 1
        ends_sentence = word.endswith(".") and len(word) > _LONGEST_ABBREVIATION
        if other or acronym or ends_sentence or not word[0].isupper():
            break
        start = least + before.start()
    return start
