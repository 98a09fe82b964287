"""Find the notices of corrections, clarifications and updates in an article."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from qa_bot.datatypes import Span
from qa_bot.text import split_sentences

Kind = Literal["correction", "clarification", "update"]


class Notice(NamedTuple):
    """A notice: its kind, and the span of its words."""

    kind: Kind
    words: Span


_STORY = r"(?:article|story|report|piece|page|post|item|text|headline|caption|video|version)"
_DONE = r"(?:corrected|amended|updated|revised|clarified|changed|edited|withdrawn|retracted)"
_LABEL = (
    r"corrections? and clarifications?|corrections?|clarifications?|updated?|amendments?|"
    r"retraction|editor[’']s note|note (?:from the editor|to readers)"
)
_DATED = r"(?:\s*\([^)\n]{1,40}\)|,?\s+[^:.\n—–-]{1,30})?"
_NOTICE = re.compile(
    rf"^[\W_]{{0,6}}(?P<label>{_LABEL}){_DATED}\s*[:—–]"
    r"|[(\[]\s*(?:corrects|corrected|updates|updated|adds|clarifies)\b"
    rf"|\b(?:this|the|our)\s+(?:\w+\s+){{0,3}}?{_STORY}\b[^.\n]{{0,60}}?"
    rf"\b(?:was|were|has been|have been|is) (?:later )?{_DONE}\b"
    r"|\b(?:an? (?:earlier|previous|prior)|the (?:original|first)) version "
    rf"of (?:this|the|our) {_STORY}\b"
    r"|\bin (?:an earlier|a previous) version\b"
    rf"|\bthis {_STORY} (?:corrects|updates|clarifies)\b",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"\n|$")
_SENTENCE_END = re.compile(r"[.!?][\"”’»)\]]*(?=\s|$)|\n|$")
_LONGEST_CHARS = 400  # of one notice; chosen by hand

_SAID_WRONGLY = re.compile(
    r"\b(?:wrongly|incorrectly|mistakenly|erroneously|in error|misstated|misreported|misidentified)"
    r"|\b(?:article|story|report|piece|version|item|headline|caption|we)\b[^.;]{0,60}?"
    r"\b(?:said|stated|reported|gave|put|named|described)\b",
    re.IGNORECASE,
)
_WAS_WRONG = re.compile(
    r"\s*(?:that|this|the figure|the number|the name|the date|it) (?:was|is) "
    r"(?:wrong|incorrect|not (?:right|correct|true)|an error|a mistake)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def find_notices(text: str) -> tuple[Notice, ...]:
    r"""Return the notices of a text, in order.

    >>> [n.kind for n in find_notices("It cost €9.\n\nCorrection: it cost €7, not €9.")]
    ['correction']
    """
    found: list[Notice] = []
    for match in _NOTICE.finditer(text):
        if found and match.start() < found[-1].words.end:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        closing = _END if match["label"] else _SENTENCE_END
        end = closing.search(text, match.end())
        stop = min(end.end() if end else len(text), start + _LONGEST_CHARS)
        whole = text[start:stop].rstrip()
        found.append(Notice(_kind(whole), Span(start, start + len(whole))))
    return tuple(found)


def corrections_in(text: str, words: Span) -> tuple[Span, ...]:
    """Return the notices of correction in a text that overlap these words of it."""
    return tuple(
        notice.words
        for notice in find_notices(text)
        if notice.kind == "correction"
        and notice.words.start < words.end
        and words.start < notice.words.end
    )


def withdrawn_in(text: str, notice: Span) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the sentences of a notice that repeat the mistake, and the others."""
    start, end = notice
    inside = [s for s in split_sentences(text) if s.start < end and start < s.end]
    wrong = tuple(
        sentence
        for sentence, after in zip(inside, [*inside[1:], None], strict=True)
        if (after and _WAS_WRONG.match(text, after.start)) or says_wrongly(text, sentence)
    )
    return wrong, tuple(s for s in inside if s not in wrong)


def says_wrongly(text: str, words: Span) -> bool:
    """Return whether words of a text tell of what a report said, as notices repeat a mistake."""
    return bool(_SAID_WRONGLY.search(text, *words))


def _kind(words: str) -> Kind:
    said = words.lower()
    if re.search(r"correct|amend|retract|withdraw|misstat|mistaken|wrong|error|incorrect", said):
        return "correction"
    return "clarification" if "clarif" in said else "update"
