"""The files of an index folder: every name that the program writes there."""

from __future__ import annotations

STORE_NAME = "store.sqlite3"
SEAL_NAME = "store.seal"
VECTORS_NAME = "vectors.faiss"
MILVUS_NAME = "milvus.db"  # Milvus without a server keeps its data here
LOCK_NAME = "writer.lock"
PID_NAME = "writer.pid"
STARTERS_NAME = "starters.json"
FEEDBACK_NAME = "feedback.jsonl"
FOLLOWED_NAME, FOLLOWED_CHANGES_NAME = "following.json", "following.jsonl"
WATCHED_NAME = "watching.json"
UNFINISHED_NAME = "unfinished.build"  # there while a build runs, and after one that was killed

NAMES = frozenset(
    {
        STORE_NAME,
        f"{STORE_NAME}-journal",
        SEAL_NAME,
        VECTORS_NAME,
        MILVUS_NAME,
        LOCK_NAME,
        PID_NAME,
        STARTERS_NAME,
        FEEDBACK_NAME,
        FOLLOWED_NAME,
        f"{FOLLOWED_NAME}.lock",
        FOLLOWED_CHANGES_NAME,
        WATCHED_NAME,
        f"{WATCHED_NAME}.lock",
        UNFINISHED_NAME,
    }
)
