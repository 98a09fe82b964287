"""Tell a margin from other figures: "by how many votes" is not answered by all the votes."""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.datatypes import Evidence, Span
from qa_bot.question import Question
from qa_bot.text import numbers

_VICTORY = r"(?:beat|beaten|w[io]n|winning|defeat\w*|los[et]|losing|victory|vote)"
_MARGIN = r"(?:margin|majority|lead|gap|advantage|ahead|behind)"
_ASKS_MARGIN = re.compile(
    rf"\bby how (?:many|much)\b.*\b(?:{_VICTORY}|{_MARGIN})\b"
    rf"|\bhow (?:many|much|far|big|large|wide|narrow|slim|small)\b.*\b{_MARGIN}\b"
    rf"|\bhow many\b.*\b{_VICTORY} by\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\b(?:by|short|within|{_MARGIN})\b[^.;,:]{{0,25}}$", re.IGNORECASE)
_AFTER = re.compile(
    rf"^\W{{0,2}}(?:[\w’'-]+\s+){{0,3}}?(?:more|fewer|short|clear|adrift|in front|{_MARGIN})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEAR_CHARS = 40  # around the answer; chosen by hand


def with_margin(question: Question, evidence: Evidence) -> Evidence:
    """Return the evidence with the margin in its sentence as the answer, if a question asks for it.

    "31,256 votes for her and 31,144 for him, a margin of 112" answers with 112.
    """
    if not is_no_margin(question, evidence):
        return evidence
    text = evidence.article.text
    numbers_said = _NUMBER.finditer(text, evidence.start, evidence.end)
    others = (replace(evidence, answer=Span(*match.span())) for match in numbers_said)
    return next((one for one in others if not is_no_margin(question, one)), evidence)


def is_no_margin(question: Question, evidence: Evidence) -> bool:
    """Return whether a question asks for a margin, and the answer is a number without its words."""
    if not evidence.answer or not numbers(evidence.words or ""):
        return False
    if not _ASKS_MARGIN.search(question.standalone):
        return False
    text, (start, end) = evidence.article.text, evidence.answer
    before = text[max(evidence.start, start - _NEAR_CHARS) : start]
    from_number = text[start : min(evidence.end, end + _NEAR_CHARS)]
    return not (_BEFORE.search(before) or _AFTER.search(from_number))
