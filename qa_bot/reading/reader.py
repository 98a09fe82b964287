"""The protocol of a reader, the readers by name, and the order of hits by their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from qa_bot.datatypes import Evidence, Hit
from qa_bot.errors import ConfigError
from qa_bot.grounding import SupportJudge, load_grounding
from qa_bot.models import Embedder, prefer_large
from qa_bot.question import Kind, Question
from qa_bot.reading.age_reader import read_ages
from qa_bot.reading.cascade_reader import CascadeReader
from qa_bot.reading.dateline_reader import read_dateline
from qa_bot.reading.overlap_reader import OverlapReader
from qa_bot.reading.quotation_reader import read_quotations
from qa_bot.reading.role_reader import is_named, read_roles
from qa_bot.reading.span_reader import SpanReader
from qa_bot.resources import model_folder
from qa_bot.retrieval import Query


class Reader(Protocol):
    """Finds evidence in hits.

    Attributes:
        name: the name that answers report.
        fingerprint: a hash of all its weights; empty for a reader without weights.
        threshold: default for the least probability, 0..1, of evidence that answers; chosen on
            development sets.
        judge: decides questions of yes or no; None for a reader that only quotes.
    """

    name: str
    fingerprint: str
    threshold: float
    judge: SupportJudge | None

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence, most probable first, ties by rank of the hit and position.

        Args:
            question: one question, without parts.
            query: the vector of the whole question, and the weights of its terms.
            hits: passages to read, best first.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The evidence for one question, most probable first."""

    question: Question
    evidence: tuple[Evidence, ...]


READERS = ("auto", "large", "small", "none")
_FOLDERS = {"small": "reader", "large": "reader-large"}


def load_reader(name: str, embedder: Embedder) -> Reader:
    """Return the reader of this name; "none" reads without a trained model.

    "auto" is the large reader where the weights that it builds on are installed, else the small
    one.

    Raises:
        ConfigError: there is no such reader.
        ModelError: the model is damaged, or weights that it builds on are missing.
    """
    if name not in READERS:
        raise ConfigError("reader", f"There is no reader {name!r}. Use {', '.join(READERS)}.")
    if name == "none":
        return OverlapReader(embedder)
    if name == "large" or (name == "auto" and prefer_large()):
        return CascadeReader(_trained("small"), _trained("large"), load_grounding("large"))
    return _trained("small")


@cache
def _trained(name: str) -> SpanReader:
    return SpanReader(model_folder(_FOLDERS[name]), f"{name}-reader-1")


def read(
    reader: Reader, question: Question, query: Query, hits: Sequence[Hit]
) -> tuple[Reading, ...]:
    """Return the evidence for each part of a question; nothing for one that names no subject."""
    parts = () if question.kind is Kind.DAY else question.each
    return tuple(Reading(part, _evidence(reader, part, query, hits)) for part in parts)


def _evidence(
    reader: Reader, part: Question, query: Query, hits: Sequence[Hit]
) -> tuple[Evidence, ...]:
    if not is_named(part, hits):
        return ()
    by_rules = (read_dateline, read_roles, read_ages, read_quotations)
    found = (rule(part, hits) for rule in by_rules)
    return next(filter(None, found), ()) or reader.read(part, query, hits)


def rerank(hits: Sequence[Hit], readings: Sequence[Reading]) -> tuple[Hit, ...]:
    """Return the hits ordered by retrieval score and evidence together.

    The new score is the mean, 0..1, of the old one and of the highest probability of evidence in
    the hit, which is 0 for a hit without evidence.
    """
    found: dict[str, float] = {}
    for one in (evidence for reading in readings for evidence in reading.evidence):
        key = one.hit.passage.id
        found[key] = max(found.get(key, 0.0), one.probability)
    scores = {h.passage.id: (h.score + found.get(h.passage.id, 0.0)) / 2 for h in hits}
    ordered = sorted(hits, key=lambda h: (-scores[h.passage.id], h.rank))
    return tuple(
        replace(hit, rank=rank, score=scores[hit.passage.id], how=f"{hit.how}, read")
        for rank, hit in enumerate(ordered, start=1)
    )
