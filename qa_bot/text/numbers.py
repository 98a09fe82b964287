"""Numbers, months and weekdays of a text, in one notation: "5", "five" and "5.0" are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa_bot.text.calendar import MONTHS, WEEKDAYS

UNITS = {
    word: value
    for value, word in enumerate(
        re.findall(
            r"\w+",
            """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
            fifteen sixteen seventeen eighteen nineteen""",
        )
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
_SCALES = {
    "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mln": 10**6, "bln": 10**9,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_OTHER_WORDS = {"dozen": 12, "once": 1, "twice": 2}
_TOKEN = re.compile(
    r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:(?:k|m|bn)\b)?|(?<![^\W\d_])(?!and\b)[^\W\d_]+"
)
_BETWEEN = re.compile(r"[\s-]+(?:and\s+)?")
_SUFFIXES = {"k": 1_000, "m": 10**6, "bn": 10**9}
# These words count as numbers only next to others: "one of them", "a second time".
_VAGUE = frozenset({"one", "first", "second", "once", "third"})
# These count as months only with a number next to them: "Mrs May", "Jan said".
_ALSO_OTHER_WORDS = frozenset({"may", "march", "mar", "jan", "dec", "sep"})
_LONGEST_NUMBER = 10  # words


def numbers(text: str) -> frozenset[str]:
    """Return the numbers of a text, all in digits.

    >>> sorted(numbers("Seven of 1,150"))
    ['1150', '7']
    """
    return frozenset(value for _, value in quantities(text) if value[:1].isdigit())


def quantities(text: str) -> Iterator[tuple[str, str]]:
    """Yield each number, month and weekday: first as written, then in the common notation.

    >>> list(quantities("Two million on 3 May"))
    [('Two million', '2000000'), ('3', '3'), ('May', 'month 5')]
    >>> list(quantities("one hundred and five"))
    [('one hundred and five', '105')]
    """
    tokens = [(m[0], m.start()) for m in _TOKEN.finditer(text)]
    position = 0
    while position < len(tokens):
        word, start = tokens[position]
        lower = word.lower()
        if lower in WEEKDAYS:
            yield word, lower
        elif _is_month(word, tokens, position):
            yield word, f"month {MONTHS[lower]}"
        elif (number := _number(text, tokens, position)) is not None:
            value, length = number
            last, at = tokens[position + length - 1]
            if length > 1 or lower not in _VAGUE:
                yield text[start : at + len(last)], f"{value:.12g}"
            position += length - 1
        position += 1


def _is_month(word: str, tokens: list[tuple[str, int]], position: int) -> bool:
    """Return whether a word is a month; an ambiguous one must have a number next to it."""
    if word.lower() not in MONTHS or not word[0].isupper():
        return False
    if word.lower() not in _ALSO_OTHER_WORDS:
        return True
    around = tokens[max(0, position - 1) : position] + tokens[position + 1 : position + 2]
    return any(token[0].isdigit() for token, _ in around)


def _number(text: str, tokens: list[tuple[str, int]], position: int) -> tuple[float, int] | None:
    """Return the number that begins at a token, and the count of its tokens."""
    total, current, length, digits = 0.0, None, 0, False
    end = tokens[position][1]
    for word, start in tokens[position : position + _LONGEST_NUMBER]:
        if length and not _BETWEEN.fullmatch(text, end, start):
            break
        lower, end = word.lower(), start + len(word)
        value = _single(lower)
        if lower in _SCALES and current is not None:
            current *= _SCALES[lower]
            if _SCALES[lower] > 100:
                total, current = total + current, 0.0
        elif value is None or digits or (current and not _goes_on(current, value)):
            break
        else:
            current = (current or 0.0) + value
            digits = word[0].isdigit()
        length += 1
    return (total + (current or 0.0), length) if length else None


def _goes_on(current: float, value: float) -> bool:
    """Return whether a number word continues the one before it: "twenty five"."""
    return (
        current % 100 >= 20 and current % 10 == 0 and value < 10
    ) or current % 100 == 0 < current


def _single(word: str) -> float | None:
    if word[0] in "0123456789":
        digits = word.rstrip("kmbn")
        return float(digits.replace(",", "")) * _SUFFIXES.get(word[len(digits) :], 1)
    for table in (UNITS, _TENS, _ORDINALS, _OTHER_WORDS):
        if word in table:
            return float(table[word])
    return None
