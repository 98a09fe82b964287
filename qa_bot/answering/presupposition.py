"""Decline a question about an event that its sentence does not bear out.

"When did Biden go to Moscow?" takes for granted that he went, and "who hacked the clinic?" that
somebody did. The judge of support reads that, as "Did Biden go to Moscow?" and "Somebody hacked the
clinic.", with the sentence that would answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_bot.answer import Citation, RefusalReason
from qa_bot.answering.composition import Composition, headed_quote
from qa_bot.answering.refusal import denied, left_open, unsure
from qa_bot.datatypes import Hit
from qa_bot.grounding import SupportJudge
from qa_bot.question import AUXILIARY, Expects, Question

_BEGINNING = r"^(?:and |so |but )?"
_EVENT = re.compile(
    rf"{_BEGINNING}(?:(?:when|(?:on |in )?(?:what|which) (?:day|date|month|year))|why|where|how)"
    rf" (?P<whether>{AUXILIARY}\b.+)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(rf"{_BEGINNING}who (?P<did>(?!(?:did|do|does)\b).+)", re.IGNORECASE)
_MAY_BE = re.compile(r"(?:will|would|can|could|should|may|might|must)\b", re.IGNORECASE)
# Probabilities, 0..1, from which an answer is declined: that the sentence denies the event, and
# for a time or a person that it leaves it open. Of 149 such answers to natural questions, 123 of
# them right, this takes away seven wrong ones and no right one.
_UNSURE, _OPEN = 0.85, 0.6
# From here on the refusal says that the sentence denies the event: of the four likeliest sentences
# of 204 questions three reach it, and all three do; of the twelve from 0.85 on only four do.
_DENIED = 0.94


def without_presupposition(
    question: Question, composition: Composition, judge: SupportJudge | None, hits: Sequence[Hit]
) -> Composition:
    """Return the composition, or a refusal if its sentence does not bear out the event.

    The closest sentence of a refusal may deny the event too; the refusal then says so. The judge
    reads no question of several parts and none on which two articles differ.
    """
    claim = _presupposed(question)
    first = _first(composition)
    if judge is None or claim is None or question.parts or first is None:
        return composition
    _, is_denied, is_open = judge.relations([(claim, headed_quote(first))])[0]
    if is_denied >= _DENIED:
        return Composition(composition.confidence, refusal=denied(hits, first))
    if composition.refusal:
        return composition
    if is_denied >= _UNSURE:
        return Composition(composition.confidence, refusal=unsure(hits, first))
    is_past = not (question.intent.future or _MAY_BE.match(claim))  # plans are left open
    if is_open >= _OPEN and is_past and question.expects in (Expects.TIME, Expects.PERSON):
        return Composition(composition.confidence, refusal=left_open(hits, first))
    return composition


def _first(composition: Composition) -> Citation | None:
    """Return the first quoted sentence, or the closest one of a refusal that found no answer."""
    if composition.is_quoted:
        return composition.citations[0]
    refusal = composition.refusal
    return refusal.closest if refusal and refusal.reason is RefusalReason.NOT_ANSWERED else None


def _presupposed(question: Question) -> str | None:
    """Return what a question takes for granted, or None: "who is Ana Vell?" asks for no event."""
    asked = question.standalone
    if question.intent.person is None and (somebody := _SOMEBODY.match(asked)):
        return f"Somebody {somebody['did'].rstrip(' ?')}."
    event = _EVENT.match(asked)
    return f"{event['whether'][0].upper()}{event['whether'][1:]}" if event else None
