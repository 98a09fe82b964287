"""A question and its hits → evidence: the sentences that may answer it, each with a probability.

Sentences are weighed by embedding similarity and by the question's terms that they, and the
passage around them, contain. It knows nothing of how an answer is put together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.embedding import Embedder
from qa_bot.retrieval import Query
from qa_bot.sentences import split_sentences
from qa_bot.terms import terms

_FEWEST_WORDS = 4  # shorter lines are headings, which answer nothing by themselves


class Reader(Protocol):
    """Finds evidence in hits.

    Attributes:
        name: what answers call it.
    """

    name: str

    def read(self, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence, most probable first, ties by rank of the hit and position."""
        ...


@dataclass(frozen=True, slots=True)
class Features:
    """How a sentence bears on a question, each 0..1 but the cosine (−1..1); higher is better.

    Attributes:
        cosine: of the embeddings of question and sentence.
        sentence_cover: share of the weight of the question's terms that the sentence has.
        passage_cover: the same for passage and title together.
        passage_score: the hit's score.
    """

    cosine: float
    sentence_cover: float
    passage_cover: float
    passage_score: float


# Logistic regression; how it was fitted, and on what, is in DECISIONS ("Reading without a model").
_WEIGHTS = Features(cosine=4.0, sentence_cover=2.0, passage_cover=3.0, passage_score=0.0)
_BIAS = -4.5


class OverlapReader:
    """Chooses sentences by embedding similarity and term overlap: no trained model."""

    name = "overlap"

    def __init__(self, embedder: Embedder) -> None:
        """Read with the embedder of the index."""
        self._embedder = embedder

    def read(self, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence, most probable first, ties by rank of the hit and position."""
        candidates = [(hit, span) for hit in hits for span in _sentences(hit)]
        unique = list({(hit.passage.article.id, span): (hit, span) for hit, span in reversed(candidates)}.values())
        found = [
            Evidence(hit, span.start, span.end, probability(features))
            for (hit, span), features in zip(unique, self.features(query, unique), strict=True)
        ]
        return tuple(sorted(found, key=lambda e: (-e.probability, e.hit.rank, e.start)))

    def features(
        self, query: Query, candidates: Sequence[tuple[Hit, Span]]
    ) -> list[Features]:
        """Return the features of each sentence, in order."""
        texts = [hit.passage.article.text[span.start : span.end] for hit, span in candidates]
        if not texts:
            return []
        cosines = self._embedder.embed(texts) @ query.vector
        return [
            Features(
                cosine=float(np.clip(cosine, -1, 1)),
                sentence_cover=cover(query.weights, text),
                passage_cover=cover(query.weights, f"{hit.passage.article.title}\n{hit.passage.text}"),
                passage_score=hit.score,
            )
            for (hit, _), text, cosine in zip(candidates, texts, cosines, strict=True)
        ]


def probability(features: Features) -> float:
    """Return the probability, 0..1, that a sentence with these features answers the question."""
    weights = (_WEIGHTS.cosine, _WEIGHTS.sentence_cover, _WEIGHTS.passage_cover)
    values = (features.cosine, features.sentence_cover, features.passage_cover)
    logit = _BIAS + sum(w * v for w, v in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-logit))


def cover(weights: dict[str, float], text: str) -> float:
    """Return the share, 0..1, of the terms' weight that occurs in the text.

    >>> cover({"ferri": 3.0, "fare": 1.0}, "The ferries ran")
    0.75
    """
    total = sum(weights.values())
    there = set(terms(text))
    return sum(w for stem, w in weights.items() if stem in there) / total if total else 0.0


def _sentences(hit: Hit) -> list[Span]:
    passage = hit.passage
    spans = split_sentences(passage.article.text, passage.start, passage.end)
    long_enough = [s for s in spans if _words(passage.article.text[s.start : s.end]) >= _FEWEST_WORDS]
    return long_enough or list(spans)


def _words(text: str) -> int:
    return len(text.split())
