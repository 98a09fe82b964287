"""Vectors by key, searched by inner product: the contract, and where its implementations live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.filters import Filters
from qa_bot.rows import Rows


class VectorIndex(Protocol):
    """Vectors of unit length under integer keys; a score is a cosine, −1..1, higher is better.

    Attributes:
        approximate: whether a search may miss a near one, and scores are near the cosine only.
    """

    approximate: bool

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
