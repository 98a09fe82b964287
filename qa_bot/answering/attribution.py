"""Evidence that is put in somebody's mouth → the order and the words that questions of it need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_bot.datatypes import Evidence
from qa_bot.news import SAYING, is_attributed
from qa_bot.text import words

_WHO_SAID = re.compile(
    rf"\bwho(?:se words| (?:was it that |has |had |first |also )?(?:{SAYING}|compared|likened|"
    r"grumbled|asked|put|spoke))\b|\bwhich (?:\w+ ){1,3}(?:said|says|told|warned|called)\b",
    re.IGNORECASE,
)
_SAID_WHAT = re.compile(
    r"\b(?:what|how|why) (?:did|does|do|has|had|was|were|is) (?:the )?(?P<who>[^?]{2,60}?)"
    r"(?: have)?(?: to| willing to)? (?:say|said|tell|told|think|thought|promise|promised|call|"
    r"called|claim|claimed|answer|reply|describe|described|warn|warned|comment|react|respond)\b|"
    r"\b(?:according to|in the words of) (?:the )?(?P<source>[^,?]{2,60})",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been) (?:\S+ ){1,5}?(?:called|described|thought|named)\b", re.IGNORECASE
)
_PRONOUNS = frozenset({"he", "she", "they", "it", "him", "her"})
_OTHERS_WORD = 0.6  # what another says counts so much


def asks_who_said(question: str) -> bool:
    """Return whether a question asks for a speaker.

    >>> asks_who_said("Who called it a bad barbecue?"), asks_who_said("Who won?")
    (True, False)
    """
    return bool(_WHO_SAID.search(question))


def asked_speaker(question: str) -> str | None:
    """Return whose words a question asks for.

    >>> asked_speaker("What did Agnes Lund say about the gate?")
    'Agnes Lund'
    """
    match = None if _PASSIVE.search(question) else _SAID_WHAT.search(question)
    return (match["who"] or match["source"]).strip() if match else None


def by_speaker(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence in the order that a question of who said what needs.

    Asked what somebody said, what others say counts less; asked who said it, a sentence that is
    nobody's counts less, and the answer is the speaker.
    """
    wanted = asked_speaker(question)
    if wanted:
        weighed = [
            replace(e, probability=e.probability * (_OTHERS_WORD if _is_other(e, wanted) else 1))
            for e in evidence
        ]
    elif asks_who_said(question):
        weighed = [
            replace(e, probability=e.probability * (1 if e.speaker else _OTHERS_WORD))
            for e in evidence
        ]
    else:
        return list(evidence)
    return sorted(weighed, key=lambda e: -e.probability)


def short_answer(question: str, evidence: Evidence) -> str | None:
    """Return the words that answer: the speaker where one is asked for, or stands as "she"."""
    said = evidence.words
    pronoun = said is not None and said.lower() in _PRONOUNS
    if evidence.speaker and (asks_who_said(question) or pronoun):
        return evidence.speaker
    return said


def unsaid_speaker(sentence: str, speaker: str | None) -> str | None:
    """Return the speaker of a sentence where it would read as a fact without.

    >>> unsaid_speaker("“It is an instruction.”", "Marta Lund")
    'Marta Lund'
    >>> unsaid_speaker("“It is an instruction,” she said.", "Marta Lund")
    """
    return None if speaker is None or is_attributed(sentence) else speaker


def _is_other(evidence: Evidence, wanted: str) -> bool:
    """Return whether a sentence is said by someone else than the one asked about."""
    if evidence.speaker is None:
        return False
    return not set(words(wanted)) & set(words(evidence.speaker))
