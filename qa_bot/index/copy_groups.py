"""Groups of articles that are copies of one story, kept up to date in a write transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from itertools import combinations

from qa_bot.index.store import Transaction
from qa_bot.news import is_copy


class CopyGroups:
    """The groups of copies that one transaction sees."""

    def __init__(self, transaction: Transaction, shingles: Callable[[str], frozenset[int]]) -> None:
        """Compare articles by the shingles of their texts."""
        self._transaction = transaction
        self._shingles = shingles

    def add(self, key: int, shingles: Set[int]) -> None:
        """Join an article that was just stored with its copies among the earlier articles."""
        copies = [
            other
            for other, text in self._transaction.candidates(key)
            if is_copy(shingles, self._shingles(text))
        ]
        if copies:
            self._transaction.join_groups([key, *copies])

    def split(self) -> None:
        """Split groups that lost an article, where only that article connected the others."""
        for group in sorted(self._transaction.reduced_groups):
            members = dict(self._transaction.group_members(group))
            shingles = {key: self._shingles(text) for key, text in members.items()}
            self._transaction.set_groups(connected(shingles))
        self._transaction.reduced_groups.clear()


def connected(shingles: Mapping[int, Set[int]]) -> dict[int, int]:
    """Return the group of each article: the lowest key among those that copies connect.

    >>> left, right = frozenset(range(40)), frozenset(range(40, 80))
    >>> connected({1: left, 2: right, 3: left})
    {1: 1, 2: 2, 3: 1}
    """
    group = {key: key for key in shingles}
    for one, other in combinations(sorted(shingles), 2):
        if group[one] != group[other] and is_copy(shingles[one], shingles[other]):
            low, high = sorted((group[one], group[other]))
            group = {key: low if number == high else number for key, number in group.items()}
    return group
