"""Read every hit with a small model, and the most promising hits again with a large one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.grounding import SupportJudge
from qa_bot.news import corrections_in
from qa_bot.question import Question
from qa_bot.reading.span_reader import SpanReader
from qa_bot.retrieval import Query

_READ_AGAIN, _CORRECTIONS = 4, 2  # hits; chosen by hand


class CascadeReader:
    """A large reader of the hits in which a small reader finds the most probable evidence.

    ``judge`` decides questions of yes or no.
    """

    def __init__(self, small: SpanReader, large: SpanReader, judge: SupportJudge) -> None:
        self._small, self._large = small, large
        self.judge: SupportJudge | None = judge
        self.name = "cascade-reader-1"
        self.threshold = large.threshold
        all_weights = f"{small.fingerprint}{large.fingerprint}{judge.fingerprint}"
        self.fingerprint = hashlib.sha256(all_weights.encode()).hexdigest()

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the large reader's evidence, most probable first; other hits have none."""
        promising = promising_hits(self._small, question, query, hits)
        return self._large.read(question, query, promising)


def promising_hits(
    small: SpanReader, question: Question, query: Query, hits: Sequence[Hit]
) -> tuple[Hit, ...]:
    """Return the hits for the large reader, in the order of retrieval.

    Up to two more have a notice of correction: it may withdraw what the others say.
    """
    if len(hits) <= _READ_AGAIN:
        return tuple(hits)
    best: dict[str, float] = {}
    for evidence in small.read(question, query, hits):
        best.setdefault(evidence.hit.passage.id, evidence.probability)
    promising = sorted(hits, key=lambda h: (-best.get(h.passage.id, 0.0), h.rank))
    corrections = [hit for hit in promising[_READ_AGAIN:] if _has_correction(hit)][:_CORRECTIONS]
    return tuple(sorted([*promising[:_READ_AGAIN], *corrections], key=lambda h: h.rank))


def _has_correction(hit: Hit) -> bool:
    passage = hit.passage
    return bool(corrections_in(passage.article.text, Span(passage.start, passage.end)))
