"""Say yes or no where the judge of support, which reads a question as a claim, is sure of it."""

from __future__ import annotations

from dataclasses import replace

from qa_bot.answer import DECISIONS, Citation, PartKind, Sentence
from qa_bot.answering.composition import Composition
from qa_bot.datatypes import Article
from qa_bot.grounding import SupportJudge
from qa_bot.news import exact_day, header_line
from qa_bot.question import Expects, Question
from qa_bot.text import terms

_FEWEST_TERMS = 2  # chosen by hand: "is the pool open" shares one with any opening
_SURE = 0.85  # probability of yes or no, 0..1; chosen on eval/datasets/yes-no


def with_decision(
    question: Question, composition: Composition, judge: SupportJudge | None
) -> Composition:
    """Return the composition, headed by "Yes." or "No." if the judge is sure of one.

    The judge reads the first quoted sentence. It decides no question of several parts, none on
    which two articles differ, and none of whose terms the article has fewer than two or half.
    """
    if judge is None or question.expects is not Expects.YES_NO or question.parts:
        return composition
    if not composition.citations or composition.difference or composition.timeline:
        return composition
    first = composition.citations[0]
    if not _is_about(first.article, question):
        return composition
    relations = judge.relations([(question.standalone, _headed(first))])[0]
    likelier = int(relations[:2].argmax())
    if relations[likelier] < _SURE:
        return composition
    text = DECISIONS[likelier]
    decision = Sentence(text, (first.number,), kind=PartKind.DECISION)
    sentences = (decision, *composition.sentences)
    return replace(composition, sentences=sentences, short=text.rstrip("."))


def _is_about(article: Article, question: Question) -> bool:
    """Return whether an article has enough of a question's terms to be about the same thing."""
    there = set(terms(f"{article.title} {article.text}")) & set(question.terms)
    return len(there) >= max(_FEWEST_TERMS, len(question.terms) / 2)


def _headed(citation: Citation) -> str:
    """Return a quote under the header of its article, as the judge learned passages."""
    article = citation.article
    header = header_line(article.title, article.publisher, exact_day(article))
    return f"{header}\n{citation.quote}" if header else citation.quote
