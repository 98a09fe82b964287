"""Say yes or no where the judge of support, which reads a question as a claim, is sure of it.

Where it finds that the sentence leaves the question open, the answer is declined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.answer import DECISIONS, PartKind, Sentence
from qa_bot.answering.composition import Composition, headed_quote
from qa_bot.answering.refusal import left_open
from qa_bot.datatypes import Article, Hit
from qa_bot.grounding import SupportJudge
from qa_bot.question import Expects, Question
from qa_bot.text import terms

_FEWEST_TERMS = 2  # chosen by hand: "is the pool open" shares one with any opening
_SURE = 0.85  # least probability of yes or no, 0..1; see docs/decisions/0074
_OPEN = 0.5  # least probability, 0..1, that the sentence leaves it open; see docs/decisions/0063


def with_decision(
    question: Question, composition: Composition, judge: SupportJudge | None, hits: Sequence[Hit]
) -> Composition:
    """Return the composition, headed by "Yes." or "No." if the judge is sure of one.

    The judge reads the first quoted sentence; if that leaves the question open, a refusal is
    returned, with the nearest articles of ``hits``. It reads no question of several parts and none
    on which two articles differ, and decides none of whose terms the article has fewer than two or
    half.
    """
    if judge is None or question.expects is not Expects.YES_NO or question.parts:
        return composition
    if not composition.is_quoted:
        return composition
    first = composition.citations[0]
    relations = judge.relations([(question.standalone, headed_quote(first))])[0]
    if relations[2] >= _OPEN:
        return Composition(composition.confidence, refusal=left_open(hits, first))
    likelier = int(relations[:2].argmax())
    if relations[likelier] < _SURE or not _is_about(first.article, question):
        return composition
    text = DECISIONS[likelier]
    decision = Sentence(text, (first.number,), kind=PartKind.DECISION)
    sentences = (decision, *composition.sentences)
    return replace(composition, sentences=sentences, short=text.rstrip("."))


def _is_about(article: Article, question: Question) -> bool:
    """Return whether an article has enough of a question's terms to be about the same thing."""
    there = set(terms(f"{article.title} {article.text}")) & set(question.terms)
    return len(there) >= max(_FEWEST_TERMS, len(question.terms) / 2)
