"""Articles → an index that is searched: the store (the truth) and the vectors (derived) together.

It knows nothing of files of articles, nor of questions: it takes articles, and vectors and words.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.datatypes import Article, Coverage, Entry, Passage, Scored
from qa_bot.errors import IndexMismatchError
from qa_bot.filters import Filters
from qa_bot.index.chunking import Budget, chunk, embedded_text
from qa_bot.index.store import (
    Manifest,
    PreparedArticle,
    Snapshot,
    Transaction,
    create_store,
    open_store,
)
from qa_bot.index.vectors import StoreVectors, open_vectors
from qa_bot.models import Embedder
from qa_bot.settings import Settings

Progress = Callable[[str, int], None]
"""Called with the stage ("embedding") and how many passages more are done."""

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
        self._store = open_store(folder, settings.store)
        try:
            self._vectors = self._opened_vectors()
        except BaseException:
            self._store.close()
            raise

    def _opened_vectors(self) -> StoreVectors:
        """Check what the store was made with, and return the vectors that follow it."""
        with self._store.reading() as snapshot:
            self.manifest = snapshot.manifest
            _check_manifest(self.place, snapshot.manifest, self._embedder, self._settings)
            vectors = open_vectors(self.folder, snapshot.manifest, self._settings)
            vectors.follow(snapshot)
        return vectors

    @classmethod
    def create(cls, folder: Path, embedder: Embedder, settings: Settings) -> PassageIndex:
        """Make an empty index in the folder and open it; an index already there is opened."""
        overlap = settings.chunk_overlap
        manifest = Manifest(
            index_id=uuid.uuid4().hex,
            embedder=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dim=embedder.dim,
            chunk_tokens=settings.chunk_tokens or _CHUNK_TOKENS,
            chunk_overlap=_CHUNK_OVERLAP if overlap is None else overlap,
        )
        create_store(folder, manifest, settings.store, settings.lock_wait_s)
        return cls(folder, embedder, settings)

    @property
    def place(self) -> Path | str:
        """Return what messages call the index: its folder, or its database."""
        return self._store.place

    def close(self) -> None:
        """Close the files and connections."""
        self._vectors.close()
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
            self._vectors.before_commit(transaction)
        with self._store.reading() as snapshot:
            self._vectors.after_commit(transaction, snapshot)
            self.manifest = snapshot.manifest
        generation = transaction.manifest.generation
        return Changes(tuple(a.id for a in fresh), tuple(removed), generation)

    def keep_versions(self, older: Sequence[Article]) -> None:
        """Keep older texts of articles, as a repair brings them over."""
        with self._store.writing(self._settings.lock_wait_s) as transaction:
            for article in older:
                transaction.keep_version(article)

    def finish(self, *, always: bool = False) -> None:
        """Seal the store after a run of commits; write the vectors' file if it is far behind."""
        self._store.seal(self._settings.lock_wait_s)
        with self._store.reading() as snapshot:
            self._vectors.finish(snapshot, always=always)

    def described_vectors(self) -> str | None:
        """Return what is held of vectors, for a person; None if it cannot be used."""
        return self._vectors.described()

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
            self._vectors.follow(snapshot)
            self.manifest = snapshot.manifest
            yield Search(snapshot, self._vectors, filters)


class Search:
    """One committed state of an index, searched within filters."""

    def __init__(self, snapshot: Snapshot, vectors: StoreVectors, filters: Filters) -> None:
        """Look at the snapshot, and at vectors that follow it."""
        self.manifest = snapshot.manifest
        self.coverage: Coverage = snapshot.coverage(filters)
        self._snapshot = snapshot
        self._vectors = vectors
        self._filters = filters

    @property
    def n_passages(self) -> int:
        """Return the number of passages in the whole index."""
        return self.manifest.n_passages

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[Scored]:
        """Return the k passages with the highest cosine to the vector, best first."""
        generation = self.manifest.generation
        found, certain = self._vectors.search(vector, k, self._filters, generation)
        return found if certain else self._measured(vector, found)[:k]

    def _measured(self, vector: NDArray[np.float32], found: Sequence[Scored]) -> list[Scored]:
        """Return those of the snapshot and within the filters, with their cosines, best first."""
        keys = [scored.key for scored in found]
        within = sorted(self._snapshot.within(keys, self._filters))
        scored = [
            Scored(int(key), round(float(score), 6))
            for rows in self._snapshot.vectors(within)
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

    def told_between(self, first: date, last: date, n: int) -> list[int]:
        """Return the keys of up to n passages that tell a time within two days, leads first."""
        return self._snapshot.told_between(first, last, self._filters, n)

    def entries(self) -> Iterator[Entry]:
        """Yield what a list shows of each article of the whole index, by id."""
        return self._snapshot.entries()

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages by article id."""
        return self._snapshot.passage_counts()


def _check_manifest(
    place: Path | str, manifest: Manifest, embedder: Embedder, settings: Settings
) -> None:
    repair = (
        f"Use the same setting again, or make the index anew from its own articles with: "
        f"qa-bot doctor --repair{f' --index {place}' if isinstance(place, Path) else ''}"
    )
    for what, expected, found in (
        ("the embedder", manifest.embedder, embedder.name),
        ("embedder weights", manifest.embedder_fingerprint[:12], embedder.fingerprint[:12]),
        ("vectors of length", manifest.dim, embedder.dim),
        ("chunk_tokens", manifest.chunk_tokens, settings.chunk_tokens),
        ("chunk_overlap", manifest.chunk_overlap, settings.chunk_overlap),
    ):
        if found is not None and expected != found:
            raise IndexMismatchError(place, what, expected, found, repair)
