"""Read every hit with a small model, and the most promising hits again with a large one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from qa_bot.datatypes import Evidence, Hit
from qa_bot.question import Question
from qa_bot.reading.span_reader import SpanReader
from qa_bot.retrieval import Query

_READ_AGAIN = 4  # hits; chosen on development sets


class CascadeReader:
    """A large reader of the hits in which a small reader finds the most probable evidence."""

    def __init__(self, small: SpanReader, large: SpanReader) -> None:
        self._small, self._large = small, large
        self.name = "cascade-reader-1"
        self.threshold = large.threshold
        both = f"{small.fingerprint}{large.fingerprint}"
        self.fingerprint = hashlib.sha256(both.encode()).hexdigest()

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the large reader's evidence, most probable first; other hits have none."""
        if len(hits) <= _READ_AGAIN:
            return self._large.read(question, query, hits)
        best: dict[str, float] = {}
        for evidence in self._small.read(question, query, hits):
            best.setdefault(evidence.hit.passage.id, evidence.probability)
        promising = sorted(hits, key=lambda h: (-best.get(h.passage.id, 0.0), h.rank))
        again = sorted(promising[:_READ_AGAIN], key=lambda h: h.rank)
        return self._large.read(question, query, again)
