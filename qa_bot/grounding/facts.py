"""Find the exact facts of a sentence that a passage lacks.

Facts are numbers, months, weekdays, bounds ("at least 900") and quotations. Their notation does not
matter: "16 June" equals "June 16", "88" equals "eighty-eight", and “said” equals "said". A rounded
number ("nearly 1,000") needs a number close to it. Small numbers in words ("two of the three men")
are no facts here: people count what a text only names, and the judge's model decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa_bot.text import quantities, words

_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„]{8,}?)[\"”»]")

_FEWEST_QUOTED_WORDS = 3  # fewer are a name or a scare quote; chosen by hand
_MOST_COUNTED = 20  # the largest number in words that is left to the model; chosen by hand
# The words for a bound in each direction; those in the second place have other meanings as well.
_BOUNDS = {
    "least": (
        r"at least|more than|not? (?:less|fewer) than",
        r"over|above|upwards of|a minimum of",
    ),
    "most": (r"at most|less than|fewer than|not? more than|up to", r"under|below|a maximum of"),
}
# The words for a rounded number, and the least and the greatest number that one may round, as
# shares of it; chosen by hand.
_ROUNDED = {
    r"nearly|almost|just under|close to|not quite": (0.85, 1.0),
    r"about|around|roughly|approximately|some|or so": (0.88, 1.12),
    r"more than|over|above|upwards of|just over|well over": (1.0, 1.25),
    r"less than|fewer than|under|below|up to": (0.75, 1.0),
}


def missing_facts(sentence: str, passage: str) -> tuple[str, ...]:
    """Return the facts of a sentence that a passage lacks, as the sentence writes them.

    >>> missing_facts("Leaders met on 16 June.", "On June 16, leaders met.")
    ()
    >>> missing_facts("6 met on 17 June.", "On June 16, 5 leaders met.")
    ('6', '17')
    >>> missing_facts("Nearly 1,000 tonnes fell.", "985 tonnes fell on a house.")
    ()

    A bound must be a bound in the passage too, or the passage has a number beyond it:

    >>> missing_facts("At least 900 tonnes fell.", "900 tonnes fell on a house.")
    ('At least 900',)
    """
    there = {value for _, value in quantities(passage)}
    figures = [float(value) for value in there if value[:1].isdigit()]
    rounded = set(_rounded(sentence, figures))
    lacking = [
        word for word, value in quantities(sentence)
        if value not in there and word not in rounded and not _is_count(word, value)
    ]  # fmt: skip
    bounds = {bound for _, bound in _bounds(passage, vague=True)}
    lacking += [
        phrase for phrase, (direction, value) in _bounds(sentence, vague=False)
        if (direction, value) not in bounds and not _is_count(phrase.split()[-1], value)
        and not any(_is_beyond(figure, direction, value) for figure in figures)
    ]  # fmt: skip
    read = _plain(passage)
    lacking += [quote for quote in quotations(sentence) if _plain(quote) not in read]
    return tuple(dict.fromkeys(lacking))


def _is_count(word: str, value: str) -> bool:
    """Return whether a number is a small one in words: "two", "third", "twice"."""
    return word.isalpha() and value.isdigit() and int(value) <= _MOST_COUNTED


def _rounded(sentence: str, figures: Sequence[float]) -> Iterator[str]:
    """Yield the numbers of a sentence, as written, that round one of some figures."""
    for phrase, (least, most) in _ROUNDED.items():
        for match in re.finditer(rf"\b(?:{phrase})\s+(?:[€$£]\s?|an? )?", sentence, re.IGNORECASE):
            behind = sentence[match.end() :]
            first = next(quantities(behind), None)
            if first is None or not behind.startswith(first[0]) or not first[1][:1].isdigit():
                continue
            value = float(first[1])
            if any(least * value <= figure <= most * value for figure in figures):
                yield first[0]


def _is_beyond(figure: float, direction: str, value: str) -> bool:
    """Return whether a figure lies beyond a bound, at most by a quarter."""
    if not value[:1].isdigit():
        return False
    bound = float(value)
    return (
        bound < figure <= 1.25 * bound if direction == "least" else 0.75 * bound <= figure < bound
    )


def quotations(text: str) -> tuple[str, ...]:
    """Return the quotations of three or more words, without their marks.

    >>> quotations('He called it “a genuine prospect to improve” and “fair”.')
    ('a genuine prospect to improve',)
    """
    found = (match[1].strip() for match in _QUOTED.finditer(text))
    return tuple(quote for quote in found if len(quote.split()) >= _FEWEST_QUOTED_WORDS)


def _bounds(text: str, *, vague: bool) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each bound as written ("at least 900"), with its direction and number."""
    for direction, (sure, unsure) in _BOUNDS.items():
        either = f"{sure}|{unsure}" if vague else sure
        # "No more than" is not "more than".
        for match in re.finditer(rf"\b(?<!\bno )(?<!\bnot )(?:{either})\s+", text, re.IGNORECASE):
            behind = re.sub(r"^(?:[€$£]\s?|an? )", "", text[match.end() :])
            first = next(quantities(behind), None)
            if first and behind.startswith(first[0]):
                yield f"{match[0]}{first[0]}", (direction, first[1])


def _plain(text: str) -> str:
    """Return the words of a text with single spaces, to search it for a quotation."""
    return f" {' '.join(words(text))} "
