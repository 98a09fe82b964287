"""Hits → evidence: the sentences that may answer a question, and the words that do.

It knows nothing of how an answer is composed.
"""

from __future__ import annotations

from qa_bot.reading.dateline_reader import filed_from
from qa_bot.reading.reader import load_reader, rerank
from qa_bot.reading.span_reader import SpanReader

__all__ = [
    "SpanReader",
    "filed_from",
    "load_reader",
    "rerank",
]
