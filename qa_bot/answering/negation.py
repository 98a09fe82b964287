"""Replace an answer that its own sentence denies: in "not X but Y" the answer is Y.

The reading models often pick X.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.datatypes import Evidence, Span
from qa_bot.question import Question
from qa_bot.text import numbers, terms

_FILLER = r"(?:(?:the|an?|by|in|on|at|to|from|for|because of|that of|until)\s+){0,2}"
_INSIDE = (
    r"(?:[^;.!?]|(?<=\d)\.(?=\d))"  # a character of the same sentence, including decimal points
)
_NOT_BEFORE = re.compile(rf"\b(?:not|n[’']t|never)\s+{_FILLER}$", re.IGNORECASE)
_BUT_AFTER = re.compile(
    rf"^{_INSIDE}*?,?\s+but\s+{_FILLER}(?P<true>(?:[^\s,;.!?]|(?<=\d)[.,](?=\d))+"
    r"(?:\s(?!and\b|who\b|which\b|that\b|as\b)(?:[^\s,;.!?]|(?<=\d)[.,](?=\d))+){0,5})",
)
_PLAIN = r"(?!only\b|just\b|merely\b|simply\b|yet\b|known\b|clear\b|all\b)"  # no "not only"
_NOT_BUT_BEFORE = re.compile(
    rf"\bnot\s+{_PLAIN}{_FILLER}(?P<denied>{_INSIDE}{{1,120}}?),?\s+but\s+{_FILLER}$", re.IGNORECASE
)
_NOT_AFTER = re.compile(
    rf"^(?:\s[^\s,;.!?]+){{0,3}},?\s(?:and\s)?(?:not|rather\sthan|instead\sof)\s{_PLAIN}{_FILLER}"
    r"(?P<denied>(?:[^,;.!?]|(?<=\d)[.,](?=\d)){1,60})",
)
_NAMING = re.compile(r"\s(?:who|which|that|as|people|had|was|were)\b.*", re.DOTALL)


def affirm(question: Question, evidence: Evidence) -> Evidence:
    """Return the evidence with the affirmed words as its answer, if its sentence denies the answer.

    "It was not the minister but the registrar" answers "who" with the registrar.
    """
    if evidence.answer is None or question.intent.negated:
        return evidence
    before, after = _around_answer(evidence)
    match = _BUT_AFTER.search(after) if _NOT_BEFORE.search(before) else None
    if match is None or match["true"].casefold().startswith("not "):
        return evidence
    start = evidence.answer.end + match.start("true")
    return replace(evidence, answer=Span(start, start + len(match["true"])))


def denied_words(evidence: Evidence) -> str | None:
    """Return the words that the sentence of an answer denies: "340" in "not 340 but 520"."""
    if evidence.answer is None:
        return None
    before, after = _around_answer(evidence)
    match = _NOT_BUT_BEFORE.search(before) or _NOT_AFTER.search(after)
    return _NAMING.sub("", match["denied"]).strip() if match else None


def is_denied(evidence: Evidence, denied: str) -> bool:
    """Return whether an answer is the denied number, or has the denied words."""
    answer = evidence.words or ""
    figures = numbers(denied)
    if figures or numbers(answer):
        return bool(figures) and numbers(answer) == figures
    own, others = set(terms(answer)), set(terms(denied))
    return bool(own and others) and (own <= others or others <= own)


def _around_answer(evidence: Evidence) -> tuple[str, str]:
    """Return the text of the sentence before and after its answer."""
    assert evidence.answer is not None
    text = evidence.article.text
    start, end = evidence.answer
    return text[evidence.start : start], text[end : max(end, evidence.end)]
