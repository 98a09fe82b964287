"""The contracts of vector search, and the two backends: FAISS on one machine, Milvus past it.

A ``VectorIndex`` holds vectors; ``StoreVectors`` keep one in step with the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.filters import Filters
from qa_bot.index.layout import MILVUS_NAME
from qa_bot.index.store import Manifest, Rows, Snapshot, Transaction
from qa_bot.settings import Settings

AGAIN = 4  # candidates of a search that is not certain, for each wanted: they are measured again


class VectorIndex(Protocol):
    """Vectors of unit length under integer keys; a score is a cosine, −1..1, higher is better."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...

    def __len__(self) -> int:
        """Return the number of vectors held."""
        ...

    def keys(self) -> NDArray[np.int64]:
        """Return (n,) int64: the keys held, ascending."""
        ...

    def add(self, rows: Rows) -> None:
        """Add vectors under keys not held yet."""
        ...

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors under these keys; keys not held are passed over."""
        ...

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        filters: Filters = ...,
    ) -> list[Scored]:
        """Return the k nearest of those that the filters leave, best first, ties by key."""
        ...


class StoreVectors(Protocol):
    """The vectors of one index, in step with its store; from any number of threads."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...

    def before_commit(self, transaction: Transaction) -> None:
        """Take up what a transaction added, where whoever sees the commit must find it."""
        ...

    def after_commit(self, transaction: Transaction, snapshot: Snapshot) -> None:
        """Take up what a transaction that was committed changed."""
        ...

    def follow(self, snapshot: Snapshot) -> None:
        """Go to the snapshot's generation; the store says which passages there are."""
        ...

    def finish(self, snapshot: Snapshot, *, always: bool = False) -> None:
        """Write down what would take long to make again, after a run of commits."""
        ...

    def search(
        self, vector: NDArray[np.float32], k: int, filters: Filters, generation: int
    ) -> tuple[list[Scored], bool]:
        """Return the nearest, best first: the k nearest, or more of which the best are not certain.

        Not certain are scores that are near the cosine only, and passages of another generation
        or outside the filters: whoever asked measures again.
        """
        ...

    def described(self) -> str | None:
        """Return what is held, for a person; None if it cannot be used."""
        ...


def open_vectors(folder: Path, manifest: Manifest, settings: Settings) -> StoreVectors:
    """Return the vectors of an index, where the settings say that they are.

    Raises:
        ConfigError: what the settings name needs a package that is not installed.
        IndexStoreError: it cannot be reached.
    """
    if settings.vectors == "milvus":
        from qa_bot.index.vectors.milvus import MilvusIndex
        from qa_bot.index.vectors.shared import SharedVectors

        address = settings.milvus_uri or str(folder / MILVUS_NAME)
        return SharedVectors(
            MilvusIndex(address, settings.milvus_token, manifest.index_id, manifest.dim)
        )
    from qa_bot.index.vectors.local import LocalVectors

    return LocalVectors(folder, manifest, settings.vector_search)
