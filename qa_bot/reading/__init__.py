"""Read hits for evidence: the sentences that may answer a question, and the words that do."""

from __future__ import annotations

from qa_bot.reading.cascade_reader import promising_hits
from qa_bot.reading.reader import Reader, Reading, load_reader, read, rerank
from qa_bot.reading.role_reader import is_named
from qa_bot.reading.span_reader import SpanReader

__all__ = [
    "Reader",
    "Reading",
    "SpanReader",
    "is_named",
    "load_reader",
    "promising_hits",
    "read",
    "rerank",
]
