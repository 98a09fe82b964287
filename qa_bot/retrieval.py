"""A question → hits: embedding and BM25 fused, near-identical passages collapsed.

It knows nothing of how an answer is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Hit, Passage, Scored
from qa_bot.news import originality
from qa_bot.text import content_words, numbers, terms, words

_DEPTH = 5  # candidates looked at from each side, for each hit wanted
_SHINGLE_WORDS = 3
_NEAR_IDENTICAL = 0.7  # share of the smaller passage's shingles that the larger has too
_RESOLVED = 0.95  # share of the times told that are resolved rightly, on a list not seen before


class Searchable(Protocol):
    """One committed state that is searched: of an index, or of two joined."""

    @property
    def n_passages(self) -> int:
        """Return the number of passages in the whole index."""
        ...

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """Return the k passages with the highest cosine to the vector, best first."""
        ...

    def best_words(self, words: Sequence[str], k: int) -> list[Scored]:
        """Return the k passages with the highest BM25 for the words, best first."""
        ...

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages by key."""
        ...

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many passages each stem occurs."""
        ...

    def mentions_between(self, first: date, last: date, n: int) -> list[int]:
        """Return the keys of up to n passages that mention a time between two days, leads first."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched with: the text, its vector, its words, and the weight of each term.

    ``vector`` is (dim,) float32 of unit length; ``weights`` are inverse document frequencies in
    the index, by stem, 0 or more, highest for a term that no passage has.
    """

    text: str
    vector: NDArray[np.float32]
    words: tuple[str, ...]
    weights: dict[str, float]

    @classmethod
    def of(cls, text: str, vector: NDArray[np.float32], search: Searchable) -> Query:
        """Return the query for a text and its vector, weighted by the index."""
        stems = terms(text)
        frequencies = search.document_frequencies(stems)
        weights = {stem: idf(frequencies[stem], search.n_passages) for stem in stems}
        return cls(text, vector, tuple(content_words(text) or words(text)), weights)


def idf(frequency: int, n_passages: int) -> float:
    """Return the inverse document frequency of BM25: ln(1 + (N − n + ½) / (n + ½)), 0 or more."""
    return math.log(1 + (n_passages - frequency + 0.5) / (frequency + 0.5))


def retrieve(search: Searchable, query: Query, k: int, dense_weight: float) -> tuple[Hit, ...]:
    """Return up to k hits, best first, ties by passage id; scores lie in 0..1.

    Args:
        search: the state of the index to search, with its filters.
        query: what to search with.
        k: how many hits are wanted, at least 1.
        dense_weight: 0 (BM25 alone) .. 1 (embedding alone).
    """
    depth = k * _DEPTH
    dense = search.nearest(query.vector, depth) if dense_weight > 0 else []
    lexical = search.best_words(query.words, depth) if dense_weight < 1 else []
    fused = fuse(dense, lexical, dense_weight)
    found = search.passages([scored.key for scored in fused])
    ranked = sorted(
        ((scored.score, found[scored.key]) for scored in fused), key=lambda p: (-p[0], p[1].id)
    )
    how = "fused" if 0 < dense_weight < 1 else "dense" if dense_weight else "bm25"
    return tuple(
        Hit(passage, rank, score, how)
        for rank, (score, passage) in enumerate(collapse(ranked, k), start=1)
    )


def retrieve_told(search: Searchable, days: tuple[date, date], k: int) -> tuple[Hit, ...]:
    """Return up to k hits that tell a time within two days, those that tell it first before.

    What a passage is about plays no part: all have the same score.
    """
    keys = search.mentions_between(*days, k * _DEPTH)
    found = search.passages(keys)
    ranked = [(_RESOLVED, found[key]) for key in keys]
    return tuple(
        Hit(passage, rank, score, "time told")
        for rank, (score, passage) in enumerate(collapse(ranked, k), start=1)
    )


def fuse(dense: Sequence[Scored], lexical: Sequence[Scored], weight: float) -> list[Scored]:
    """Return the convex combination of two rankings: weight · cosine + (1 − weight) · BM25 / best.

    A passage that the embedding did not find counts with the lowest cosine found, one that BM25
    did not find with 0 (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid
    Retrieval", with the cosine's own range in the place of its minimum and maximum).

    >>> fuse([Scored(1, 0.8), Scored(2, 0.4)], [Scored(2, 5.0)], 0.5)
    [Scored(key=2, score=0.7), Scored(key=1, score=0.4)]
    """
    cosines = {scored.key: max(0.0, scored.score) for scored in dense}
    best = max((scored.score for scored in lexical), default=1.0) or 1.0
    shares = {scored.key: scored.score / best for scored in lexical}
    lowest = min(cosines.values(), default=0.0) if len(dense) > 1 else 0.0
    fused = [
        Scored(key, weight * cosines.get(key, lowest) + (1 - weight) * shares.get(key, 0.0))
        for key in cosines.keys() | shares.keys()
    ]
    return sorted(fused, key=lambda scored: (-scored.score, scored.key))


def collapse(ranked: Iterable[tuple[float, Passage]], k: int) -> list[tuple[float, Passage]]:
    """Return the first k passages that do not nearly repeat one before them, with their scores.

    Of passages that repeat one another the original stands in the place of the best: the
    publisher's own rather than one taken from an agency, the earlier rather than the later. Two
    that differ in a number repeat nothing.
    """
    kept: list[tuple[float, Passage]] = []
    shingles: list[set[tuple[str, ...]]] = []
    for score, passage in ranked:
        own = _shingles(passage.text)
        same = next(
            (
                i
                for i, other in enumerate(shingles)
                if _overlap(own, other) >= _NEAR_IDENTICAL and _same_facts(passage, kept[i][1])
            ),
            None,
        )
        if same is None:
            if len(kept) == k:
                break
            kept.append((score, passage))
            shingles.append(own)
        elif originality(passage.article) < originality(kept[same][1].article):
            kept[same] = kept[same][0], passage
    return kept


def _same_facts(one: Passage, other: Passage) -> bool:
    """Return whether the shorter of two passages has no number that the longer lacks."""
    shorter, longer = sorted((one.text, other.text), key=len)
    return numbers(shorter) <= numbers(longer)


def _shingles(text: str) -> set[tuple[str, ...]]:
    all_words = words(text)
    n = _SHINGLE_WORDS
    return {tuple(all_words[i : i + n]) for i in range(max(1, len(all_words) - n + 1))}


def _overlap(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
