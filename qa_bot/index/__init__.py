"""The index: build, store, search, copy and repair a collection of articles.

It knows nothing of questions or of answers.
"""

from __future__ import annotations

from qa_bot.index.backup import copy_index
from qa_bot.index.build import Progress
from qa_bot.index.build_report import BuildReport
from qa_bot.index.catalogue import article_finders, list_articles
from qa_bot.index.chunking import Budget, chunk
from qa_bot.index.collection import Collection
from qa_bot.index.delegation import CollectionMethods
from qa_bot.index.doctor import UNFINISHED, examine
from qa_bot.index.layout import (
    FEEDBACK_NAME,
    FOLLOWED_CHANGES_NAME,
    FOLLOWED_NAME,
    STARTERS_NAME,
    WATCHED_NAME,
)
from qa_bot.index.overlay import OverlayIndex, OverlaySearch
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.passage_text import embedded_text
from qa_bot.index.search import Search
from qa_bot.index.spelling import correct_question
from qa_bot.index.store import (
    FORMAT_VERSION,
    Manifest,
    hide_password,
    refuse_foreign,
    write_durably,
)

__all__ = [
    "FEEDBACK_NAME",
    "FOLLOWED_CHANGES_NAME",
    "FOLLOWED_NAME",
    "FORMAT_VERSION",
    "STARTERS_NAME",
    "UNFINISHED",
    "WATCHED_NAME",
    "Budget",
    "BuildReport",
    "Collection",
    "CollectionMethods",
    "Manifest",
    "OverlayIndex",
    "OverlaySearch",
    "PassageIndex",
    "Progress",
    "Search",
    "article_finders",
    "chunk",
    "copy_index",
    "correct_question",
    "embedded_text",
    "examine",
    "hide_password",
    "list_articles",
    "refuse_foreign",
    "write_durably",
]
