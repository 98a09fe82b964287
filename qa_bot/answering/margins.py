"""Tell a margin from other figures: "by how many votes" is not answered by all the votes."""

from __future__ import annotations

import re
from dataclasses import replace

from qa_bot.datatypes import Evidence, Span
from qa_bot.question import Question
from qa_bot.text import numbers

_COUNTED = r"(?:votes?|points?|seats?|goals?|ballots?|percent|per cent|percentage points?)"
_ASKS_MARGIN = re.compile(
    r"\bby how (?:many|much)\b.{0,200}"
    r"\b(?:beat|beaten|w[io]n|defeat\w*|los[et]|pass(?:ed)?|carried|elected)\b"
    r"|\bby what margin\b"
    r"|\b(?:what|how (?:big|large|wide|narrow|slim|small|close)) (?:was|is) "
    r"(?:the|her|his|their|(?:[\w’'-]+ ){0,3}?[\w’'-]+[’']s) (?:\w+ )?(?:margin|majority|lead)"
    r"(?=[?.,]|$| (?:of|in|over|on|after|once|when|at|before)\b)"
    rf"|\bhow (?:far|many {_COUNTED}) (?:ahead|behind) (?:was|is|were|are|did)\b(?!.*\bschedule)"
    rf"|\bhow many {_COUNTED}\b.{{0,100}}\b(?:win|won|lose|lost|beat|beaten) by\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:by|margin of|majority of|lead of|within)"
    r"(?: (?:just|only|a|mere|about|some|around|nearly|almost))* ?$",
    re.IGNORECASE,
)
# "Won by 63", "by 63 votes"; not "by 40 officials", "by three votes to none", "by 10 pm".
_ENDS = re.compile(
    rf"^[\w.,-]*\w(?:[.,;:)]|$| {_COUNTED}\b(?! to\b)| (?:in|after|over)\b)", re.IGNORECASE
)
_AFTER = re.compile(
    rf"^\S+ (?:{_COUNTED} )?(?:ahead|behind|clear|short|adrift|in front|separat\w+|"
    r"(?:more|fewer) than(?! (?:in|at|on|last)\b))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?: (?:hundred|thousand|million))?")
_NEAR_CHARS = 40  # around the answer; chosen by hand


def with_margin(question: Question, evidence: Evidence) -> Evidence:
    """Return the evidence with the margin in its sentence as the answer, if a question asks for it.

    "31,256 votes for her and 31,144 for him, a margin of 112" answers with 112.
    """
    if not lacks_margin(question, evidence):
        return evidence
    text = evidence.article.text
    numbers_said = _NUMBER.finditer(text, evidence.start, evidence.end)
    others = (replace(evidence, answer=Span(*match.span())) for match in numbers_said)
    return next((one for one in others if not lacks_margin(question, one)), evidence)


def lacks_margin(question: Question, evidence: Evidence) -> bool:
    """Return whether a question asks for a margin, and the answer is a number without its words."""
    if not evidence.answer or not numbers(evidence.words or ""):
        return False
    if not _ASKS_MARGIN.search(question.standalone):
        return False
    text, (start, end) = evidence.article.text, evidence.answer
    before = text[max(evidence.start, start - _NEAR_CHARS) : start]
    number = text[start : min(evidence.end, end + _NEAR_CHARS)]
    is_margin = (_BEFORE.search(before) and _ENDS.match(number)) or _AFTER.match(number)
    return not is_margin
