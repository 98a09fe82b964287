"""Recognise the facts that a sentence says are not given: "She would not say if he resigned"."""

from __future__ import annotations

import re

from qa_bot.datatypes import Span
from qa_bot.text import numbers

_TELL = r"(?:say|tell|disclose|confirm|comment|reveal|specify|explain|discuss|name|give|know)"
_TOLD = (
    r"(?:clear|known|certain|sure|settled|"
    r"(?:been )?(?:said|told|disclosed|confirmed|revealed|specified|explained|named|given|decided|"
    r"determined|announced|established|released|published|identified|set))"
)
_NOT = r"(?:not|never|n[’']t)(?: (?:yet|immediately|at once|entirely|publicly|been))*"
# The missing fact follows: "would not say if", "it is not clear who", "without giving a date".
_BEFORE_IT = re.compile(
    rf"\b(?:would|did|does|do|could|can|will|had|has|have) {_NOT} {_TELL}\b"
    rf"|\b(?:would|did|does|do|could|ca|wo)n[’']t {_TELL}\b"
    rf"|\b(?:has|have|had) {_NOT} (?:said|told|disclosed|confirmed|revealed|specified|explained)\b"
    r"|\b(?:would|will) not be drawn\b"
    rf"|\bcannot {_TELL}\b|\b(?:declin|refus)(?:ed|es|e|ing) to {_TELL}\b"
    rf"|\bwithout (?:saying|telling|disclosing|confirming|specifying|giving|naming)\b"
    rf"|\b(?:it (?:is|was|remains?|remained)|nor (?:is|was) it) (?:{_NOT} )?(?:yet )?{_TOLD}\b"
    rf"|\b(?:is|was|remains?|remained|still) (?:un(?:clear|known|certain|decided)|open)\b"
    rf"|\b(?:nobody|no one) (?:knows|could say|would say)\b"
    rf"|\b(?:has|have|had) (?:yet|still) to (?:say|decide|announce|confirm|name|set)\b"
    r"|\bno (?:word|decision|details?|explanation|information) (?:on|of|about)\b",
    re.IGNORECASE,
)
# The missing fact stands before: "the sum was not disclosed", "who paid is unknown".
_AFTER_IT = re.compile(
    rf"\b(?:is|was|are|were) {_NOT} {_TOLD}\b(?! (?:for|as|to)\b)"
    rf"|\b(?:has|have|had) (?:not|never)(?: yet)? been {_TOLD}\b(?! (?:for|as|to)\b)"
    r"|\b(?:is|was|are|were|remains?|remained) (?:still )?un(?:clear|known|certain|decided)\b"
    rf"|\b(?:has|have|had) (?:yet|still) to be {_TOLD}\b",
    re.IGNORECASE,
)
_IT_IS = re.compile(r"\b(?:it|nor)\s*$", re.IGNORECASE)
_WHETHER = re.compile(r"\bwhether\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[;—–”\"»]|\bbut\b|\balthough\b|\bthough\b")
_THAT = re.compile(r"\W*that\b", re.IGNORECASE)


def leaves_open(text: str, sentence: Span, words: Span) -> bool:
    """Return whether a sentence of a text says that it does not give what these words of it name.

    A number is given even so: "would not say if the 40 workers stay".

    >>> said = "She would not say if he would get a pay-off, but he keeps the car."
    >>> whole = Span(0, len(said))
    >>> [leaves_open(said, whole, Span(said.index(w), len(said) - 1)) for w in ("pay-off", "car")]
    [True, False]
    """
    if numbers(text[slice(*words)]):
        return False
    for match in _BEFORE_IT.finditer(text, *sentence):
        end = _CLAUSE_END.search(text, match.end(), sentence.end)
        stop = end.start() if end else sentence.end
        if words.start < stop and match.start() < words.end and not _THAT.match(text, match.end()):
            return True
    for match in _AFTER_IT.finditer(text, *sentence):
        ends = list(_CLAUSE_END.finditer(text, sentence.start, match.start()))
        start = ends[-1].end() if ends else sentence.start
        if start <= words.start < match.end() and not _IT_IS.search(text, start, match.start()):
            return True
    return False


def is_questioned(text: str, sentence: Span, words: Span) -> bool:
    """Return whether "whether" stands before these words in their sentence.

    >>> said = "Prosecutors weigh whether to bring charges."
    >>> is_questioned(said, Span(0, len(said)), Span(said.index("bring"), len(said)))
    True
    """
    return bool(_WHETHER.search(text, sentence.start, words.end))
