"""Derive times and shingles from articles by language rules, and again when the rules change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa_bot.datatypes import Article
from qa_bot.index.copy_groups import CopyGroups
from qa_bot.index.store import DerivedData, TimeMention, Transaction
from qa_bot.news import kept_runs, runs
from qa_bot.news.times import find_moments

_BATCH = 200  # articles derived again in one commit: seconds that readers may wait for it

RULES_VERSION = 1
"""The version of the rules for times (``qa_bot.news.times``) and shingles
(``qa_bot.news.duplicates``). Add 1 with every change of what they find: an index with a lower
version in its manifest (0: none) derives both again with the next build or repair."""


def find_times(article: Article) -> tuple[TimeMention, ...]:
    """Return the times that an article mentions, resolved from its publication date."""
    return tuple(
        TimeMention(*moment.words, moment.first, moment.last, moment.precision)
        for moment in find_moments(article.text, article.published)
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for derived data, and their version."""

    version: int = RULES_VERSION
    times: Callable[[Article], tuple[TimeMention, ...]] = find_times
    shingles: Callable[[str], frozenset[int]] = runs

    def derive(self, article: Article) -> DerivedData:
        """Return the times and shingles of an article."""
        shingles = self.shingles(article.text)
        return DerivedData(self.times(article), shingles, tuple(kept_runs(shingles)))


RULES = Rules()


def derive_again(transaction: Transaction, rules: Rules, after: int) -> int | None:
    """Derive the next articles after a key again; return the last key, or None when all are done.

    Each article joins only articles with lower keys, which the new rules derived already. The
    last batch records the rules' version.
    """
    batch = transaction.articles_after(after, _BATCH)
    groups = CopyGroups(transaction, rules.shingles)
    for key, article in batch:
        derived = rules.derive(article)
        transaction.replace_derived(key, derived)
        groups.add(key, derived.shingles)
    if len(batch) == _BATCH:
        return batch[-1][0]
    transaction.set_rules_version(rules.version)
    return None
