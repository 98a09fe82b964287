"""Vectors in Milvus: a server, a cluster, or its library in this process.

Each index has one collection, named after the index's id.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.errors import ConfigError, IndexStoreError
from qa_bot.filters import Filters
from qa_bot.index.store import UNKNOWN_DAY, Rows, name_hash

_BLOCK = 1_000  # rows in one request: below the server's limit of 64 MB
_MOST = 16_384  # hits of a search
_TIMEOUT_S = 30.0
_ANY = Filters()
# Every search sees all earlier writes; "Bounded" would hide a commit for a while.
_CONSISTENCY = "Strong"


class MilvusIndex:
    """Inner products of unit vectors; scores are cosines, −1..1, higher is better."""

    def __init__(self, uri: str, token: str, index_id: str, dim: int) -> None:
        """Open the collection of an index; create it if it is missing.

        Args:
            uri: of a server ("http://host:19530"), or the path of a file ending in .db.
            token: "user:password" or an API key; empty: none.
            index_id: of the store.
            dim: length of the vectors.

        Raises:
            ConfigError: pymilvus is not installed.
            IndexStoreError: the server cannot be reached.
        """
        # Silence the transport's warnings (of pings, of a server that stops): errors are raised.
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        try:
            from pymilvus import MilvusClient, MilvusException
        except ModuleNotFoundError as exc:
            raise ConfigError(
                "vectors", "vectors=milvus needs: pip install 'qa-bot[cluster]'"
            ) from exc
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._uri = uri
        self._errors: tuple[type[Exception], ...] = (MilvusException, ConnectionError)
        self._name = f"qa_bot_{index_id}"
        try:
            self._client: Any = MilvusClient(uri, token=token, timeout=_TIMEOUT_S)
            if not self._client.has_collection(self._name):
                self._create(dim)
            self._client.load_collection(self._name)
        except self._errors as exc:
            raise self._unreachable(exc) from exc

    def __str__(self) -> str:
        """Return the name in messages."""
        return f"Milvus at {self._uri}"

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __len__(self) -> int:
        """Return the number of vectors."""
        found = self._ask("query", filter="", output_fields=["count(*)"])
        return int(found[0]["count(*)"])

    def keys(self) -> NDArray[np.int64]:
        """Return (n,) int64: the keys, ascending."""
        rows = self._ask("query_iterator", filter="", output_fields=["key"], batch_size=_BLOCK)
        keys: list[int] = []
        try:
            while block := rows.next():
                keys += [row["key"] for row in block]
        finally:
            rows.close()
        return np.array(sorted(keys), dtype=np.int64)

    def add(self, rows: Rows) -> None:
        """Add vectors under new keys."""
        for start in range(0, len(rows), _BLOCK):
            part = slice(start, start + _BLOCK)
            columns = (
                rows.keys[part], rows.vectors[part], rows.first[part], rows.last[part],
                rows.publishers[part], rows.articles[part],
            )  # fmt: skip
            data = [
                {
                    "key": int(key),
                    "vector": vector,
                    "first_day": int(first),
                    "last_day": int(last),
                    "publisher": int(publisher),
                    "article": int(article),
                }
                for key, vector, first, last, publisher, article in zip(*columns, strict=True)
            ]
            self._ask("upsert", data=data)

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors under these keys; ignore unknown keys."""
        for start in range(0, len(keys), _BLOCK):
            self._ask("delete", ids=[int(key) for key in keys[start : start + _BLOCK]])

    def search(self, vector: NDArray[np.float32], k: int, filters: Filters = _ANY) -> list[Scored]:
        """Return the k nearest within the filters, best first, ties by key."""
        found = self._ask(
            "search",
            data=[np.asarray(vector, dtype=np.float32)],
            limit=min(k, _MOST),
            filter=_expression(filters),
            search_params={"metric_type": "IP"},
            consistency_level=_CONSISTENCY,
        )
        scored = [Scored(_key(hit), round(float(hit["distance"]), 6)) for hit in found[0]]
        return sorted(scored, key=lambda s: (-s.score, s.key))

    def _create(self, dim: int) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
        schema.add_field("first_day", DataType.INT32)
        schema.add_field("last_day", DataType.INT32)
        schema.add_field("publisher", DataType.INT64)
        schema.add_field("article", DataType.INT64)
        by = self._client.prepare_index_params()
        by.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
        self._client.create_collection(
            self._name, schema=schema, index_params=by, consistency_level=_CONSISTENCY
        )

    def _ask(self, what: str, **arguments: Any) -> Any:
        try:
            return getattr(self._client, what)(self._name, timeout=_TIMEOUT_S, **arguments)
        except self._errors as exc:
            raise self._unreachable(exc) from exc

    def _unreachable(self, exc: Exception) -> IndexStoreError:
        reason = str(getattr(exc, "message", "") or exc).splitlines()[0][:200]
        return IndexStoreError(
            self._uri,
            f"{self} cannot be used ({reason}). What was committed before is safe; see that it "
            "runs and that the settings milvus_uri and milvus_token are right, and try again.",
        )


def _expression(filters: Filters) -> str:
    """Return filters as a Milvus expression; all possible dates must lie within."""
    parts = [f"first_day != {UNKNOWN_DAY}"] if filters.dated else []
    if filters.since:
        parts.append(f"first_day >= {filters.since.toordinal()}")
    if filters.last:
        parts.append(f"last_day <= {filters.last.toordinal()}")
    if filters.publisher:
        parts.append(f"publisher == {name_hash(filters.publisher.casefold())}")
    if filters.articles:
        parts.append(f"article in {[name_hash(name) for name in filters.articles]}")
    return " and ".join(parts)


def _key(hit: dict[str, Any]) -> int:
    """Return the key of a hit: the server calls it "key", the library in this process "id"."""
    return int(hit["id"] if dict.__contains__(hit, "id") else hit["key"])
