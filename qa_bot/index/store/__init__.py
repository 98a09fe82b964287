"""Articles, passages, embeddings and full-text search: the truth of an index, in one SQL store.

It has two backends: a SQLite file in the index folder, and a PostgreSQL database.
"""

from __future__ import annotations

from qa_bot.index.store.backends import Store, create_store, is_database, open_store
from qa_bot.index.store.durable_files import replacing, sync_folder, write_durably, writer_lock
from qa_bot.index.store.postgres import shown
from qa_bot.index.store.prepared_article import DerivedData, PreparedArticle, TimeMention
from qa_bot.index.store.rows import UNKNOWN_DAY, Rows, name_hash
from qa_bot.index.store.schema import FORMAT_VERSION, Manifest
from qa_bot.index.store.snapshot import Snapshot
from qa_bot.index.store.sqlite import SQLiteStore
from qa_bot.index.store.transaction import Transaction

__all__ = [
    "FORMAT_VERSION",
    "UNKNOWN_DAY",
    "DerivedData",
    "Manifest",
    "PreparedArticle",
    "Rows",
    "SQLiteStore",
    "Snapshot",
    "Store",
    "TimeMention",
    "Transaction",
    "create_store",
    "is_database",
    "name_hash",
    "open_store",
    "replacing",
    "shown",
    "sync_folder",
    "write_durably",
    "writer_lock",
]
