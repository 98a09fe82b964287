"""Recognise copies of one wire story, even cut, re-titled or re-ordered ones.

The measure is the share of the five-word shingles of the shorter text that the longer text has too:
a cut copy shares nearly all, two independent reports of one event share few.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date

import xxhash

from qa_bot.datatypes import Article
from qa_bot.news.boilerplate import find_boilerplate
from qa_bot.news.dateline import agency
from qa_bot.text import words

_SHINGLE_WORDS = 5
_SHARED = 0.33  # share, 0..1, of the shorter text: docs/decisions/0032-shared-word-runs.md
_FEWEST_SHINGLES = 12  # shorter texts are never copies; chosen by hand
_KEPT_OF = 8  # the index keeps one shingle in eight to find candidates; chosen by hand


def runs(text: str) -> frozenset[int]:
    """Return the 64-bit hashes of all five-word shingles of a text, without its boilerplate."""
    spans = find_boilerplate(text)
    body = "".join(text[a:b] for a, b in _between(spans, len(text)))
    of_body = words(body)
    return frozenset(
        xxhash.xxh3_64_intdigest(
            " ".join(of_body[i : i + _SHINGLE_WORDS]).encode("utf-8", "replace")
        )
        for i in range(len(of_body) - _SHINGLE_WORDS + 1)
    )


def kept_runs(shingles: Set[int]) -> list[int]:
    """Return the shingles that the index stores to find candidates: 63-bit numbers, ascending.

    The hash of a shingle decides whether it is kept, so two copies keep the same shingles.
    """
    return sorted(shingle >> 1 for shingle in shingles if shingle % _KEPT_OF == 0)


def is_copy(one: Set[int], other: Set[int]) -> bool:
    """Return whether one text is a copy of the other or of a part of it, by their shingles."""
    fewer = min(len(one), len(other))
    return fewer >= _FEWEST_SHINGLES and len(one & other) >= _SHARED * fewer


def originality(article: Article) -> tuple[bool, date, str]:
    """Return a sort key for the copies of one story, smallest for the original.

    An article without an agency comes before one from an agency, and then the earlier first.
    """
    day = article.published.first if article.published else date.max
    return agency(article) is not None, day, article.id


def _between(spans: tuple[tuple[int, int], ...], end: int) -> list[tuple[int, int]]:
    """Return the stretches of a text between the spans."""
    edges = [0, *(edge for span in spans for edge in span), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
