"""Prefer the newest report for a question about the latest state, or for who holds an office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from qa_bot.datatypes import Evidence
from qa_bot.news import exact_day, is_role
from qa_bot.question import Expects, Question
from qa_bot.text import words

# Shares of the best probability that a newer report needs; chosen by hand.
_LIKELY, _LIKELY_HOLDER = 0.4, 0.65
_LONGEST_NAME = 8  # words of a holder; chosen by hand
_OF = frozenset(("of", "at", "for", "in"))  # one of these follows an office, or nothing
# "Who was the captain", "who won", "the coach after him" ask for no holder of today.
_PAST = re.compile(
    r"\b(?:was|were|did|had|used to|before|after|then|when|while|during|first|former\w*|original\w*"
    r"|earlier|previous\w*|old|ex|won|ran|led|held|made|got|said|\w+ed)\b",
    re.IGNORECASE,
)


def newest_first(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence, for the latest state or holder with the newest likely report first.

    That report takes the probability of the best evidence: it says the same later, or something
    newer.
    """
    found = list(evidence)
    since = exact_day(found[0].article) if found else None
    if since is None or not (question.intent.latest or asks_for_holder(question)):
        return found
    least = (_LIKELY if question.intent.latest else _LIKELY_HOLDER) * found[0].probability
    later = [
        (day, e.probability, e)
        for e in found
        if e.probability >= least
        and (day := exact_day(e.article))
        and day > since
        and (question.intent.latest or len(words(e.words or "")) <= _LONGEST_NAME)
    ]
    if not later:
        return found
    *_, newest = max(later, key=itemgetter(0, 1))
    found.remove(newest)
    return [replace(newest, probability=found[0].probability), *found]


def asks_for_holder(question: Question) -> bool:
    """Return whether a question asks who holds an office today: "who runs X", "captain of X"."""
    if _PAST.search(question.standalone):
        return False
    if question.expects is Expects.PERSON:
        return question.intent.state
    asked = words(question.standalone)
    after = (*asked[1:], "of")
    offices = (is_role(word) and next_ in _OF for word, next_ in zip(asked, after, strict=True))
    return question.expects is Expects.ANY and any(offices)
