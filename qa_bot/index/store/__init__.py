"""The SQL store, which is the truth of an index: articles, passages, embeddings and full text.

It has two backends: a SQLite file in the index folder, and a PostgreSQL database. It runs no
language rules: the index gives it the data that such rules derive.
"""

from __future__ import annotations

from qa_bot.index.store.backends import Store, create_store, hide_password, is_database, open_store
from qa_bot.index.store.durable_files import (
    remove_left_over,
    replacing,
    sync_folder,
    write_durably,
    writer_lock,
)
from qa_bot.index.store.foreign import refuse_foreign, stated_bytes
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
    "hide_password",
    "is_database",
    "name_hash",
    "open_store",
    "refuse_foreign",
    "remove_left_over",
    "replacing",
    "stated_bytes",
    "sync_folder",
    "write_durably",
    "writer_lock",
]
