"""The weight of a term in BM25: how rare it is among the passages.

Both functions take the number of passages that have the term and the number of all passages.
"""

from __future__ import annotations

import math

_LEAST_FTS5_IDF = 1e-6  # SQLite FTS5, fts5_aux.c: a term in most passages keeps a positive weight


def idf(frequency: int, n_passages: int) -> float:
    """Return Lucene's inverse document frequency ln(1 + (N − n + ½) / (n + ½)), 0 or more."""
    return math.log(1 + (n_passages - frequency + 0.5) / (frequency + 0.5))


def fts5_idf(frequency: int, n_passages: int) -> float:
    """Return the inverse document frequency of SQLite FTS5, ln((N − n + ½) / (n + ½)), over 0.

    Use it to reproduce the scores of FTS5 outside SQLite.
    """
    ratio = (n_passages - frequency + 0.5) / (frequency + 0.5)
    return max(math.log(ratio), _LEAST_FTS5_IDF) if ratio > 0 else _LEAST_FTS5_IDF
