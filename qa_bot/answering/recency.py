"""Prefer the newest report for a question about the latest state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from qa_bot.datatypes import Evidence
from qa_bot.news import exact_day
from qa_bot.question import Question

_LIKELY = 0.4  # share of the best probability that a newer report needs; chosen by hand


def newest_first(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence, for the latest state with the newest likely report first.

    That report takes the probability of the best evidence: it says the same later, or something
    newer.
    """
    found = list(evidence)
    since = exact_day(found[0].article) if found else None
    if not question.intent.latest or since is None:
        return found
    least = _LIKELY * found[0].probability
    later = [
        (day, e.probability, e)
        for e in found
        if e.probability >= least and (day := exact_day(e.article)) and day > since
    ]
    if not later:
        return found
    *_, newest = max(later, key=itemgetter(0, 1))
    found.remove(newest)
    return [replace(newest, probability=found[0].probability), *found]
