"""Group texts of similar length into batches, so that padding wastes little computation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def batches_by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield batches of positions, shortest texts first, each position once.

    Args:
        lengths: of the texts, in any unit.
        budget: the most that a batch may measure when all its texts are padded to the longest, in
            the same unit; a text over the budget forms a batch alone.

    >>> list(batches_by_length([9, 2, 3, 40], budget=10))
    [[1, 2], [0], [3]]
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[position] > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
