"""Find the exact facts of a sentence that a passage lacks.

Facts are numbers, months, weekdays, bounds ("at least 900"), measures ("14 minutes") and
quotations. Their notation does not matter: "16 June" equals "June 16", "88" equals "eighty-eight",
and “said” equals "said". A rounded number ("nearly 1,000") needs a number close to it. Small
numbers in words ("two of the three men") are left to the judge's model, outside dates: people count
what a text only names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from qa_bot.datatypes import Span
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
# The least and the greatest number that bears out a bound or a rounded one, as shares of it; chosen
# by hand.
_BEYOND = {"least": (1.0, 1.25), "most": (0.75, 1.0)}
_ROUNDED = {
    r"nearly|almost|just under|close to|not quite": (0.85, 1.0),
    r"about|around|roughly|approximately|some": (0.88, 1.12),
    **{"|".join(_BOUNDS[direction]): shares for direction, shares in _BEYOND.items()},
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNITS = {
    "metre": r"met(?:re|er)s?", "centimetre": r"centimet(?:re|er)s?|cm", "mile": r"miles?",
    "kilometre": r"kilomet(?:re|er)s?|km", "minute": r"min(?:ute)?s?", "hour": r"hours?",
    "day": r"days?", "week": r"weeks?", "month": r"months?", "year": r"years?",
    "percent": r"per ?cent|%", "kilogram": r"kilo(?:gram)?s?|kg", "ton": r"ton(?:ne)?s?",
    "litre": r"lit(?:re|er)s?", "hectare": r"hectares?", "acre": r"acres?",
    "foot": r"f(?:oo|ee)t", "inch": r"inch(?:es)?", "degree": r"degrees?",
}  # fmt: skip
_UNIT = re.compile(
    rf"[\s-]{{0,2}}(?:{'|'.join(f'(?P<{name}>{form})' for name, form in _UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\s*(?:[ap]\.?m\b|:\d|o.clock)", re.IGNORECASE)


def missing_facts(sentence: str, passage: str, *, exact: bool = False) -> tuple[str, ...]:
    """Return the facts of a sentence that a passage lacks, as the sentence writes them.

    Args:
        sentence: the claim.
        passage: the text that may have its facts.
        exact: small numbers in words count, and no number is rounded.

    >>> missing_facts("Leaders met on 16 June.", "On June 16, leaders met.")
    ()
    >>> missing_facts("6 met on 17 June.", "On June 16, 5 leaders met.")
    ('6', '17')
    >>> missing_facts("Six met.", "Five leaders met."), missing_facts("Six met.", "5.", exact=True)
    ((), ('Six',))
    >>> missing_facts("Nearly 1,000 tonnes fell.", "985 tonnes fell on a house.")
    ()

    A bound must be a bound in the passage too, or the passage has a number beyond it, at most by a
    quarter:

    >>> missing_facts("At least 900 tonnes fell.", "900 tonnes fell on a house.")
    ('At least 900',)
    """
    there = {value for _, value in quantities(passage)}
    bounds = {bound for _, bound in _bounds(passage, vague=True)}
    figures = [] if exact else _figures(passage, {value for _, value in bounds})
    read = _without_rounded(sentence, figures)
    lacking = [
        word for word, value, in_date in _dated(read)
        if value not in there and (exact or in_date or not _is_count(word, value))
    ]  # fmt: skip
    lacking += [
        phrase for phrase, (direction, value) in _bounds(sentence, vague=False)
        if (direction, value) not in bounds
        and (exact or not _is_count(phrase.split()[-1], value))
        and not _bears_out([f for f in figures if f != float(value)], value, _BEYOND[direction])
    ]  # fmt: skip
    lacking += _other_measures(sentence, passage)
    lacking += [quote for quote in quotations(sentence) if _plain(quote) not in _plain(passage)]
    return tuple(dict.fromkeys(lacking))


def _other_measures(sentence: str, passage: str) -> list[str]:
    """Return the measures of a sentence whose number measures only other things in the passage.

    >>> _other_measures("It is 14 metres wide.", "It is 18 metres wide and shuts in 14 minutes.")
    ['14 metres']
    """
    there: dict[str, set[str | None]] = {}
    for _, value, unit in _measures(passage):
        there.setdefault(value, set()).add(unit)
    return [
        words
        for words, value, unit in _measures(sentence)
        if unit and (units := there.get(value)) and not units & {unit, None}
    ]


def _measures(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield each number with its unit as written, its value, and the name of a known unit."""
    end = 0
    for word, value in quantities(text):
        start = text.index(word, end)
        end = start + len(word)
        found = _UNIT.match(text, end)
        if value[:1].isdigit():
            yield text[start : found.end() if found else end], value, found and found.lastgroup


def _dated(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each quantity as written, in the common notation, and whether it is next to a month."""
    found = list(quantities(text))
    for place, (word, value) in enumerate(found):
        around = found[max(0, place - 1) : place + 2]
        yield word, value, any(one.startswith("month") for _, one in around)


def _is_count(word: str, value: str) -> bool:
    """Return whether a number is a small one in words: "two", "third", "twice"."""
    return word.isalpha() and value.isdigit() and 0 < int(value) <= _MOST_COUNTED


def _figures(passage: str, bounds: Collection[str]) -> list[float]:
    """Return the numbers of a passage that one may round: no bounds, years or days of a month."""
    return [
        float(value) for word, value, in_date in _dated(passage)
        if value[:1].isdigit() and not in_date and value not in bounds
        and not _YEAR.fullmatch(word)
    ]  # fmt: skip


def _without_rounded(sentence: str, figures: Sequence[float]) -> str:
    """Return a sentence without the numbers that round one of some figures."""
    for phrases, shares in _ROUNDED.items():
        for _, place, value in _numbers_after(phrases, sentence):
            if _CLOCK.match(sentence, place.end) or not _bears_out(figures, value, shares):
                continue
            gap = "_" * (place.end - place.start)
            sentence = f"{sentence[: place.start]}{gap}{sentence[place.end :]}"
    return sentence


def _bears_out(figures: Sequence[float], value: str, shares: tuple[float, float]) -> bool:
    """Return whether one of some figures lies between two shares of a number."""
    least, most = (share * float(value) for share in shares)
    return any(least <= figure <= most for figure in figures)


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
        phrases = f"{sure}|{unsure}" if vague else sure
        for phrase, place, value in _numbers_after(phrases, text):
            yield f"{phrase}{text[slice(*place)]}", (direction, value)


def _numbers_after(phrases: str, text: str) -> Iterator[tuple[str, Span, str]]:
    """Yield each phrase before a number, with the number's place and its value in digits."""
    # "No more than" is not "more than".
    pattern = rf"\b(?<!\bno )(?<!\bnot )((?:{phrases})\s+)(?:[€$£]\s?|an? )?"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        first = next(quantities(text[match.end() :]), None)
        if first and first[1][:1].isdigit() and text.startswith(first[0], match.end()):
            yield match[1], Span(match.end(), match.end() + len(first[0])), first[1]


def _plain(text: str) -> str:
    """Return the words of a text with single spaces, to search it for a quotation."""
    return f" {' '.join(words(text))} "
