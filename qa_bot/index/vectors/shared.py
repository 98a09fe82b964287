"""The vectors of an index in an engine that all its processes share; the writer updates them.

The writer adds vectors before the commit, and removes them a while after it: so every reader finds
all vectors of its state. Vectors that a dead writer left behind are harmless: the store never
reuses their keys, and each search checks its hits against the store.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.filters import Filters
from qa_bot.index.store import Snapshot, Transaction
from qa_bot.index.vectors.backends import AGAIN, VectorIndex

_KEPT_S = 10.0  # longer than any search

log = logging.getLogger(__name__)


class SharedVectors:
    """A vector index that all processes of the index share."""

    def __init__(self, index: VectorIndex) -> None:
        """Keep an index in step."""
        self._index = index
        self._is_checked = False
        self._gone: list[tuple[float, Sequence[int]]] = []

    def close(self) -> None:
        """Close the connection to the engine."""
        self._index.close()

    def before_commit(self, transaction: Transaction) -> None:
        """Add the transaction's vectors."""
        self._clear(time.monotonic() - _KEPT_S)
        for rows in transaction.rows_added():
            self._index.add(rows)

    def after_commit(self, transaction: Transaction, snapshot: Snapshot) -> None:
        """Schedule the removal of vectors, which readers of the earlier state still search."""
        if transaction.removed_keys:
            self._gone.append((time.monotonic(), transaction.removed_keys))

    def follow(self, snapshot: Snapshot) -> None:
        """Check once that the engine has all vectors of the store; later, writers keep it so."""
        if self._is_checked:
            return
        if len(self._index) < snapshot.manifest.n_passages:
            log.warning("the vectors are not all there; those missing are added from the store")
            self._complete(snapshot)
        self._is_checked = True

    def finish(self, snapshot: Snapshot, *, always: bool = False) -> None:
        """Delete removed vectors, and those that dead writers left behind."""
        self._clear(time.monotonic() - (0 if always else _KEPT_S))
        if always or (not self._gone and len(self._index) != snapshot.manifest.n_passages):
            self._complete(snapshot)

    def search(
        self, vector: NDArray[np.float32], k: int, filters: Filters, generation: int
    ) -> tuple[list[Scored], bool]:
        """Return more than the k nearest; the caller measures them again."""
        return self._index.search(vector, k * AGAIN, filters), False

    def described(self) -> str | None:
        """Return a description of the engine's vectors."""
        return f"{len(self._index):,} in {self._index}"

    def _clear(self, until: float) -> None:
        """Delete the vectors that the store removed before a time."""
        while self._gone and self._gone[0][0] <= until:
            self._index.remove(self._gone[0][1])
            self._gone.pop(0)

    def _complete(self, snapshot: Snapshot) -> None:
        """Add missing vectors and delete superfluous ones, block by block."""
        held = self._index.keys()
        wanted = snapshot.passage_keys()
        for rows in snapshot.vectors(np.setdiff1d(wanted, held).tolist()):
            self._index.add(rows)
        self._index.remove(np.setdiff1d(held, wanted).tolist())
