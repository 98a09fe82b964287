"""Read the hits of a question and compose an answer from the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_bot.answering.comparison import compose_comparison, with_both_sides
from qa_bot.answering.compose import compose
from qa_bot.answering.composition import Composition
from qa_bot.answering.conflicts import Embed
from qa_bot.answering.decision import with_decision
from qa_bot.answering.presupposition import without_presupposition
from qa_bot.answering.timeline import compose_timeline
from qa_bot.question import Question
from qa_bot.reading import Reader, read, rerank
from qa_bot.retrieval import Retrieval


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading and quoting, and the threshold of an answer.

    Attributes:
        hits_read: the most hits to read, at least 1.
        max_sentences: the most sentences to quote, at least 1.
        threshold: the least probability, 0..1, of an answer.
    """

    hits_read: int
    max_sentences: int
    threshold: float


def answer_from(
    question: Question,
    retrievals: Sequence[Retrieval],
    reader: Reader,
    embed: Embed,
    limits: Limits,
) -> tuple[Retrieval, Composition]:
    """Return the first retrieval that answers a question, or the last one, with its composition.

    Args:
        question: the question.
        retrievals: one or more, tried in order.
        reader: finds the evidence.
        embed: embeds sentences as unit vectors.
        limits: the limits of reading and quoting.
    """
    for retrieval in retrievals:
        answered = _answer_from(question, retrieval, reader, embed, limits)
        if not answered[1].refusal:
            break
    return answered


def _answer_from(
    question: Question, retrieval: Retrieval, reader: Reader, embed: Embed, limits: Limits
) -> tuple[Retrieval, Composition]:
    """Return a retrieval, its hits re-ranked by their evidence, with its composition."""
    if question.asks_events:
        timeline = compose_timeline(question, retrieval.hits, embed)
        if timeline:
            return retrieval, timeline
    hits = retrieval.hits[: limits.hits_read]
    if question.sides:
        sides = read(reader, replace(question, parts=question.sides), retrieval.query, hits)
        compared = compose_comparison(question, sides, limits.threshold, retrieval.hits)
        if compared:
            return replace(retrieval, hits=rerank(retrieval.hits, sides)), compared
    readings = read(reader, question, retrieval.query, hits)
    composition = compose(
        question,
        retrieval,
        readings,
        threshold=limits.threshold,
        max_sentences=limits.max_sentences,
        embed=embed,
    )
    decided = with_decision(question, composition, reader.judge, retrieval.hits)
    decided = with_both_sides(question, decided, readings, limits.threshold, retrieval.hits)
    decided = without_presupposition(question, decided, reader.judge, retrieval.hits)
    return replace(retrieval, hits=rerank(retrieval.hits, readings)), decided
