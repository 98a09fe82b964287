"""Retrieve hits for a query: fuse embedding and BM25, and collapse near-identical passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Coverage, Entry, Hit, Passage, Scored, Span
from qa_bot.filters import Filters
from qa_bot.news import corrections_in, originality
from qa_bot.question import Kind, Question
from qa_bot.text import content_words, idf, numbers, overlap_coefficient, terms, words

_DEPTH = 5  # candidates from each ranking per wanted hit; chosen by hand
_SHINGLE_WORDS = 3  # chosen by hand
_NEAR_IDENTICAL = 0.7  # overlap coefficient, 0..1, of the shingles of two passages; chosen by hand
_NOTICE_WORDS = ("correction", "version", "wrongly")
# All chosen by hand: best hits that a notice may correct, their rarest figures that are searched
# for, passages looked at, notices kept, and terms that a notice shares besides a number.
_CORRECTED_HITS, _FIGURES, _NOTICES_LOOKED_AT, _NOTICES, _LEAST_SHARED = 4, 6, 10, 2, 2
_RESOLVED = 0.95  # share, 0..1, of time expressions resolved correctly, on an unseen list


class Searchable(Protocol):
    """One committed state of an index, or of two joined indexes."""

    @property
    def coverage(self) -> Coverage:
        """Return what is searched."""
        ...

    def restrict(self, filters: Filters) -> Searchable:
        """Return a search of the same state within other filters."""
        ...

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of each article."""
        ...

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
        """Return the number of passages that have each stem."""
        ...

    def mentions_between(self, first: date, last: date, n: int) -> list[int]:
        """Return the keys of up to n passages that mention a time between two days, leads first."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """A search query: its vector and words, and the weight of each term.

    ``vector`` is (dim,) float32 of unit length; ``weights`` are inverse document frequencies in
    the index, by stem, 0 or more; a term that no passage has weighs most.
    """

    vector: NDArray[np.float32]
    words: tuple[str, ...]
    weights: dict[str, float]

    @classmethod
    def of(cls, text: str, vector: NDArray[np.float32], search: Searchable) -> Query:
        """Return the query for a text and its vector, with term weights from the index."""
        stems = terms(text)
        frequencies = search.document_frequencies(stems)
        weights = {stem: idf(frequencies[stem], search.n_passages) for stem in stems}
        return cls(vector, tuple(content_words(text) or words(text)), weights)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The hits for a question within some filters, best first, and what was searched."""

    query: Query
    hits: tuple[Hit, ...]
    coverage: Coverage
    filters: Filters


def retrieve_windows(
    search: Searchable,
    question: Question,
    query: Query,
    filters: Filters,
    *,
    k: int,
    dense_weight: float,
) -> tuple[Retrieval, ...]:
    """Return the hits within the days that a question asks about, then those within the filters.

    Args:
        search: the state of the index, within the filters.
        question: as it was understood.
        query: what to search with.
        filters: those that a person chose.
        k: hits wanted, at least 1.
        dense_weight: 0 (BM25 alone) .. 1 (embedding alone).
    """
    searches = [(filters, search)]
    narrowed = question.narrow(filters)
    if narrowed != filters:
        searches.insert(0, (narrowed, search.restrict(narrowed)))
    return tuple(
        Retrieval(query, retrieve_hits(one, question, query, k, dense_weight), one.coverage, within)
        for within, one in searches
    )


def retrieve_hits(
    search: Searchable, question: Question, query: Query, k: int, dense_weight: float
) -> tuple[Hit, ...]:
    """Return up to k hits, best first, each with the copies of its article.

    A question for everything that happened on some days gets passages that mention one of them.
    """
    days = question.time_range if question.kind is Kind.DAY else None
    found = retrieve_by_day(search, days, k) if days else ()
    if not found:
        found = retrieve(search, query, k, dense_weight)
        found = found if question.asks_events else with_corrections(search, query, found, k)
    copies = search.copies([hit.passage.article.id for hit in found])
    return tuple(replace(hit, copies=copies.get(hit.passage.article.id, ())) for hit in found)


def retrieve(search: Searchable, query: Query, k: int, dense_weight: float) -> tuple[Hit, ...]:
    """Return up to k hits, best first, ties by passage id; scores lie in 0..1.

    Args:
        search: the state of the index to search, with its filters.
        query: to search for.
        k: the number of hits, at least 1.
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


def with_corrections(
    search: Searchable, query: Query, hits: tuple[Hit, ...], k: int
) -> tuple[Hit, ...]:
    """Return up to k hits, after the best ones notices of correction on what those say.

    A question seldom has the words of a notice, so notices are searched for that repeat a number
    of the best hits. A notice has the score of the hit before it.
    """
    best = [hit.passage.text for hit in hits[:_CORRECTED_HITS]]
    wanted = dict.fromkeys([*query.words, *_rarest_figures(search, best), *_NOTICE_WORDS])
    looked_at = search.best_words(tuple(wanted), _NOTICES_LOOKED_AT)
    found = search.passages([scored.key for scored in looked_at])
    known = {hit.passage.id for hit in hits}
    notices = [
        (0.0, passage)
        for passage in (found[scored.key] for scored in looked_at)
        if passage.id not in known and _may_correct(passage, best, query)
    ]
    added = collapse(notices, min(_NOTICES, k - 1)) if hits and k > 1 else []
    if not added:
        return hits
    first = min(_CORRECTED_HITS, k - len(added), len(hits))
    score = hits[first - 1].score
    corrections = [Hit(passage, 0, score, "correction") for _, passage in added]
    ordered = [*hits[:first], *corrections, *hits[first:]][:k]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1))


def _rarest_figures(search: Searchable, texts: Sequence[str]) -> list[str]:
    """Return the words with digits that the fewest passages of the index have."""
    figures = {word for text in texts for word in words(text) if any(map(str.isdigit, word))}
    frequencies = search.document_frequencies(sorted(figures))
    return sorted(figures, key=lambda word: (frequencies.get(word, 0), word))[:_FIGURES]


def _may_correct(passage: Passage, texts: Sequence[str], query: Query) -> bool:
    """Return whether a passage has a notice with most terms of the query, or on a text.

    A notice on a text repeats a number of it and shares further terms with it.
    """
    text = passage.article.text
    for notice in corrections_in(text, Span(passage.start, passage.end)):
        said = text[slice(*notice)]
        own = {term for term in terms(said) if not numbers(term)}
        asked = query.weights.keys() & own
        if len(asked) >= _LEAST_SHARED and 2 * len(asked) > len(query.weights):
            return True
        if any(
            numbers(said) & numbers(one) and len(own & set(terms(one))) >= _LEAST_SHARED
            for one in texts
        ):
            return True
    return False


def retrieve_by_day(search: Searchable, days: tuple[date, date], k: int) -> tuple[Hit, ...]:
    """Return up to k hits that mention a time between two days, both inclusive.

    All hits have the same score. A passage near the beginning of its article comes first.
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

    A passage outside the embedding's ranking gets the lowest cosine of that ranking; a passage
    outside the BM25 ranking gets 0. See Bruch, Gai and Ingber 2023, "An Analysis of Fusion
    Functions for Hybrid Retrieval"; unlike there, the cosine is not scaled to 0..1.

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
    """Return the first k passages with their scores, one of each group of near-identical ones.

    A group has the rank and score of its best passage, and shows its original: an article without
    an agency before one from an agency, then the earlier before the later. Passages that differ in
    a number are not identical.
    """
    kept: list[tuple[float, Passage]] = []
    shingles: list[set[tuple[str, ...]]] = []
    for score, passage in ranked:
        own = _shingles(passage.text)
        same = next(
            (
                i
                for i, other in enumerate(shingles)
                if overlap_coefficient(own, other) >= _NEAR_IDENTICAL
                and _same_facts(passage, kept[i][1])
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
    """Return whether the longer of two passages has all numbers of the shorter."""
    shorter, longer = sorted((one.text, other.text), key=len)
    return numbers(shorter) <= numbers(longer)


def _shingles(text: str) -> set[tuple[str, ...]]:
    all_words = words(text)
    n = _SHINGLE_WORDS
    return {tuple(all_words[i : i + n]) for i in range(max(1, len(all_words) - n + 1))}
