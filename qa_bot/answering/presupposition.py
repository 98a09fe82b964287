"""Decline a question about an event that its sentence does not bear out.

"When did Biden go to Moscow?" takes for granted that he went. The judge of support reads that as
the question "Did Biden go to Moscow?" with the sentence that would answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.answering.composition import Composition, headed_quote
from qa_bot.answering.refusal import left_open, presumed_wrongly
from qa_bot.datatypes import Hit
from qa_bot.grounding import SupportJudge
from qa_bot.question import Question

# The words from "did" on ask whether it happened.
_ASKS_ABOUT_EVENT = re.compile(
    r"^(?:and |so |but )?"
    r"(?:(?P<when>when|(?:on |in )?(?:what|which) (?:day|date|month|year))|why|where|how) "
    r"(?P<whether>(?:did|do|does|was|were|is|are|will|would|has|have|had|can|could|should)\b.+)",
    re.IGNORECASE,
)
# Probabilities, 0..1, from which an answer is declined: that the sentence denies the event, and
# for a time that it leaves it open. Of 106 such answers to natural questions, 89 of them right,
# this takes away five wrong ones and no right one.
_DENIED, _OPEN = 0.85, 0.6


def without_presupposition(
    question: Question, composition: Composition, judge: SupportJudge | None, hits: Sequence[Hit]
) -> Composition:
    """Return the composition, or a refusal if its first sentence does not bear out the event.

    The judge reads no question of several parts and none on which two articles differ.
    """
    event = _ASKS_ABOUT_EVENT.match(question.standalone)
    if judge is None or event is None or question.parts or not composition.is_quoted:
        return composition
    first = composition.citations[0]
    whether = f"{event['whether'][0].upper()}{event['whether'][1:]}"
    _, denied, is_open = judge.relations([(whether, headed_quote(first))])[0]
    if denied >= _DENIED:
        return Composition(composition.confidence, refusal=presumed_wrongly(hits, first))
    if event["when"] and is_open >= _OPEN:
        return Composition(composition.confidence, refusal=left_open(hits, first))
    return composition
