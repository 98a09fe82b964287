"""How much two sets of words, terms or shingles have in common."""

from __future__ import annotations

from collections.abc import Hashable, Set


def overlap_coefficient(one: Set[Hashable], other: Set[Hashable]) -> float:
    """Return the overlap coefficient |A ∩ B| / min(|A|, |B|), 0..1; 0 if either set is empty.

    >>> overlap_coefficient({"ferry", "sank", "bay"}, {"ferry", "left"})
    0.5
    """
    return len(one & other) / max(1, min(len(one), len(other)))


def coverage(needed: Set[Hashable], found: Set[Hashable]) -> float:
    """Return the share |A ∩ B| / |A|, 0..1, of the needed items that were found; 1 for none needed.

    >>> coverage({"ferry", "sank"}, {"ferry", "left"})
    0.5
    """
    return len(needed & found) / len(needed) if needed else 1.0
