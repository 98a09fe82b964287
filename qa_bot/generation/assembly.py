"""Assemble the answer from the results of the stages."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.answer import Answer
from qa_bot.answering import with_context
from qa_bot.generation.reply import Reply
from qa_bot.question import Question
from qa_bot.retrieval import Retrieval


@dataclass(frozen=True, slots=True)
class Origin:
    """The state of the index and the models behind an answer.

    ``models`` holds names, ``weights`` the SHA-256 of the weights, both by role.
    """

    index_id: str
    generation: int
    models: dict[str, str | None]
    weights: dict[str, str]


def assemble(
    question: Question,
    retrieval: Retrieval,
    reply: Reply,
    origin: Origin,
    timings_ms: dict[str, float],
) -> Answer:
    """Return the answer; no other function builds an ``Answer``."""
    composition = reply.composition
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        sentences=composition.sentences,
        citations=with_context(composition.citations, retrieval.hits),
        hits=retrieval.hits,
        coverage=retrieval.coverage,
        refusal=composition.refusal,
        short=composition.short,
        unresolved=reply.unresolved,
        confidence=composition.confidence,
        timings_ms=timings_ms,
        models=origin.models | ({} if reply.written else {"generator": None}),
        index={"id": origin.index_id, "generation": origin.generation},
        narrowed=retrieval.filters.to_dict(),
        note=reply.note,
        withheld=reply.withheld,
        weights=origin.weights,
        when=composition.when,
        sources=composition.sources,
        difference=composition.difference,
        timeline=composition.timeline,
    )
