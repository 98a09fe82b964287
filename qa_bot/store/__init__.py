"""Articles, passages, embeddings and full-text search: the truth of an index, in one SQL store."""

from qa_bot.store.durable import write_durably, writer_lock
from qa_bot.store.reading import Snapshot, Told
from qa_bot.store.schema import FORMAT_VERSION, Manifest
from qa_bot.store.sqlite import SQLiteStore
from qa_bot.store.writing import PreparedArticle, Transaction

__all__ = [
    "FORMAT_VERSION",
    "Manifest",
    "PreparedArticle",
    "SQLiteStore",
    "Snapshot",
    "Told",
    "Transaction",
    "write_durably",
    "writer_lock",
]
