"""Find the exact facts of a sentence that a passage lacks.

Facts are numbers, months, weekdays, bounds ("at least 900") and quotations. Their notation does not
matter: "16 June" equals "June 16", "5" equals "five", and “said” equals "said".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa_bot.text import quantities, words

_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„]{8,}?)[\"”»]")

_FEWEST_QUOTED_WORDS = 3  # fewer are a name or a scare quote; chosen by hand
# The words for a bound in each direction; those in the second place have other meanings as well.
_BOUNDS = {
    "least": (
        r"at least|more than|not? (?:less|fewer) than",
        r"over|above|upwards of|a minimum of",
    ),
    "most": (r"at most|less than|fewer than|not? more than|up to", r"under|below|a maximum of"),
}


def missing_facts(sentence: str, passage: str) -> tuple[str, ...]:
    """Return the facts of a sentence that a passage lacks, as the sentence writes them.

    >>> missing_facts("Five met on 16 June.", "On June 16, 5 leaders met.")
    ()
    >>> missing_facts("Six met on 17 June.", "On June 16, 5 leaders met.")
    ('Six', '17')

    A bound must be a bound in the passage too:

    >>> missing_facts("At least 900 tonnes fell.", "900 tonnes fell on a house.")
    ('At least 900',)
    """
    there = {value for _, value in quantities(passage)}
    lacking = [word for word, value in quantities(sentence) if value not in there]
    bounds = {bound for _, bound in _bounds(passage, vague=True)}
    lacking += [phrase for phrase, bound in _bounds(sentence, vague=False) if bound not in bounds]
    read = _plain(passage)
    lacking += [quote for quote in quotations(sentence) if _plain(quote) not in read]
    return tuple(dict.fromkeys(lacking))


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
