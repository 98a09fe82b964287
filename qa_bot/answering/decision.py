"""Say yes or no where the judge of support, which reads a question as a claim, is sure of it.

Where it finds that the sentence leaves the question open, the answer is declined, and so is a time
where the sentence leaves open whether what is asked about happened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_bot.answer import DECISIONS, Citation, PartKind, Sentence
from qa_bot.answering.composition import Composition
from qa_bot.answering.refusal import not_decided
from qa_bot.datatypes import Article, Hit
from qa_bot.grounding import SupportJudge
from qa_bot.news import exact_day, header_line
from qa_bot.question import Expects, Question
from qa_bot.text import terms

_FEWEST_TERMS = 2  # chosen by hand: "is the pool open" shares one with any opening
_SURE = 0.7  # least probability of yes or no, 0..1; chosen on held-out stories of training/
_OPEN = 0.5  # least probability, 0..1, that the sentence leaves it open; chosen there too
# The same for whether something happened whose time is asked for: of 29 answers of the natural sets
# that loses three wrong ones of five, and no right one.
_OPEN_EVENT = 0.6
# "When did they meet?": the words from "did" on ask whether they met.
_WHEN = re.compile(
    r"^(?:and |so |but )?(?:when|(?:on |in )?(?:what|which) (?:day|date|month|year)) "
    r"(?P<whether>(?:did|do|does|was|were|is|are|will|would|has|have|had|can|could|should)\b.+)",
    re.IGNORECASE,
)


def with_decision(
    question: Question, composition: Composition, judge: SupportJudge | None, hits: Sequence[Hit]
) -> Composition:
    """Return the composition, headed by "Yes." or "No." if the judge is sure of one.

    The judge reads the first quoted sentence; if that leaves the question open, or whether
    something happened whose time is asked for, a refusal is returned, with the nearest articles of
    ``hits``. It reads no question of several parts and none on which two articles differ, and
    decides none of whose terms the article has fewer than two or half.
    """
    whether = _whether(question)
    if judge is None or whether is None or question.parts or not _is_quote(composition):
        return composition
    first = composition.citations[0]
    relations = judge.relations([(whether, _headed(first))])[0]
    is_yes_no = question.expects is Expects.YES_NO
    if relations[2] >= (_OPEN if is_yes_no else _OPEN_EVENT):
        return Composition(composition.confidence, refusal=not_decided(hits, first))
    if not is_yes_no:
        return composition
    likelier = int(relations[:2].argmax())
    if relations[likelier] < _SURE or not _is_about(first.article, question):
        return composition
    text = DECISIONS[likelier]
    decision = Sentence(text, (first.number,), kind=PartKind.DECISION)
    sentences = (decision, *composition.sentences)
    return replace(composition, sentences=sentences, short=text.rstrip("."))


def _whether(question: Question) -> str | None:
    """Return the question of yes or no that the judge reads, or None for none."""
    if question.expects is Expects.YES_NO:
        return question.standalone
    when = _WHEN.match(question.standalone) if question.expects is Expects.TIME else None
    return f"{when['whether'][0].upper()}{when['whether'][1:]}" if when else None


def _is_quote(composition: Composition) -> bool:
    """Return whether an answer is of sentences of articles that do not differ."""
    if not composition.citations or composition.difference or composition.timeline:
        return False
    return all(one.kind is not PartKind.PUBLICATION for one in composition.sentences)


def _is_about(article: Article, question: Question) -> bool:
    """Return whether an article has enough of a question's terms to be about the same thing."""
    there = set(terms(f"{article.title} {article.text}")) & set(question.terms)
    return len(there) >= max(_FEWEST_TERMS, len(question.terms) / 2)


def _headed(citation: Citation) -> str:
    """Return a quote under the header of its article, as the judge learned passages."""
    article = citation.article
    header = header_line(article.title, article.publisher, exact_day(article))
    return f"{header}\n{citation.quote}" if header else citation.quote
