"""Search a shared index and a small private index as one.

Additions and removals go to the private index; the shared index is only read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Article, Coverage, Entry, Passage, Scored
from qa_bot.filters import Filters
from qa_bot.index.passage_index import Changes, PassageIndex
from qa_bot.index.search import Search
from qa_bot.text import fts5_idf, stem
from qa_bot.text import words as words_of


class OverlayIndex:
    """A shared and a private index, with the methods of one index."""

    def __init__(self, shared: PassageIndex, own: PassageIndex) -> None:
        """Combine two indexes made with the same embedder."""
        self._shared = shared
        self._own = own

    def apply(self, put: Sequence[Article] = (), remove: Sequence[str] = ()) -> Changes:
        """Put and remove articles of the private index."""
        return self._own.apply(put, remove)

    def finish(self) -> None:
        """Seal the private index."""
        self._own.finish()

    def close(self) -> None:
        """Close the private index; the shared index has other users."""
        self._own.close()

    @contextmanager
    def searching(self, filters: Filters = Filters()) -> Iterator[OverlaySearch]:  # noqa: B008
        """Hold the last committed state of both."""
        with ExitStack() as stack:
            sides = [
                stack.enter_context(side.searching(filters)) for side in (self._shared, self._own)
            ]
            yield OverlaySearch(*sides)


class OverlaySearch:
    """One committed state of both indexes: even keys are of the shared, odd ones of the private."""

    def __init__(self, shared: Search, own: Search) -> None:
        """Search both; no article id may occur in both."""
        self._sides = (shared, own)
        self.coverage = _both(shared.coverage, own.coverage)
        self.n_passages = shared.n_passages + own.n_passages
        self.manifest = replace(shared.manifest, n_passages=self.n_passages)

    def restrict(self, filters: Filters) -> OverlaySearch:
        """Return a search of the same state of both within other filters."""
        return OverlaySearch(*(side.restrict(filters) for side in self._sides))

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """Return the k passages with the highest cosine to the vector, best first."""
        return self._best([side.nearest(vector, k) for side in self._sides], k)

    def best_words(self, words: Sequence[str], k: int) -> list[Scored]:
        """Return the k passages with the highest BM25 for the words, best first.

        The private index is too small for statistics of its own: its passages are scored with
        the document frequencies of both (see ``bm25``).
        """
        shared, own = self._sides
        found = own.passages([scored.key for scored in own.best_words(words, k)])
        if not found:
            return self._best([shared.best_words(words, k), []], k)
        wanted = [stem(word) for word in words]
        frequencies = self.document_frequencies(wanted)
        counts = {key: Counter(map(stem, words_of(passage.text))) for key, passage in found.items()}
        mean = sum(c.total() for c in counts.values()) / len(counts)
        rescored = [
            Scored(key, bm25(wanted, c, frequencies, self.manifest.n_passages, mean))
            for key, c in counts.items()
        ]
        return self._best([shared.best_words(words, k), rescored], k)

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages by key."""
        return {
            key * 2 + number: passage
            for number, side in enumerate(self._sides)
            for key, passage in side.passages([k // 2 for k in keys if k % 2 == number]).items()
        }

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many passages of both indexes each stem occurs."""
        shared, own = (side.document_frequencies(stems) for side in self._sides)
        return {term: count + own[term] for term, count in shared.items()}

    def articles(self) -> Iterator[Article]:
        """Yield the articles within the filters, those of the shared index first."""
        return chain.from_iterable(side.articles() for side in self._sides)

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an earlier text of an article that changed, or None if it is not kept."""
        found = (side.version(article_id, version) for side in self._sides)
        return next(filter(None, found), None)

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of each article in the same index, the earliest first."""
        shared, own = (side.copies(article_ids) for side in self._sides)
        return shared | own

    def mentions_between(self, first: date, last: date, n: int) -> list[int]:
        """Return the keys of up to n passages of each index with a time between two days."""
        return [
            key * 2 + number
            for number, side in enumerate(self._sides)
            for key in side.mentions_between(first, last, n)
        ]

    def entries(self) -> Iterator[Entry]:
        """Yield the list entry of each article, those of the shared index first."""
        return chain.from_iterable(side.entries() for side in self._sides)

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages by article id."""
        shared, own = (side.passage_counts() for side in self._sides)
        return shared | own

    @staticmethod
    def _best(rankings: Sequence[Sequence[Scored]], k: int) -> list[Scored]:
        doubled = [
            Scored(scored.key * 2 + number, scored.score)
            for number, ranking in enumerate(rankings)
            for scored in ranking
        ]
        return sorted(doubled, key=lambda scored: (-scored.score, scored.key))[:k]


def bm25(
    wanted: Sequence[str],
    counts: Mapping[str, int],
    frequencies: Mapping[str, int],
    n_passages: int,
    mean_length: float,
) -> float:
    """Return the score of a passage, 0 or more, higher is better, as FTS5 computes it.

    Σ idf · f · (k₁ + 1) / (f + k₁ · (1 − b + b · length / mean)), k₁ = 1.2, b = 0.75,
    idf = ln((N − n + ½) / (n + ½)), at least 10⁻⁶ (SQLite's documentation of FTS5).
    """
    length = 0.25 + 0.75 * sum(counts.values()) / max(mean_length, 1)
    score = 0.0
    for term in dict.fromkeys(wanted):
        found, n = counts.get(term, 0), frequencies[term]
        score += fts5_idf(n, n_passages) * found * 2.2 / (found + 1.2 * length)
    return score


def _both(one: Coverage, other: Coverage) -> Coverage:
    return Coverage(
        one.articles + other.articles,
        min(filter(None, (one.first, other.first)), default=None),
        max(filter(None, (one.last, other.last)), default=None),
        one.left_out + other.left_out,
        one.in_index + other.in_index,
    )
