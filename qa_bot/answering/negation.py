"""Evidence whose own sentence denies words ("not X but Y") → what it says, and what it denies.

A reader likes to take X, which is said of nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.datatypes import Evidence, Span
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
_ASKS_NOT = re.compile(r"\bnot\b|n[’']t\b", re.IGNORECASE)


def affirmed(question: str, evidence: Evidence) -> Evidence:
    """Return the evidence with the answer that its sentence gives, where it was the denied one.

    "It was not the minister but the registrar": asked who, the registrar.
    """
    if evidence.answer is None or _ASKS_NOT.search(question):
        return evidence
    before, after = _beside(evidence)
    said = _BUT_AFTER.search(after) if _NOT_BEFORE.search(before) else None
    if said is None or said["said"].casefold().startswith("not "):
        return evidence
    start = evidence.answer.end + said.start("said")
    return replace(evidence, answer=Span(start, start + len(said["said"])))


def denied_words(evidence: Evidence) -> str | None:
    """Return what the sentence of an answer says that it is not: "… but 520" denies "340"."""
    if evidence.answer is None:
        return None
    before, after = _beside(evidence)
    match = _NOT_BUT_BEFORE.search(before) or _NOT_AFTER.search(after)
    return _NAMING.sub("", match["denied"]).strip() if match else None


def is_denied(evidence: Evidence, denied: str) -> bool:
    """Return whether an answer is what somebody denies: the same number, or words of the same."""
    said = evidence.words or ""
    figures = numbers(denied)
    if figures or numbers(said):
        return bool(figures) and numbers(said) == figures
    own, others = set(terms(said)), set(terms(denied))
    return bool(own and others) and (own <= others or others <= own)


def _beside(evidence: Evidence) -> tuple[str, str]:
    """Return the sentence before and after its answer."""
    assert evidence.answer is not None
    text = evidence.article.text
    start, end = evidence.answer
    return text[evidence.start : start], text[end : max(end, evidence.end)]
