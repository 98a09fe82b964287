"""Read the hits of a question and compose an answer from the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_bot.answering.compose import compose
from qa_bot.answering.composition import Composition
from qa_bot.answering.conflicts import Embed
from qa_bot.answering.timeline import compose_timeline
from qa_bot.question import Question
from qa_bot.reading import Reader, read, rerank
from qa_bot.retrieval import Retrieval


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read and quoted, and how probable an answer must be.

    Attributes:
        hits_read: hits that the reader reads, at least 1.
        max_sentences: sentences quoted, at least 1.
        threshold: the probability, 0..1, below which an answer is declined.
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
    """Return the first retrieval that answers a question, or the last one, and what it answers.

    Args:
        question: as it was understood.
        retrievals: one or more, tried in order.
        reader: finds the evidence.
        embed: unit vectors of sentences.
        limits: how much is read and quoted.
    """
    for retrieval in retrievals:
        answered = _answer_from(question, retrieval, reader, embed, limits)
        if not answered[1].refusal:
            break
    return answered


def _answer_from(
    question: Question, retrieval: Retrieval, reader: Reader, embed: Embed, limits: Limits
) -> tuple[Retrieval, Composition]:
    """Return a retrieval, its hits re-ranked by the evidence in them, and what it answers."""
    if question.asks_events:
        timeline = compose_timeline(question, retrieval.hits, embed)
        if timeline:
            return retrieval, timeline
    readings = read(reader, question, retrieval.query, retrieval.hits[: limits.hits_read])
    composition = compose(
        question,
        retrieval,
        readings,
        threshold=limits.threshold,
        max_sentences=limits.max_sentences,
        embed=embed,
    )
    return replace(retrieval, hits=rerank(retrieval.hits, readings)), composition
