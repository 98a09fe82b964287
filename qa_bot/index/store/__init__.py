"""Articles, passages, embeddings and full-text search: the truth of an index, in one SQL store.

It has two backends: a SQLite file in the index folder, and a PostgreSQL database.
"""

from __future__ import annotations

from qa_bot.index.store.backends import Store, create_store, is_database, open_store
from qa_bot.index.store.durable_files import replacing, write_durably, writer_lock
from qa_bot.index.store.schema import FORMAT_VERSION, Manifest
from qa_bot.index.store.snapshot import Snapshot
from qa_bot.index.store.sqlite import SQLiteStore
from qa_bot.index.store.transaction import PreparedArticle, Transaction

__all__ = [
    "FORMAT_VERSION",
    "Manifest",
    "PreparedArticle",
    "SQLiteStore",
    "Snapshot",
    "Store",
    "Transaction",
    "create_store",
    "is_database",
    "open_store",
    "replacing",
    "write_durably",
    "writer_lock",
]
