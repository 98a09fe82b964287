"""Read hits for evidence: the sentences that may answer a question, and the words that do."""

from __future__ import annotations

from qa_bot.reading.dateline_reader import read_dateline
from qa_bot.reading.reader import load_reader, rerank
from qa_bot.reading.span_reader import SpanReader

__all__ = [
    "SpanReader",
    "load_reader",
    "read_dateline",
    "rerank",
]
