"""Take the part of "14 of the 41 lines" for the answer: reading models often pick the whole."""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.datatypes import Evidence, Span
from qa_bot.question import Question
from qa_bot.text import numbers

_PART_OF = re.compile(
    r"(?P<part>[\w.,-]*\w)\sof\s(?:(?:all|the|its|their|his|her|our)\s)?"
    r"(?:[\w-]+[’']s?\s)?$"
)
_FOR_ALL = re.compile(
    r"\b(?:ha[sd]|have|own|are there|were there|is there|in all|in total|altogether|overall)\b",
    re.IGNORECASE,
)


def with_part(question: Question, evidence: Evidence) -> Evidence:
    """Return the evidence with an answer that begins with the part, if it is the whole of one.

    A question for all there are ("how many lines does it have") is answered with the whole.
    """
    if evidence.answer is None or _FOR_ALL.search(question.standalone):
        return evidence
    start, end = evidence.answer
    text = evidence.article.text
    part = _PART_OF.search(text, evidence.start, start)
    if part is None or not numbers(part["part"]) or not numbers(text[start:end].split()[0]):
        return evidence
    return replace(evidence, answer=Span(part.start("part"), end))
