"""Vectors in a FAISS index, exact, in memory and in one checksummed file; the only user of faiss.

The file is derived from the store: ``load`` returns None for one that is missing, damaged or made
for another index, and whoever asked builds it again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.store.durable import write_durably

FILE_NAME = "vectors.faiss"
_MAGIC = b"qa-bot vectors 1\n"

log = logging.getLogger(__name__)


class FaissIndex:
    """Exact inner products; scores are cosines, −1..1, higher is better."""

    def __init__(self, dim: int, index: Any = None, generation: int = -1) -> None:
        """Hold vectors of the given length.

        ``generation`` is the generation of the store that they stand for, ``unsaved`` the number
        of vectors added and removed since they were written to the file.
        """
        self.dim = dim
        self.generation = generation
        self.unsaved = 0
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim)) if index is None else index

    def __len__(self) -> int:
        """Return the number of vectors held."""
        return int(self._index.ntotal)

    def keys(self) -> NDArray[np.int64]:
        """Return (n,) int64: the keys held, ascending."""
        return np.sort(faiss.vector_to_array(self._index.id_map).astype(np.int64))

    def add(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add vectors, (n, dim) float32, rows of unit length, under keys not held yet."""
        if len(keys):
            rows = np.ascontiguousarray(vectors, dtype=np.float32)
            self._index.add_with_ids(rows, np.asarray(keys, dtype=np.int64))
            self.unsaved += len(keys)

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors under these keys; keys not held are passed over."""
        if len(keys):
            selector = faiss.IDSelectorBatch(np.asarray(keys, dtype=np.int64))
            self.unsaved += int(self._index.remove_ids(selector))

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[Scored]:
        """Return the k nearest of the allowed keys (None: of all), best first, ties by key."""
        if allowed is not None and not len(allowed):
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, keys = self._index.search(query, min(k, max(1, len(self))), params=parameters)
        found = [
            Scored(int(key), round(float(score), 6))  # float32 holds no more
            for key, score in zip(keys[0], scores[0], strict=True)
            if key >= 0
        ]
        return sorted(found, key=lambda scored: (-scored.score, scored.key))

    @staticmethod
    def is_saved(folder: Path) -> bool:
        """Return whether the folder has a file of vectors at all."""
        return (folder / FILE_NAME).is_file()

    def save(self, folder: Path, index_id: str) -> None:
        """Write the file: a line of JSON with generation and SHA-256, then FAISS's own bytes.

        Raises:
            IndexStoreError: the folder cannot be written; the old file is intact.
        """
        data = faiss.serialize_index(self._index).tobytes()
        header = {
            "index": index_id,
            "generation": self.generation,
            "dim": self.dim,
        }
        header["sha256"] = _sha256(header, data)
        write_durably(folder / FILE_NAME, _MAGIC + json.dumps(header).encode() + b"\n" + data)
        self.unsaved = 0

    @classmethod
    def load(cls, folder: Path, index_id: str, dim: int) -> Self | None:
        """Return the index in the folder's file, or None if there is none to be trusted."""
        path = folder / FILE_NAME
        try:
            magic, line, data = path.read_bytes().split(b"\n", 2)
            header = json.loads(line)
            if magic + b"\n" != _MAGIC or header.pop("sha256") != _sha256(header, data):
                raise ValueError("its checksum is wrong")
            if (header["index"], header["dim"]) != (index_id, dim):
                raise ValueError("it belongs to another index")
            index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
            return cls(dim, index, header["generation"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as exc:
            log.warning("%s is not used (%s); it is made again from the store", path, exc)
            return None


def _sha256(header: dict[str, Any], data: bytes) -> str:
    """Return the hash of what the header states and of the vectors."""
    return hashlib.sha256(json.dumps(header, sort_keys=True).encode() + data).hexdigest()
