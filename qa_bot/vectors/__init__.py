"""Vectors by key, searched by inner product: the contract, and where its implementations live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored


class VectorIndex(Protocol):
    """Vectors of unit length under integer keys; a score is a cosine, −1..1, higher is better."""

    def keys(self) -> NDArray[np.int64]:
        """Return (n,) int64: the keys held, ascending."""
        ...

    def add(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add vectors, (n, dim) float32, rows of unit length, under keys not held yet."""
        ...

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors under these keys; keys not held are passed over."""
        ...

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[Scored]:
        """Return the k nearest of the allowed keys (None: of all), best first, ties by key."""
        ...
