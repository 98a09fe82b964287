"""Vectors in FAISS: one checksummed file, mapped into memory, and later additions in memory.

The file is derived from the store: ``load`` returns None if it is missing, damaged or of another
index, and the caller rebuilds it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Scored
from qa_bot.filters import Filters
from qa_bot.index.layout import VECTORS_NAME
from qa_bot.index.store import Rows, replacing
from qa_bot.index.vectors.file import (
    COLUMNS,
    Hashed,
    read_columns,
    read_header,
    write_columns,
    write_header,
)

Kind = Literal["exact", "ivf"]
# The largest exhaustive search: docs/decisions/0004-exact-then-inverted-file.md.
EXACT_UP_TO = 100_000
_TOO_FEW = 1_000  # for an inverted file
_LISTS_PER_ROOT = 4  # lists of an inverted file: this many times the root of the number of vectors
_TRAINED_ON = 40  # vectors for each list, to train its centre
_PROBED = 1 / 8  # share of the lists that a search visits
_FEW = 20_000  # up to this number within the filters, a search visits every list
_ANY = Filters()
_NEVER = np.int64(2**62)
_NOW = 2**61  # later than every generation

log = logging.getLogger(__name__)


def kind_for(n: int, wanted: str = "auto") -> Kind:
    """Return the kind of search for n vectors: exhaustive, or some lists of an inverted file."""
    exact_up_to = {"auto": EXACT_UP_TO, "exact": n, "ivf": _TOO_FEW}[wanted]
    return "exact" if n <= exact_up_to else "ivf"


class FaissIndex:
    """A part mapped from the file, and a part in memory; scores are cosines, −1..1."""

    def __init__(self, dim: int, base: _Part | None = None, generation: int = -1) -> None:
        """Hold vectors of the given length.

        ``generation`` and ``corpus`` (a hash) are those of the store with the same passages;
        ``unsaved`` is the number of vectors added and removed since the file was written.
        """
        self.dim = dim
        self.generation = generation
        self.corpus = ""
        self.unsaved = 0
        self._base = base or _Part(faiss.IndexFlatIP(dim), _no_rows(dim))
        self._fresh = _Part(faiss.IndexFlatIP(dim), _no_rows(dim))

    @classmethod
    def build(
        cls, dim: int, n: int, blocks: Callable[[], Iterable[Rows]], kind: Kind = "exact"
    ) -> Self:
        """Return an index of n vectors; each call of ``blocks`` yields all of them in blocks.

        It holds in memory: a block, the training vectors of an inverted file, and 4 · dim (exact)
        or dim (inverted file) bytes for each vector.
        """
        index = faiss.IndexFlatIP(dim) if kind == "exact" else _trained(dim, n, blocks())
        columns: list[Rows] = []
        for rows in blocks():
            index.add(np.ascontiguousarray(rows.vectors, dtype=np.float32))
            columns.append(_without_vectors(rows))
        return cls(dim, _Part(index, _joined(dim, columns)))

    @property
    def kind(self) -> Kind:
        """Return the kind of search in the file's vectors."""
        return "exact" if isinstance(self._base.index, faiss.IndexFlat) else "ivf"

    @property
    def approximate(self) -> bool:
        """Return whether a search can miss a near vector, and scores are approximate."""
        return self.kind != "exact"

    def __len__(self) -> int:
        """Return the number of vectors."""
        return len(self._base) + len(self._fresh)

    def keys(self) -> NDArray[np.int64]:
        """Return (n,) int64: the keys, ascending."""
        return np.sort(np.concatenate([self._base.keys(), self._fresh.keys()]))

    def add(self, rows: Rows) -> None:
        """Add vectors under new keys."""
        if len(rows):
            self._fresh.add(rows)
            self.unsaved += len(rows)

    def remove(self, keys: Sequence[int], at: int = 0) -> None:
        """Remove the vectors under these keys; ignore unknown keys.

        Args:
            keys: of the vectors.
            at: the first generation without them; searches of an earlier one still find them.
        """
        if len(keys):
            gone = np.asarray(keys, dtype=np.int64)
            self.unsaved += self._base.remove(gone, at) + self._fresh.remove(gone, at)

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        filters: Filters = _ANY,
        generation: int | None = None,
    ) -> list[Scored]:
        """Return the k nearest within the filters, best first, ties by key.

        A search of an earlier generation also finds later additions.
        """
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        of = _NOW if generation is None else generation
        parts = (self._base, self._fresh)
        found = [scored for part in parts for scored in part.search(query, k, filters, of)]
        return sorted(found, key=lambda scored: (-scored.score, scored.key))[:k]

    @staticmethod
    def is_saved(folder: Path) -> bool:
        """Return whether the folder has a file of vectors."""
        return (folder / VECTORS_NAME).is_file()

    def save(self, folder: Path, index_id: str) -> None:
        """Write the file.

        Raises:
            IndexStoreError: the folder cannot be written; the old file is intact.
            ValueError: vectors were added or removed since the build or load.
        """
        if self.unsaved:
            raise ValueError("only an index as it was built can be written")
        with replacing(folder / VECTORS_NAME) as file:
            hashed = Hashed(file)
            writer = faiss.PyCallbackIOWriter(hashed.write)  # type: ignore[attr-defined]
            faiss.write_index(self._base.index, writer)
            del writer  # it flushes its buffer when deleted
            n_bytes = hashed.n
            write_columns(hashed, self._base.rows)
            header = {
                "index": index_id,
                "generation": self.generation,
                "corpus": self.corpus,
                "dim": self.dim,
                "rows": len(self._base.rows),
                "faiss_bytes": n_bytes,
            }
            write_header(file, hashed, header)

    @classmethod
    def load(cls, folder: Path, index_id: str, dim: int) -> Self | None:
        """Return the index in the folder's file, or None if the file cannot be trusted."""
        path = folder / VECTORS_NAME
        try:
            with path.open("rb") as file:
                header = read_header(file)
                if (header["index"], header["dim"]) != (index_id, dim):
                    raise ValueError("it belongs to another index")
                rows = read_columns(file, header)
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
            if isinstance(index, faiss.IndexFlat):
                index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            if index.ntotal != len(rows):
                raise ValueError("its vectors and columns are not as many")
            loaded = cls(dim, _Part(index, rows), header["generation"])
            loaded.corpus = header["corpus"]
            return loaded
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as exc:
            log.warning("%s is not used (%s); it is made again from the store", path, exc)
            return None


class _Part:
    """Vectors in the order of their rows; removed ones stay, but searches skip them."""

    def __init__(self, index: Any, rows: Rows) -> None:
        self.index = index
        self.rows = rows
        self._gone_at = np.full(len(rows), _NEVER)

    def __len__(self) -> int:
        return int((self._gone_at == _NEVER).sum())

    def keys(self) -> NDArray[np.int64]:
        """Return the keys that were not removed."""
        there: NDArray[np.bool_] = self._gone_at == _NEVER
        return self.rows.keys[there]

    def add(self, rows: Rows) -> None:
        """Add vectors to a part in memory."""
        self.index.add(np.ascontiguousarray(rows.vectors, dtype=np.float32))
        self.rows = _joined(self.index.d, [self.rows, _without_vectors(rows)])
        self._gone_at = np.concatenate([self._gone_at, np.full(len(rows), _NEVER)])

    def remove(self, keys: NDArray[np.int64], at: int) -> int:
        """Remove the rows with these keys from a generation on; return their number."""
        gone = (self._gone_at == _NEVER) & np.isin(self.rows.keys, keys)
        self._gone_at[gone] = at
        return int(gone.sum())

    def search(
        self, query: NDArray[np.float32], k: int, filters: Filters, generation: int
    ) -> Iterator[Scored]:
        """Yield the k nearest of a generation within the filters."""
        chosen = self._gone_at > generation
        if filters:
            chosen &= self.rows.admitted(filters)
        n_chosen = int(chosen.sum())
        if not n_chosen:
            return
        parameters = self._parameters(chosen, n_chosen)
        scores, places = self.index.search(query, min(k, n_chosen), params=parameters)
        for place, score in zip(places[0], scores[0], strict=True):
            if place >= 0:
                # float32 holds no more
                yield Scored(int(self.rows.keys[place]), round(float(score), 6))

    def _parameters(self, chosen: NDArray[np.bool_], n_chosen: int) -> Any:
        """Return the search parameters: the more the filters exclude, the more lists."""
        selector = None
        if n_chosen < len(chosen):
            bits: Any = np.packbits(chosen, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]
        if isinstance(self.index, faiss.IndexIVF):
            share = _PROBED * len(chosen) / n_chosen if n_chosen > _FEW else 1
            lists = min(self.index.nlist, max(1, round(self.index.nlist * share)))
            return faiss.SearchParametersIVF(sel=selector, nprobe=lists)  # type: ignore[call-arg]
        return faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]


def _trained(dim: int, n: int, blocks: Iterable[Rows]) -> Any:
    """Return an empty inverted file (8 bits a number), trained on a sample of the vectors."""
    n_lists = min(n // _TRAINED_ON, round(_LISTS_PER_ROOT * n**0.5)) or 1
    wanted = n_lists * _TRAINED_ON
    rng = np.random.default_rng(7)
    parts = [rows.vectors[rng.random(len(rows)) < wanted / n] for rows in blocks]
    coarse = faiss.IndexFlatIP(dim)
    bits = faiss.ScalarQuantizer.QT_8bit
    index = faiss.IndexIVFScalarQuantizer(coarse, dim, n_lists, bits, faiss.METRIC_INNER_PRODUCT)
    index.train(np.concatenate(parts))
    return index


def _no_rows(dim: int) -> Rows:
    return Rows.of([], np.empty((0, dim), dtype=np.float32))


def _without_vectors(rows: Rows) -> Rows:
    """Return the rows without their vectors, which FAISS holds."""
    columns = [getattr(rows, name) for name in COLUMNS]
    return Rows(columns[0], np.empty((0, 0), dtype=np.float32), *columns[1:])


def _joined(dim: int, parts: Sequence[Rows]) -> Rows:
    if not parts:
        return _no_rows(dim)
    columns = [np.concatenate([getattr(rows, name) for rows in parts]) for name in COLUMNS]
    return Rows(columns[0], np.empty((0, 0), dtype=np.float32), *columns[1:])
