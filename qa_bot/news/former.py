"""Recognise who or what a sentence names as no longer in place: a holder who left, a past state."""

from __future__ import annotations

import re

from qa_bot.datatypes import Span

_NEAR = 60  # characters around the answer; chosen by hand
_BEFORE = re.compile(
    r"\b(?:tak(?:es?|ing|en)|took) over (?:\w+ )?from(?: \w+){0,2} $|"
    r"\b(?:replac|succeed)(?:e|es|ed|ing|s)?(?: \w+){0,2} $|"
    r"\b(?:former|previous|outgoing|ex-?)(?: (?!said|says|told|and|was|is)\w+){0,3} ?$",
    re.IGNORECASE,
)
# "Marram & Sons, a family firm, had run": a phrase between commas may stand before the verb.
_LEFT = r"(?:resigned|quit|retired|stepped down|died|left(?: the (?:post|job|club))?)"
_AFTER = re.compile(
    r"^(?:,[^,.;]{1,60},)? (?:had (?!been (?:named|appointed|elected|chosen))|"
    r"(?:(?:has|have) )?(?:resigned|quit|retired|stepped down|left the (?:post|job|club))|"
    r"(?:was|were|is|are|has been) (?:replaced|succeeded|sacked|dismissed|removed))|"
    rf"^,? who (?:had |has )?{_LEFT}",
    re.IGNORECASE,
)


def is_former(text: str, sentence: Span, answer: Span) -> bool:
    """Return whether a sentence says that its answer is no longer what it was.

    >>> text = "She takes over from Hal Dunmarrow, who resigned earlier this month."
    >>> is_former(text, Span(0, len(text)), Span(20, 33))
    True
    """
    before = text[max(sentence.start, answer.start - _NEAR) : answer.start]
    after = text[answer.end : min(sentence.end, answer.end + 2 * _NEAR)]
    return bool(_BEFORE.search(before) or _AFTER.match(after))
