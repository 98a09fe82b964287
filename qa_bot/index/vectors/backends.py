"""The contracts of vector search; its backends are FAISS on one machine, and Milvus.

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

AGAIN = 4  # candidates for each wanted hit, if the caller must measure them again


class VectorIndex(Protocol):
    """Vectors of unit length under integer keys; a score is a cosine, −1..1, higher is better."""

    def close(self) -> None:
        """Close files and connections."""
        ...

    def __len__(self) -> int:
        """Return the number of vectors."""
        ...

    def keys(self) -> NDArray[np.int64]:
        """Return (n,) int64: the keys, ascending."""
        ...

    def add(self, rows: Rows) -> None:
        """Add vectors under new keys."""
        ...

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors under these keys; ignore unknown keys."""
        ...

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        filters: Filters = ...,
    ) -> list[Scored]:
        """Return the k nearest within the filters, best first, ties by key."""
        ...


class StoreVectors(Protocol):
    """The vectors of one index, in step with its store; any number of threads can use them."""

    def close(self) -> None:
        """Close files and connections."""
        ...

    def before_commit(self, transaction: Transaction) -> None:
        """Add a transaction's vectors before it commits, if readers need them at once."""
        ...

    def after_commit(self, transaction: Transaction, snapshot: Snapshot) -> None:
        """Apply the changes of a committed transaction."""
        ...

    def follow(self, snapshot: Snapshot) -> None:
        """Bring the vectors to the snapshot's generation."""
        ...

    def finish(self, snapshot: Snapshot, *, always: bool = False) -> None:
        """Write to disk what would be slow to rebuild, after a run of commits."""
        ...

    def search(
        self, vector: NDArray[np.float32], k: int, filters: Filters, generation: int
    ) -> tuple[list[Scored], bool]:
        """Return the nearest, best first, and whether they are exactly the k nearest.

        If not, they are more than k, their scores are approximate, and some may be of another
        generation or outside the filters: the caller measures them again.
        """
        ...

    def described(self) -> str | None:
        """Return a description for people; None if the vectors cannot be used."""
        ...


def open_vectors(folder: Path, manifest: Manifest, settings: Settings) -> StoreVectors:
    """Return the vectors of an index, in the backend of the settings.

    Raises:
        ConfigError: the backend needs a package that is not installed.
        IndexStoreError: the backend cannot be reached.
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
