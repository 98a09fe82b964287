"""What news articles have in common: datelines, bylines, speakers, notices, copies and times.

It knows nothing of files, of questions or of an index.
"""

from __future__ import annotations

from qa_bot.news.boilerplate import front_matter, furniture, repeats
from qa_bot.news.byline import (
    SEPARATOR,
    exact_day,
    header_line,
    passage_header,
    publication_statement,
)
from qa_bot.news.dateline import Dateline, agency, find_dateline, find_published
from qa_bot.news.duplicates import is_copy, kept_runs, originality, runs
from qa_bot.news.injection import CHAT_MARK, is_order, ordered_words
from qa_bot.news.notices import find_notices
from qa_bot.news.speakers import SAYING, is_attributed, speaker_of

__all__ = [
    "CHAT_MARK",
    "SAYING",
    "SEPARATOR",
    "Dateline",
    "agency",
    "exact_day",
    "find_dateline",
    "find_notices",
    "find_published",
    "front_matter",
    "furniture",
    "header_line",
    "is_attributed",
    "is_copy",
    "is_order",
    "kept_runs",
    "ordered_words",
    "originality",
    "passage_header",
    "publication_statement",
    "repeats",
    "runs",
    "speaker_of",
]
