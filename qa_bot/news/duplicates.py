"""Texts → whether one is a copy of another: the same wire story, cut, re-titled, re-ordered.

What counts is how many runs of five words of the shorter text stand in the longer one: a cut copy
has all of its own there, two reports of one event have few. It knows nothing of storage.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date

import xxhash

from qa_bot.datatypes import Article
from qa_bot.news.boilerplate import furniture
from qa_bot.news.dateline import agency
from qa_bot.text import words

_RUN_WORDS = 5
_SHARED = 0.33  # of the shorter text's runs (docs/decisions/0032-shared-word-runs.md)
_FEWEST_RUNS = 12  # shorter texts are too short to tell
_KEPT_OF = 8  # one run in so many is kept for finding candidates


def runs(text: str) -> frozenset[int]:
    """Return the hashes, 64 bits each, of all runs of five words outside furniture."""
    spans = furniture(text)
    body = "".join(text[a:b] for a, b in _between(spans, len(text)))
    said = words(body)
    return frozenset(
        xxhash.xxh3_64_intdigest(" ".join(said[i : i + _RUN_WORDS]).encode("utf-8", "replace"))
        for i in range(len(said) - _RUN_WORDS + 1)
    )


def kept_runs(all_runs: Set[int]) -> list[int]:
    """Return the runs that are kept for finding candidates: signed 63-bit numbers, ascending.

    The same runs of every text are kept, so that two copies keep the same ones.
    """
    return sorted(run >> 1 for run in all_runs if run % _KEPT_OF == 0)


def is_copy(one: Set[int], other: Set[int]) -> bool:
    """Return whether one text, given by its runs, is a copy of the other, or of a part of it."""
    fewer = min(len(one), len(other))
    return fewer >= _FEWEST_RUNS and len(one & other) >= _SHARED * fewer


def originality(article: Article) -> tuple[bool, date, str]:
    """Return what orders copies of a story: smallest for the original.

    The publisher's own goes before one taken from an agency, the earlier before the later.
    """
    day = article.published.first if article.published else date.max
    return agency(article) is not None, day, article.id


def _between(spans: tuple[tuple[int, int], ...], end: int) -> list[tuple[int, int]]:
    """Return the stretches that lie outside the spans."""
    edges = [0, *(edge for span in spans for edge in span), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
