"""Vectors of passages and the values that filters compare, in parallel arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from qa_bot.filters import Filters

UNKNOWN_DAY = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors under their keys, with the values that filters compare; arrays of n rows each.

    Attributes:
        keys: (n,) int64, positive, unique.
        vectors: (n, dim) float32, rows of unit length.
        first, last: (n,) int32: the days on which the article may have been published, as
            ``date.toordinal`` counts them; 0 if unknown.
        publishers, articles: (n,) int64: ``name_hash`` of the publisher (folded; 0: none) and of
            the article's id.
    """

    keys: NDArray[np.int64]
    vectors: NDArray[np.float32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    publishers: NDArray[np.int64]
    articles: NDArray[np.int64]

    @classmethod
    def of(cls, keys: Sequence[int], vectors: NDArray[np.float32]) -> Self:
        """Return rows with vectors only; every other value is unknown."""
        n = len(keys)
        days, names = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int64)
        return cls(np.asarray(keys, dtype=np.int64), vectors, days, days, names, names)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.keys)

    def admitted(self, filters: Filters) -> NDArray[np.bool_]:
        """Return (n,) bool: the rows within the filters; all possible dates must lie within."""
        left = np.ones(len(self), dtype=np.bool_)
        if filters.dated:
            left &= self.first != UNKNOWN_DAY
        if filters.since:
            left &= self.first >= filters.since.toordinal()
        if filters.last:
            left &= self.last <= filters.last.toordinal()
        if filters.publisher:
            left &= self.publishers == name_hash(filters.publisher.casefold())
        if filters.articles:
            left &= np.isin(self.articles, [name_hash(name) for name in filters.articles])
        return left


def name_hash(name: str | None) -> int:
    """Return the hash of a name, signed 64 bits; 0 for no name."""
    if not name:
        return 0
    digest = xxhash.xxh3_64_digest(name.encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest, "little", signed=True)


def day_number(day: date | None) -> int:
    """Return a day as an ordinal; 0 for an unknown day."""
    return day.toordinal() if day else UNKNOWN_DAY
