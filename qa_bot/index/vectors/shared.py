"""The vectors of an index in an engine that all its processes share, kept in step by the writer.

What a commit adds is in the engine before the commit, and what it removes leaves a while after it:
whoever sees a state finds all of it. What a writer that died left behind has keys that the store
never gives again, and every search is measured against the store's own rows.
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

_KEPT_S = 10.0  # longer than any search takes

log = logging.getLogger(__name__)


class SharedVectors:
    """A vector index that every process of the index sees."""

    def __init__(self, index: VectorIndex) -> None:
        """Keep an index in step."""
        self._index = index
        self._is_checked = False
        self._gone: list[tuple[float, Sequence[int]]] = []

    def close(self) -> None:
        """Leave the engine."""
        self._index.close()

    def before_commit(self, transaction: Transaction) -> None:
        """Add the vectors of what is about to be committed."""
        self._clear(time.monotonic() - _KEPT_S)
        for rows in transaction.rows_added():
            self._index.add(rows)

    def after_commit(self, transaction: Transaction, snapshot: Snapshot) -> None:
        """Remember what is no longer there; readers of the state before still search it."""
        if transaction.removed_keys:
            self._gone.append((time.monotonic(), transaction.removed_keys))

    def follow(self, snapshot: Snapshot) -> None:
        """See once that the engine has what the store has; the writers see to it from then on."""
        if self._is_checked:
            return
        if len(self._index) < snapshot.manifest.n_passages:
            log.warning("the vectors are not all there; those missing are added from the store")
            self._complete(snapshot)
        self._is_checked = True

    def finish(self, snapshot: Snapshot, *, always: bool = False) -> None:
        """Clear away what was removed, and what writers that died left behind."""
        self._clear(time.monotonic() - (0 if always else _KEPT_S))
        if always or (not self._gone and len(self._index) != snapshot.manifest.n_passages):
            self._complete(snapshot)

    def search(
        self, vector: NDArray[np.float32], k: int, filters: Filters, generation: int
    ) -> tuple[list[Scored], bool]:
        """Return more than the k nearest, to be measured again."""
        return self._index.search(vector, k * AGAIN, filters), False

    def described(self) -> str | None:
        """Return what the engine holds."""
        return f"{len(self._index):,} in {self._index}"

    def _clear(self, until: float) -> None:
        """Remove the vectors of what was removed from the store before a time."""
        while self._gone and self._gone[0][0] <= until:
            self._index.remove(self._gone[0][1])
            self._gone.pop(0)

    def _complete(self, snapshot: Snapshot) -> None:
        """Add what is missing and remove what is too much, block by block."""
        held = self._index.keys()
        wanted = snapshot.passage_keys()
        for rows in snapshot.vectors(np.setdiff1d(wanted, held).tolist()):
            self._index.add(rows)
        self._index.remove(np.setdiff1d(held, wanted).tolist())
