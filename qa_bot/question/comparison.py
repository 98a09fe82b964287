"""Read the two things that a question compares, and the question for the figure of each one.

The patterns are for English: "did A get more votes than B", "how much longer is A than B", "which
cost more, A or B", "was A or B older". "Seats before and after" asks for two figures of one thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa_bot.question.intent import AUXILIARY

# Each comparative with the question for its figure, and whether the larger figure is meant.
_LARGER = {
    "older": "how old", "longer": "how long", "bigger": "how big", "larger": "how large",
    "higher": "how high", "taller": "how tall", "faster": "how fast", "heavier": "how heavy",
    "wider": "how wide", "deeper": "how deep", "later": "when", "last": "when",
    "more expensive": "how expensive", "dearer": "how expensive", "costlier": "how expensive",
    "greater": "how great", "hotter": "how hot", "stronger": "how strong", "warmer": "how warm",
}  # fmt: skip
_SMALLER = {
    "younger": "how old", "shorter": "how long", "smaller": "how big", "lower": "how high",
    "slower": "how fast", "lighter": "how heavy", "narrower": "how wide", "shallower": "how deep",
    "earlier": "when", "sooner": "when", "first": "when", "cheaper": "how expensive",
    "less expensive": "how expensive", "colder": "how cold",
}  # fmt: skip
_HOW = _LARGER | _SMALLER
# "More votes" asks for a number of votes, "more" alone for an amount.
_NOUN = r"(?!than\b|expensive\b|or\b|of\b|on\b|in\b|for\b|at\b|with\b)[^\W\d_][\w-]*"
_COMPARATIVE = (
    rf"(?:the )?\b(?:(?P<adjective>{'|'.join(_HOW)})|"
    rf"(?P<more>more|fewer|less)(?: (?P<noun>{_NOUN}))?)\b"
)
_MASS = frozenset({"money", "time", "water", "power", "space", "rain", "land"})
_LEAD = r"^(?:and |so |but )?"
_OTHER_WAY = re.compile(r",? or the other way (?:a?round)", re.IGNORECASE)
_END = rf"(?:{_OTHER_WAY.pattern})?\s*[?.!]*$"
_THAN = re.compile(
    rf"{_LEAD}(?P<aux>{AUXILIARY}) (?P<middle>.+?) {_COMPARATIVE}(?P<rest>.*?) than (?P<other>.+?)"
    rf"{_END}",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    rf"{_LEAD}(?:by )?how (?:much|far|many(?: \w+)??) {_COMPARATIVE}(?P<rest>.*?) "
    rf"(?P<aux>{AUXILIARY}) (?P<middle>.+?) than (?P<other>.+?){_END}",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"{_LEAD}(?P<before>.*?)\b(?:who|which|what)(?: of (?:them|these|the two))?"
    rf"(?:[’']s|(?P<verb>(?: [\w’'-]+){{1,3}}?)) {_COMPARATIVE}(?P<tail>.* or .*?){_END}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[,;:]\s*| [–—-]+ ")
_OR = re.compile(
    rf"{_LEAD}(?P<aux>{AUXILIARY}) (?P<one>.+?) or (?P<other>.+?)(?P<verb> [\w’'-]+)?? "
    rf"{_COMPARATIVE}(?P<rest>.*?){_END}",
    re.IGNORECASE,
)
_IN_OR = re.compile(
    rf"{_LEAD}(?P<aux>{AUXILIARY}) (?P<middle>.+?) {_COMPARATIVE}(?P<rest>) (?P<one>.+?) or "
    rf"(?P<other>.+?){_END}",
    re.IGNORECASE,
)
_NO_CHOICE = re.compile(
    r"\b(?:more|less|fewer|earlier|later|up) or (?:more|less|fewer|not|earlier|later|down)\b", re.I
)
_TWO_FIGURES = re.compile(
    r"\b(?:then and now|planned and actual|compared (?:with|to)|versus|vs\.?|"
    r"(?:now|after) (?:and|vs\.?|versus) (?:then|before)|"
    r"before (?:and|vs\.?|versus) (?:after|now)|"
    r"(?:first|original|initial)\w* (?:\w+ )?(?:and|vs\.?|versus) "
    r"(?:later|after|final|now|last))\b",
    re.IGNORECASE,
)
_STATE = re.compile(r"^(?:is|are|was|were)\b", re.IGNORECASE)
_TO_BE = re.compile(r" (?:going to be|supposed to be|meant to be|be|a|an|the|any|even|much)$", re.I)
_WITHIN = re.compile(r"^(?:in|on|at|for|from|during|after|before) ", re.IGNORECASE)
_AFTER_ITEM = re.compile(r" (?:did|was|were|is|are|does|do|has|had|will|would)\b", re.IGNORECASE)
_FURTHER = re.compile(r",? and (?:by |in )?(?:what|how|who|where|when|why)\b.*$", re.IGNORECASE)
_NO_ITEM = re.compile(
    r"^(?:to|there|it|they|not|so|one|half|\d[\d,.]*|an? \w+|(?:two|three|four|five|six|ten|twenty)"
    r"|(?:(?:was )?(?:first|originally|initially) )?(?:thought|expected|planned|reported))\b",
    re.IGNORECASE,
)


class Form(StrEnum):
    """What a question wants to know of two figures."""

    WHICH = "which"
    WHETHER = "whether"
    DIFFERENCE = "difference"
    BOTH = "both"
    """Two figures of one thing; the comparison has no items."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things that a question compares.

    Attributes:
        form: what it asks.
        items: the two, as the question names them; ().
        asked: the questions for the figure of each; ().
        larger: whether it asks for the larger figure.
        of_age: whether it asks which is older or younger.
    """

    form: Form
    items: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    larger: bool = True
    of_age: bool = False


def read_comparison(text: str) -> Comparison | None:
    """Return what a question compares, or None if it compares no two named things.

    >>> read_comparison("Did Ann Lee get more votes than Bo Yi?").asked
    ('How many votes did Ann Lee get?', 'How many votes did Bo Yi get?')
    >>> read_comparison("which is older, the mill or the church").asked
    ('How old is the mill?', 'How old is the church?')
    """
    if _NO_CHOICE.search(text):
        return None
    if match := _HOW_MUCH.match(text):
        return _of_than(match, Form.DIFFERENCE)
    if match := _THAN.match(text):
        return _of_than(match, Form.WHICH if _OTHER_WAY.search(text) else Form.WHETHER)
    if match := _WHICH.match(text):
        return _of_which(match)
    if match := _IN_OR.match(text) or _OR.match(text):
        return _of_or(match)
    return Comparison(Form.BOTH) if _TWO_FIGURES.search(text) else None


def _of_which(match: re.Match[str]) -> Comparison | None:
    """Return what "which … more …, A or B" compares."""
    separators = list(_SEPARATOR.finditer(match["tail"]))
    start, end = separators[-1].span() if separators else (0, 0)
    rest, items = match["tail"][:start], tuple(match["tail"][end:].strip().split(" or "))
    if len(items) != 2:
        return None
    verb = (match["verb"] or "is").split()
    asks_of_noun = len(verb) > 1 and not re.fullmatch(AUXILIARY, verb[0])  # "which fire burned"
    said = [
        _sentence(_how(match), " ".join(verb[asks_of_noun:]), item, f"{rest} {match['before']}")
        for item in items
    ]
    return _comparison(match, Form.WHICH, items, said)


def _of_or(match: re.Match[str]) -> Comparison:
    """Return what "did A or B get more …" or "was it more … in A or in B" compares."""
    items, how, middle = match.group("one", "other"), _how(match), match.groupdict().get("middle")
    if middle:
        said = [_sentence(how, match["aux"], middle, item) for item in items]
    else:
        rest = f"{match['verb'] or ''} {match['rest']}"
        said = [_sentence(how, match["aux"], item, rest) for item in items]
    return _comparison(match, Form.WHICH, items, said)


def _of_than(match: re.Match[str], form: Form) -> Comparison | None:
    """Return what "… A … than B" compares, or None if it does not show where A ends."""
    how, aux, rest = _how(match), match["aux"], match["rest"].strip()
    middle, other = _TO_BE.sub("", match["middle"]), _plain_item(match["other"])
    subject = f"{middle} {rest}"
    if not _STATE.match(aux):  # "did A get more votes", "how many more votes did A get"
        middle, _, verb = middle.rpartition(" ")
        rest = f"{verb} {rest}"
    if not middle or _NO_ITEM.match(middle) or _NO_ITEM.match(other):
        return None
    if _WITHIN.match(other):  # "was it higher in 1978 than in 2021"
        whole = middle if _STATE.match(aux) else match["middle"]
        said = [_sentence(how, aux, subject, ""), _sentence(how, aux, whole, other)]
        return _comparison(match, form, (rest or middle, other), said)
    said = [_sentence(how, aux, item, rest) for item in (middle, other)]
    return _comparison(match, form, (middle, other), said)


def _plain_item(words: str) -> str:
    """Return the second thing without "did" after it and without a further question."""
    return _AFTER_ITEM.sub("", _FURTHER.sub("", words))


def _comparison(
    match: re.Match[str], form: Form, items: tuple[str, ...], said: list[str]
) -> Comparison:
    word = (match["adjective"] or match["more"]).lower()
    one, other = (_WITHIN.sub("", item) for item in items)
    larger = word in _LARGER or word == "more"
    of_age = _HOW.get(word) == "how old"
    return Comparison(form, (one, other), (said[0], said[1]), larger, of_age)


def _how(match: re.Match[str]) -> str:
    """Return the words that ask for the figure: "how old", "how many votes"."""
    if match["adjective"]:
        return _HOW[match["adjective"].lower()]
    noun = match["noun"]
    if noun is None:
        return "how much"
    return f"how {'much' if noun in _MASS else 'many'} {noun}"


def _sentence(how: str, aux: str, item: str, rest: str) -> str:
    words = " ".join(f"{how} {aux.lower()} {item} {rest}".replace(",", " ").split())
    return f"{words[0].upper()}{words[1:]}?"
