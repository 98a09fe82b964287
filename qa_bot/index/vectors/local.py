"""The vectors of an index on this machine; each process keeps its own in step with the store."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.errors import IndexCorruptError
from qa_bot.filters import Filters
from qa_bot.index.store import Manifest, Snapshot, Transaction
from qa_bot.index.vectors.backends import AGAIN
from qa_bot.index.vectors.faiss import FaissIndex, kind_for

# The file is rewritten when this share and this number of its vectors have changed: so adding k
# articles costs O(k) on average, and opening catches up on a tenth at most.
_STALE_SHARE, _STALE_AT_LEAST = 0.1, 2_000
_FRESH_AT_LEAST = 20_000  # vectors in memory, besides those in the file


class LocalVectors:
    """A FAISS index of one generation of the store; any number of threads can use it."""

    def __init__(self, folder: Path, manifest: Manifest, vector_search: str) -> None:
        """Load the folder's file, if it has one of this index.

        Args:
            folder: of the index.
            manifest: of the store.
            vector_search: exact, ivf or auto.
        """
        self._folder = folder
        self._index_id = manifest.index_id
        self._dim = manifest.dim
        self._wanted = vector_search
        self._lock = threading.Lock()
        loaded = self._loaded()
        self._index = loaded if loaded and _is_of(loaded, manifest) else FaissIndex(self._dim)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._index = FaissIndex(self._dim)

    def before_commit(self, transaction: Transaction) -> None:
        """Do nothing: the vectors follow commits."""

    def after_commit(self, transaction: Transaction, snapshot: Snapshot) -> None:
        """Apply a commit, if the vectors are at the generation before it."""
        after = transaction.manifest.generation
        with self._lock:
            if not self._index.generation == after - 1 == snapshot.manifest.generation - 1:
                return  # the next search catches up
            if self._index.unsaved + len(transaction.added_keys) > self._most_in_memory():
                return  # a long run of commits: the vectors catch up at its end
            self._index.remove(transaction.removed_keys, after)
            self._add(snapshot, transaction.added_keys)
            self._set_state(snapshot.manifest)

    def follow(self, snapshot: Snapshot) -> None:
        """Bring the vectors to the snapshot's generation."""
        with self._lock:
            self._follow(snapshot)

    def finish(self, snapshot: Snapshot, *, always: bool = False) -> None:
        """Write the file if it lags far behind, has another kind, or is missing.

        Raises:
            IndexStoreError: the folder cannot be written.
        """
        with self._lock:
            self._follow(snapshot)
            kind = kind_for(len(self._index), self._wanted)
            stale = max(_STALE_AT_LEAST, len(self._index) * _STALE_SHARE)
            current = self._index.kind == kind and self._index.unsaved <= stale
            if current and self._index.is_saved(self._folder) and not always:
                return
            if self._index.unsaved or self._index.kind != kind:
                self._index = self._built(snapshot)
                self._set_state(snapshot.manifest)
            self._index.save(self._folder, self._index_id)
            # Map the file, so that the built index leaves the memory.
            self._index = self._loaded() or self._index

    def search(
        self, vector: NDArray[np.float32], k: int, filters: Filters, generation: int
    ) -> tuple[list[Scored], bool]:
        """Return the k nearest, best first, and whether they are certain.

        They are not if scores are approximate, or the vectors are of another generation.
        """
        with self._lock:
            certain = not self._index.approximate and self._index.generation == generation
            wanted = k if certain else k * AGAIN
            return self._index.search(vector, wanted, filters, generation), certain

    def described(self) -> str | None:
        """Return a description of the file for people; None if it cannot be used."""
        loaded = self._loaded()
        if loaded is None:
            return None
        how = "all compared" if loaded.kind == "exact" else "an inverted file"
        return f"{len(loaded):,} in the file ({how}), of generation {loaded.generation}"

    def _loaded(self) -> FaissIndex | None:
        return FaissIndex.load(self._folder, self._index_id, self._dim)

    def _follow(self, snapshot: Snapshot) -> None:
        after = snapshot.manifest.generation
        if self._index.generation >= after:
            return  # a later generation still finds everything of this one
        gone, missing = self._difference(snapshot)
        if len(missing) > self._most_in_memory():
            self._index = self._loaded() or self._index
            gone, missing = self._difference(snapshot)
        if len(missing) > self._most_in_memory():
            self._index = self._built(snapshot)
            self._set_state(snapshot.manifest)
            return
        self._index.remove(gone, after)
        self._add(snapshot, missing)
        self._set_state(snapshot.manifest)

    def _set_state(self, manifest: Manifest) -> None:
        self._index.generation, self._index.corpus = manifest.generation, manifest.corpus_hash

    def _most_in_memory(self) -> float:
        return max(_FRESH_AT_LEAST, len(self._index) * _STALE_SHARE)

    def _difference(self, snapshot: Snapshot) -> tuple[list[int], list[int]]:
        """Return the keys to remove, and those to add."""
        held = self._index.keys()
        added = snapshot.passage_keys(after=int(held[-1]) if len(held) else 0)
        if len(held) + len(added) == snapshot.manifest.n_passages:
            return [], added.tolist()
        wanted = snapshot.passage_keys()
        return np.setdiff1d(held, wanted).tolist(), np.setdiff1d(wanted, held).tolist()

    def _add(self, snapshot: Snapshot, keys: Sequence[int]) -> None:
        n_found = 0
        for rows in snapshot.vectors(keys):
            self._index.add(rows)
            n_found += len(rows)
        self._check_none_missing(n_found, len(keys))

    def _built(self, snapshot: Snapshot) -> FaissIndex:
        """Return the vectors of all passages, in the right kind of index for their number."""
        n = snapshot.manifest.n_passages
        built = FaissIndex.build(self._dim, n, snapshot.vectors, kind_for(n, self._wanted))
        self._check_none_missing(len(built), n)
        return built

    def _check_none_missing(self, n_found: int, n_wanted: int) -> None:
        if n_found < n_wanted:
            raise IndexCorruptError(
                self._folder,
                f"Embeddings are missing in the index at {self._folder}. "
                f"Mend it with: qa-bot doctor --repair --index {self._folder}",
            )


def _is_of(index: FaissIndex, manifest: Manifest) -> bool:
    """Return whether an index can be an earlier state of a store, which may be a restored copy."""
    if index.generation == manifest.generation:
        return index.corpus == manifest.corpus_hash
    return index.generation < manifest.generation
