"""Search in one committed state of an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Article, Coverage, Entry, Passage, Scored
from qa_bot.filters import Filters
from qa_bot.index.store import Snapshot
from qa_bot.index.vectors import StoreVectors


class Search:
    """One committed state of an index, searched within filters."""

    def __init__(self, snapshot: Snapshot, vectors: StoreVectors, filters: Filters) -> None:
        """Search the snapshot, and the vectors that follow it."""
        self.manifest = snapshot.manifest
        self.coverage: Coverage = snapshot.coverage(filters)
        self._snapshot = snapshot
        self._vectors = vectors
        self._filters = filters

    def restrict(self, filters: Filters) -> Search:
        """Return a search of the same state within other filters."""
        return Search(self._snapshot, self._vectors, filters)

    @property
    def n_passages(self) -> int:
        """Return the number of passages in the whole index."""
        return self.manifest.n_passages

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """Return the k passages with the highest cosine to the vector, best first."""
        generation = self.manifest.generation
        found, certain = self._vectors.search(vector, k, self._filters, generation)
        return found if certain else self._measured(vector, found)[:k]

    def _measured(self, vector: NDArray[np.float32], found: Sequence[Scored]) -> list[Scored]:
        """Return those in the snapshot and within the filters, with exact cosines, best first."""
        keys = [scored.key for scored in found]
        within = sorted(self._snapshot.within(keys, self._filters))
        scored = [
            Scored(int(key), round(float(score), 6))
            for rows in self._snapshot.vectors(within)
            for key, score in zip(rows.keys, rows.vectors @ vector, strict=True)
        ]
        return sorted(scored, key=lambda s: (-s.score, s.key))

    def best_words(self, words: Sequence[str], k: int) -> list[Scored]:
        """Return the k passages with the highest BM25 for the words, best first."""
        return self._snapshot.search_words(words, k, self._filters)

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages by key."""
        return self._snapshot.passages(keys)

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return the number of passages in the whole index with each stem."""
        return self._snapshot.document_frequencies(stems)

    def articles(self) -> Iterator[Article]:
        """Yield the articles within the filters, by id."""
        return self._snapshot.articles(self._filters)

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an earlier text of an article that changed, or None if it is not kept."""
        return self._snapshot.version(article_id, version)

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of each article within the filters, the earliest first."""
        return self._snapshot.copies(article_ids, self._filters)

    def mentions_between(self, first: date, last: date, n: int) -> list[int]:
        """Return the keys of up to n passages that mention a time between two days, leads first."""
        return self._snapshot.mentions_between(first, last, self._filters, n)

    def entries(self) -> Iterator[Entry]:
        """Yield the list entry of each article of the whole index, by id."""
        return self._snapshot.entries()

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages by article id."""
        return self._snapshot.passage_counts()
