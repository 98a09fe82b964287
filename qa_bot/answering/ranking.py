"""Rank the evidence for a question after corrections, and weigh what answers it less well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_bot.answering.agreement import from_body
from qa_bot.answering.attribution import rank_by_speaker
from qa_bot.answering.corrections import add_corrections, correct, without_corrected
from qa_bot.answering.differences import counts_another_kind, repeats_figure
from qa_bot.answering.margins import lacks_margin, with_margin
from qa_bot.answering.negation import affirm
from qa_bot.answering.part_of_whole import with_part
from qa_bot.answering.recency import newest_first
from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.news import is_former, is_questioned, leaves_open
from qa_bot.question import Expects, Question
from qa_bot.reading import Reading

# Factors on a number of another kind of things or of the question, on what a sentence says is not
# given, and, for the present, on what it says is over; chosen by hand.
_OTHER_KIND, _LEFT_OPEN, _OVER = 0.2, 0.2, 0.2
_ASKS_WHAT_IS_SAID = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old)|comment\w*|explain\w*|know[ns]?|clear|disclos\w*)\b",
    re.IGNORECASE,
)


def rank(reading: Reading, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the evidence of a reading after corrections, ranked for its question.

    Args:
        reading: a question with its evidence.
        hits: those of the question, in which notices of correction are looked for.
    """
    asked = reading.question
    weighed = [_weigh(asked, with_margin(asked, one)) for one in reading.evidence]
    likeliest = sorted(weighed, key=lambda e: -e.probability)
    right = [correct(with_part(asked, affirm(asked, one))) for one in likeliest]
    corrected = add_corrections(right, hits)
    ranked = rank_by_speaker(asked, from_body(without_corrected(corrected)))
    # What a notice withdraws stands only beside that notice, not beside a newer report.
    return tuple(without_corrected(newest_first(asked, ranked)))


def _weigh(question: Question, evidence: Evidence) -> Evidence:
    """Return the evidence, less probable if it counts other things or leaves the answer open.

    So is a figure that the question names itself, and one that is no margin if it asks for one.
    """
    factor = 1.0
    of_other_kind = counts_another_kind, repeats_figure, lacks_margin
    if any(is_other(question, evidence) for is_other in of_other_kind):
        factor = _OTHER_KIND
    elif _is_left_open(question, evidence):
        factor = _LEFT_OPEN
    elif question.intent.latest and _is_over(evidence):
        factor = _OVER
    return replace(evidence, probability=factor * evidence.probability)


def _is_left_open(question: Question, evidence: Evidence) -> bool:
    """Return whether a sentence says that it does not give the answer, or only asks "whether"."""
    if not evidence.answer or _ASKS_WHAT_IS_SAID.search(question.standalone):
        return False
    place = evidence.article.text, Span(evidence.start, evidence.end), evidence.answer
    asks_whether = question.expects is Expects.YES_NO and is_questioned(*place)
    return asks_whether or leaves_open(*place)


def _is_over(evidence: Evidence) -> bool:
    """Return whether a sentence says that its answer is no longer so."""
    if evidence.answer is None:
        return False
    return is_former(evidence.article.text, Span(evidence.start, evidence.end), evidence.answer)
