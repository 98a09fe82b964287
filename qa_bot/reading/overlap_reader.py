"""Find evidence without a trained model, by embedding similarity and shared terms.

One regression orders the sentences by similarity, by the terms of the question and by the score of
their hit; good neighbours lift a sentence. A second one estimates whether any sentence answers.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.grounding import SupportJudge
from qa_bot.models import Embedder, sigmoid
from qa_bot.news import after_dateline, speaker_of
from qa_bot.question import Question
from qa_bot.retrieval import Query
from qa_bot.text import split_sentences, terms

_FEWEST_WORDS = 4  # a shorter line is a heading; chosen by hand
# Coefficients of two logistic regressions: see docs/decisions/0011-overlap-reader.md. The first
# ranks a sentence among others, fitted on 900 training questions of SQuAD 2.0; the second decides
# whether the articles answer at all, fitted on 600 questions of CLAP NQ (AUC .88 there).
_COSINE, _COVER, _HIT, _BIAS = 5.02, 4.77, 4.0, -7.61
_BEST_COSINE, _BEST_HIT, _MISSING, _ANSWERABLE_BIAS = 4.52, 4.63, -1.56, -5.16
_NEIGHBOUR = 0.4  # share, 0..1, of the distance to a better neighbour; chosen by hand
_EMBEDDED = 16  # sentences to embed, the best by all other features; more changed no answer
_NUMBER = itemgetter(1)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a hit, with its cosine to the question and its logit as an answer."""

    hit: Hit
    span: Span
    cosine: float
    logit: float


class OverlapReader:
    """A reader by embedding similarity and term overlap, without a trained model."""

    name = "overlap"
    fingerprint = ""
    threshold = 0.28
    judge: SupportJudge | None = None

    def __init__(self, embedder: Embedder) -> None:
        """Use the embedder of the index."""
        self._embedder = embedder

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence, most probable first, ties by rank of the hit and position."""
        candidates = self._candidates(query, hits)
        if not candidates:
            return ()
        logits = _lifted(candidates)
        best = max(range(len(candidates)), key=lambda i: (logits[i], -i))
        answerable = _answerable(question, query, hits, candidates, candidates[best])
        share = answerable / sigmoid(logits[best])
        found = (
            Evidence(
                one.hit,
                *after_dateline(one.hit.passage.article.text, one.span),
                share * sigmoid(logit),
                speaker=speaker_of(one.hit.passage.article.text, one.span),
            )
            for one, logit in zip(candidates, logits, strict=True)
        )
        return tuple(sorted(found, key=lambda e: (-e.probability, e.hit.rank, e.start)))

    def _candidates(self, query: Query, hits: Sequence[Hit]) -> list[_Candidate]:
        """Return the sentences worth embedding, in order of hit and position."""
        found = []
        for number, (hit, span) in enumerate(_sentences(hits)):
            text = hit.passage.article.text[span.start : span.end]
            logit = _BIAS + _COVER * cover(query.weights, text) + _HIT * hit.score
            found.append((logit, number, hit, span, text))
        found = sorted(heapq.nsmallest(_EMBEDDED, found, key=lambda f: (-f[0], f[1])), key=_NUMBER)
        if not found:
            return []
        cosines = self._embedder.embed([text for *_, text in found]) @ query.vector
        return [
            _Candidate(hit, span, float(cosine), logit + _COSINE * float(cosine))
            for (logit, _, hit, span, _), cosine in zip(found, cosines, strict=True)
        ]


def _lifted(candidates: Sequence[_Candidate]) -> list[float]:
    """Return the logits of the candidates, each lifted towards a better neighbour."""
    lifted = []
    for i, one in enumerate(candidates):
        around = [candidates[j].logit for j in (i - 1, i + 1) if _adjacent(candidates, i, j)]
        lifted.append(one.logit + _NEIGHBOUR * max(0.0, max(around, default=one.logit) - one.logit))
    return lifted


def _adjacent(candidates: Sequence[_Candidate], i: int, j: int) -> bool:
    within = 0 <= j < len(candidates)
    return within and candidates[i].hit.passage.article.id == candidates[j].hit.passage.article.id


def _answerable(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    candidates: Sequence[_Candidate],
    best: _Candidate,
) -> float:
    """Return the probability, 0..1, that the articles answer the question at all."""
    passage = best.hit.passage
    missing = _missing_share(question, query, f"{passage.article.title}\n{passage.text}")
    return sigmoid(
        _ANSWERABLE_BIAS
        + _BEST_COSINE * max(one.cosine for one in candidates)
        + _BEST_HIT * max(hit.score for hit in hits)
        + _MISSING * missing
    )


def _missing_share(question: Question, query: Query, text: str) -> float:
    """Return the share, 0..1, of the question's weight that a text lacks.

    The kind of thing in question ("which agency") does not count: an answer need not name it.
    """
    needed = {stem: w for stem, w in query.weights.items() if stem not in question.intent.nouns}
    return 1 - cover(needed, text) if needed else 0.0


def cover(weights: dict[str, float], text: str) -> float:
    """Return the share, 0..1, of the total weight of the terms that the text has.

    >>> cover({"ferri": 3.0, "fare": 1.0}, "The ferries ran")
    0.75
    """
    total = sum(weights.values())
    there = set(terms(text))
    return sum(w for stem, w in weights.items() if stem in there) / total if total else 0.0


def _sentences(hits: Sequence[Hit]) -> Iterator[tuple[Hit, Span]]:
    """Yield each sentence with its best hit; headings only for a hit without other sentences."""
    seen: set[tuple[str, Span]] = set()
    for hit in hits:
        passage, text = hit.passage, hit.passage.article.text
        spans = split_sentences(text, passage.start, passage.end)
        whole = [s for s in spans if len(text[s.start : s.end].split()) >= _FEWEST_WORDS]
        for span in whole or spans:
            if (passage.article.id, span) not in seen:
                seen.add((passage.article.id, span))
                yield hit, span
