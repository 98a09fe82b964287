"""Articles → an index that is searched: the store (the truth) and the vectors (derived) together.

It knows nothing of files of articles, nor of questions: it takes articles, and vectors and words.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.chunking import Budget, chunk, embedded_text
from qa_bot.datatypes import Article, Coverage, Entry, Passage, Scored
from qa_bot.embedding import Embedder
from qa_bot.errors import IndexCorruptError, IndexMismatchError
from qa_bot.filters import Filters
from qa_bot.settings import Settings
from qa_bot.store import Manifest, PreparedArticle, Snapshot, SQLiteStore, Told, Transaction
from qa_bot.vectors.faiss import FaissIndex, kind_for

Progress = Callable[[str, int], None]
"""Called with the stage ("embedding") and how many passages more are done."""

# The file of vectors is written again when this share of it, and at least so many, have changed:
# so adding k articles costs O(k) on average, and opening catches up at most a tenth.
_STALE_SHARE, _STALE_AT_LEAST = 0.1, 2_000
_FRESH_AT_LEAST = 20_000
_AGAIN = 4  # candidates of an approximate search, for each wanted, that are measured again
_CHUNK_TOKENS, _CHUNK_OVERLAP = 200, 1  # of a new index


@dataclass(frozen=True, slots=True)
class Changes:
    """What a commit did: article ids added or changed, and removed, and the generation since."""

    put: tuple[str, ...]
    removed: tuple[str, ...]
    generation: int


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """By path: digests of the files that were read without a problem, and their article ids."""

    digests: dict[str, str]
    article_ids: dict[str, set[str]]


class PassageIndex:
    """One index folder, open for searching and for changes, from any number of threads."""

    def __init__(self, folder: Path, embedder: Embedder, settings: Settings) -> None:
        """Open the index; it must have been made with this embedder and these chunk settings.

        Raises:
            IndexMissingError: there is none.
            IndexMismatchError: it was made with something else; the message has the remedy.
            IndexCorruptError: it is damaged.
        """
        self.folder = folder
        self._embedder = embedder
        self._settings = settings
        self._store = SQLiteStore(folder)
        self._lock = threading.Lock()
        try:
            with self._store.reading() as snapshot:
                self.manifest = snapshot.manifest
                _check_manifest(folder, snapshot.manifest, embedder, settings)
                self._vectors = self._loaded() or FaissIndex(embedder.dim)
                self._follow(snapshot)
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(cls, folder: Path, embedder: Embedder, settings: Settings) -> PassageIndex:
        """Make an empty index in the folder and open it; an index already there is opened."""
        manifest = Manifest(
            index_id=uuid.uuid4().hex,
            embedder=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dim=embedder.dim,
            chunk_tokens=settings.chunk_tokens or _CHUNK_TOKENS,
            chunk_overlap=_CHUNK_OVERLAP if settings.chunk_overlap < 0 else settings.chunk_overlap,
        )
        SQLiteStore.create(folder, manifest, settings.lock_wait_s).close()
        return cls(folder, embedder, settings)

    def close(self) -> None:
        """Close the files."""
        self._store.close()

    # Changing --------------------------------------------------------------------------------

    def apply(
        self,
        put: Sequence[Article] = (),
        remove: Sequence[str] = (),
        sources: dict[Path, str | None] | None = None,
        progress: Progress | None = None,
    ) -> Changes:
        """Put and remove articles, and remember the files they came from, in one commit.

        An article that is in the index already as it is stays untouched; text whose embedding is
        in the index is not embedded again.
        """
        with self._store.writing(self._settings.lock_wait_s) as transaction:
            latest = {article.id: article for article in put}
            fresh = [a for a in latest.values() if transaction.digest_of(a.id) != a.digest]
            prepared = [self._prepare(article) for article in fresh]
            self._embed_missing(transaction, prepared, progress)
            removed = transaction.remove(remove)
            for article in prepared:
                transaction.put(article)
            for path, digest in (sources or {}).items():
                transaction.set_source(path, digest)
        self._step(transaction)
        generation = transaction.manifest.generation
        return Changes(tuple(a.id for a in fresh), tuple(removed), generation)

    def keep_versions(self, older: Sequence[Article]) -> None:
        """Keep older texts of articles, as a repair brings them over."""
        with self._store.writing(self._settings.lock_wait_s) as transaction:
            for article in older:
                transaction.keep_version(article)

    def _step(self, transaction: Transaction) -> None:
        """Bring the vectors from the generation before a commit to the one after it."""
        after = transaction.manifest.generation
        with self._lock, self._store.reading() as snapshot:
            if not self._vectors.generation == after - 1 == snapshot.manifest.generation - 1:
                return  # other commits came in between: the next search follows them all
            if self._vectors.unsaved + len(transaction.added_keys) > self._most_in_memory():
                return  # a long run of commits: what it adds is taken up at its end
            self._vectors.remove(transaction.removed_keys)
            self._add_vectors(snapshot, transaction.added_keys)
            self._vectors.generation = after

    def finish(self) -> None:
        """Seal the store after a run of commits; write the vectors' file if it is far behind."""
        self._store.seal(self._settings.lock_wait_s)
        with self._lock, self._store.reading() as snapshot:
            self._follow(snapshot)
            stale = max(_STALE_AT_LEAST, len(self._vectors) * _STALE_SHARE)
            kind = kind_for(len(self._vectors), self._settings.vector_search)
            saved = self._vectors.kind == kind and self._vectors.is_saved(self.folder)
            if self._vectors.unsaved > stale or not saved:
                self._save_vectors(snapshot)

    def save_vectors(self) -> None:
        """Write the derived file of vectors."""
        with self._lock, self._store.reading() as snapshot:
            self._follow(snapshot)
            self._save_vectors(snapshot)

    def _save_vectors(self, snapshot: Snapshot) -> None:
        kind = kind_for(len(self._vectors), self._settings.vector_search)
        if self._vectors.unsaved or self._vectors.kind != kind:
            self._vectors = self._built(snapshot)
        self._vectors.save(self.folder, self.manifest.index_id)
        # The file is mapped from now on, so that what was built leaves the memory.
        self._vectors = self._loaded() or self._vectors

    def _loaded(self) -> FaissIndex | None:
        return FaissIndex.load(self.folder, self.manifest.index_id, self.manifest.dim)

    def known_files(self) -> KnownFiles:
        """Return what the index remembers of the files that its articles came from."""
        with self._store.reading() as snapshot:
            return KnownFiles(snapshot.source_digests(), snapshot.ids_by_path())

    def _prepare(self, article: Article) -> PreparedArticle:
        budget = Budget(
            tokens=self.manifest.chunk_tokens,
            pieces=self._embedder.max_pieces,
            overlap=self.manifest.chunk_overlap,
            count_pieces=self._embedder.count_pieces,
        )
        return PreparedArticle.of(article, chunk(article, budget))

    def _embed_missing(
        self,
        transaction: Transaction,
        prepared: Sequence[PreparedArticle],
        progress: Progress | None,
    ) -> None:
        """Embed the passages whose text has no embedding yet."""
        texts: dict[bytes, Passage] = {}
        for article in prepared:
            texts |= dict(zip(article.digests, article.passages, strict=True))
        missing = sorted(transaction.missing_embeddings(texts))
        if not missing:
            return
        report = (lambda done: progress("embedding", done)) if progress else None
        vectors = self._embedder.embed([embedded_text(texts[d]) for d in missing], report)
        transaction.add_embeddings(dict(zip(missing, vectors, strict=True)))

    # Searching -------------------------------------------------------------------------------

    @contextmanager
    def searching(self, filters: Filters = Filters()) -> Iterator[Search]:  # noqa: B008
        """Hold the last committed state for searching within the filters."""
        with self._store.reading() as snapshot:
            with self._lock:
                self._follow(snapshot)
            yield Search(snapshot, self._vectors, self._lock, filters)

    def _follow(self, snapshot: Snapshot) -> None:
        """Bring the vectors to the snapshot's state; the store says which passages there are."""
        self.manifest = snapshot.manifest
        if self._vectors.generation == snapshot.manifest.generation:
            return
        gone, missing = self._difference(snapshot)
        if len(missing) > self._most_in_memory():
            self._vectors = self._loaded() or self._vectors
            gone, missing = self._difference(snapshot)
        if len(missing) > self._most_in_memory():
            self._vectors = self._built(snapshot)
            return
        self._vectors.remove(gone)
        self._add_vectors(snapshot, missing)
        self._vectors.generation = snapshot.manifest.generation

    def _most_in_memory(self) -> float:
        """Return how many vectors may be held beside those of the file."""
        return max(_FRESH_AT_LEAST, len(self._vectors) * _STALE_SHARE)

    def _difference(self, snapshot: Snapshot) -> tuple[list[int], list[int]]:
        """Return the keys that the vectors have too many, and those that they lack."""
        held = self._vectors.keys()
        added = snapshot.passage_keys(after=int(held[-1]) if len(held) else 0)
        if len(held) + len(added) == snapshot.manifest.n_passages:
            return [], added.tolist()
        wanted = snapshot.passage_keys()
        return np.setdiff1d(held, wanted).tolist(), np.setdiff1d(wanted, held).tolist()

    def _add_vectors(self, snapshot: Snapshot, keys: Sequence[int]) -> None:
        n_found = 0
        for rows in snapshot.vectors(keys):
            self._vectors.add(rows)
            n_found += len(rows)
        self._check_none_missing(n_found, len(keys))

    def _built(self, snapshot: Snapshot) -> FaissIndex:
        """Return the vectors of all passages, of the kind that is wanted for so many."""
        n = snapshot.manifest.n_passages
        kind = kind_for(n, self._settings.vector_search)
        built = FaissIndex.build(self.manifest.dim, n, snapshot.vectors, kind)
        built.generation = snapshot.manifest.generation
        self._check_none_missing(len(built), n)
        return built

    def _check_none_missing(self, n_found: int, n_wanted: int) -> None:
        if n_found < n_wanted:
            raise IndexCorruptError(
                self.folder,
                f"Embeddings are missing in the index at {self.folder}. "
                f"Mend it with: qa-bot doctor --repair --index {self.folder}",
            )


class Search:
    """One committed state of an index, searched within filters."""

    def __init__(
        self, snapshot: Snapshot, vectors: FaissIndex, lock: threading.Lock, filters: Filters
    ) -> None:
        """Look at the snapshot and at vectors that are of the same generation."""
        self.manifest = snapshot.manifest
        self.coverage: Coverage = snapshot.coverage(filters)
        self._snapshot = snapshot
        self._vectors = vectors
        self._lock = lock
        self._filters = filters

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """Return the k passages with the highest cosine to the vector, best first."""
        with self._lock:
            approximate = self._vectors.approximate
            found = self._vectors.search(vector, k * _AGAIN if approximate else k, self._filters)
        return self._measured(vector, found)[:k] if approximate else found

    def _measured(self, vector: NDArray[np.float32], found: Sequence[Scored]) -> list[Scored]:
        """Return the passages with their cosines by the store's own vectors, best first."""
        scored = [
            Scored(int(key), round(float(score), 6))
            for rows in self._snapshot.vectors([scored.key for scored in found])
            for key, score in zip(rows.keys, rows.vectors @ vector, strict=True)
        ]
        return sorted(scored, key=lambda s: (-s.score, s.key))

    def best_words(self, words: Sequence[str], k: int) -> list[Scored]:
        """Return the k passages with the highest BM25 for the words, best first."""
        return self._snapshot.search_words(words, k, self._filters)

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Return the passages by key."""
        return self._snapshot.passages(keys)

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many passages of the whole index each stem occurs."""
        return self._snapshot.document_frequencies(stems)

    def articles(self) -> Iterator[Article]:
        """Yield the articles within the filters, by id."""
        return self._snapshot.articles(self._filters)

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an article as it was before it was read again, if that text is kept."""
        return self._snapshot.version(article_id, version)

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of each article within the filters, the earliest first."""
        return self._snapshot.copies(article_ids, self._filters)

    def told_between(self, first: date, last: date, n: int) -> list[Told]:
        """Return up to n times told within two days, by time, within the filters."""
        return self._snapshot.told_between(first, last, self._filters, n)

    def entries(self) -> Iterator[Entry]:
        """Yield what a list shows of each article of the whole index, by id."""
        return self._snapshot.entries()

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages by article id."""
        return self._snapshot.passage_counts()


def _check_manifest(
    folder: Path, manifest: Manifest, embedder: Embedder, settings: Settings
) -> None:
    repair = (
        f"Use the same setting again, or make the index anew from its own articles with: "
        f"qa-bot doctor --repair --index {folder}"
    )
    for what, expected, found in (
        ("the embedder", manifest.embedder, embedder.name),
        ("embedder weights", manifest.embedder_fingerprint[:12], embedder.fingerprint[:12]),
        ("vectors of length", manifest.dim, embedder.dim),
        ("chunk_tokens", manifest.chunk_tokens, settings.chunk_tokens or manifest.chunk_tokens),
        (
            "chunk_overlap",
            manifest.chunk_overlap,
            manifest.chunk_overlap if settings.chunk_overlap < 0 else settings.chunk_overlap,
        ),
    ):
        if expected != found:
            raise IndexMismatchError(folder, what, expected, found, repair)
