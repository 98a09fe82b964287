"""Correct evidence whose sentence denies its answer: in "not X but Y" the answer is Y.

Readers often pick X.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.datatypes import Evidence, Span
from qa_bot.question import Question
from qa_bot.text import numbers, terms

_LITTLE = r"(?:(?:the|an?|by|in|on|at|to|from|for|because of|that of|until)\s+){0,2}"
_INSIDE = r"(?:[^;.!?]|(?<=\d)\.(?=\d))"  # of the same sentence, the point of a number included
_NOT_BEFORE = re.compile(rf"\b(?:not|n[’']t|never)\s+{_LITTLE}$", re.IGNORECASE)
_BUT_AFTER = re.compile(
    rf"^{_INSIDE}*?,?\s+but\s+{_LITTLE}(?P<said>(?:[^\s,;.!?]|(?<=\d)[.,](?=\d))+"
    r"(?:\s(?!and\b|who\b|which\b|that\b|as\b)(?:[^\s,;.!?]|(?<=\d)[.,](?=\d))+){0,5})",
)
_ASIDE = r"(?!only\b|just\b|merely\b|simply\b|yet\b|known\b|clear\b|all\b)"
_NOT_BUT_BEFORE = re.compile(
    rf"\bnot\s+{_ASIDE}{_LITTLE}(?P<denied>{_INSIDE}{{1,120}}?),?\s+but\s+{_LITTLE}$", re.IGNORECASE
)
_NOT_AFTER = re.compile(
    rf"^(?:\s[^\s,;.!?]+){{0,3}},?\s(?:and\s)?(?:not|rather\sthan|instead\sof)\s{_ASIDE}{_LITTLE}"
    r"(?P<denied>(?:[^,;.!?]|(?<=\d)[.,](?=\d)){1,60})",
)
_NAMING = re.compile(r"\s(?:who|which|that|as|people|had|was|were)\b.*", re.DOTALL)


def affirm(question: Question, evidence: Evidence) -> Evidence:
    """Return the evidence with the affirmed words as its answer, if the sentence denies its own.

    "It was not the minister but the registrar" answers "who" with the registrar.
    """
    if evidence.answer is None or question.intent.negated:
        return evidence
    before, after = _around_answer(evidence)
    said = _BUT_AFTER.search(after) if _NOT_BEFORE.search(before) else None
    if said is None or said["said"].casefold().startswith("not "):
        return evidence
    start = evidence.answer.end + said.start("said")
    return replace(evidence, answer=Span(start, start + len(said["said"])))


def denied_words(evidence: Evidence) -> str | None:
    """Return the words that the sentence of an answer denies: "not 340 but 520" denies "340"."""
    if evidence.answer is None:
        return None
    before, after = _around_answer(evidence)
    match = _NOT_BUT_BEFORE.search(before) or _NOT_AFTER.search(after)
    return _NAMING.sub("", match["denied"]).strip() if match else None


def is_denied(evidence: Evidence, denied: str) -> bool:
    """Return whether an answer is the denied number, or has the denied words."""
    said = evidence.words or ""
    figures = numbers(denied)
    if figures or numbers(said):
        return bool(figures) and numbers(said) == figures
    own, others = set(terms(said)), set(terms(denied))
    return bool(own and others) and (own <= others or others <= own)


def _around_answer(evidence: Evidence) -> tuple[str, str]:
    """Return the text of the sentence before its answer, and after it."""
    assert evidence.answer is not None
    text = evidence.article.text
    start, end = evidence.answer
    return text[evidence.start : start], text[end : max(end, evidence.end)]
