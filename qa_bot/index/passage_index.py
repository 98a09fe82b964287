"""An index of passages: the store (the truth) and the vectors (derived) together.

It takes articles, query vectors and words; it knows nothing of article files or of questions.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa_bot.datatypes import Article, Passage
from qa_bot.filters import Filters
from qa_bot.index.chunking import Budget, chunk
from qa_bot.index.copy_groups import CopyGroups
from qa_bot.index.derived_data import RULES, Rules, derive_again
from qa_bot.index.layout import UNFINISHED_NAME
from qa_bot.index.manifest_check import check_manifest
from qa_bot.index.passage_text import embedded_text
from qa_bot.index.search import Search
from qa_bot.index.store import (
    Manifest,
    PreparedArticle,
    Transaction,
    create_store,
    open_store,
)
from qa_bot.index.vectors import StoreVectors, open_vectors
from qa_bot.models import Embedder
from qa_bot.settings import Settings

Progress = Callable[[str, int], None]
"""Called with the stage ("embedding") and the number of passages just embedded."""

_CHUNK_TOKENS, _CHUNK_OVERLAP = 200, 1  # of a new index


@dataclass(frozen=True, slots=True)
class Changes:
    """The outcome of a commit: ids added or changed, ids removed, and the new generation."""

    put: tuple[str, ...]
    removed: tuple[str, ...]
    generation: int


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """By path: the digests of files that were read without a problem, and their article ids."""

    digests: dict[str, str]
    article_ids: dict[str, set[str]]


class PassageIndex:
    """One open index; any number of threads can search and change it."""

    def __init__(
        self, folder: Path, embedder: Embedder, settings: Settings, rules: Rules = RULES
    ) -> None:
        """Open the index; it must have been made with this embedder and these chunk settings.

        Args:
            folder: of the index.
            embedder: for new passages.
            settings: of the store, the vectors and the chunks.
            rules: for times and shingles of new articles.

        Raises:
            IndexMissingError: there is no index.
            IndexMismatchError: another embedder or other settings made it.
            IndexCorruptError: it is damaged.
        """
        self.folder = folder
        self._embedder = embedder
        self._settings = settings
        self._rules = rules
        self._store = open_store(folder, settings.store)
        try:
            self._vectors = self._opened_vectors()
        except BaseException:
            self._store.close()
            raise

    def _opened_vectors(self) -> StoreVectors:
        """Check the store's manifest, and return vectors that follow the store."""
        with self._store.reading() as snapshot:
            self.manifest = snapshot.manifest
            check_manifest(self.place, snapshot.manifest, self._embedder, self._settings)
            vectors = open_vectors(self.folder, snapshot.manifest, self._settings)
            vectors.follow(snapshot)
        return vectors

    @classmethod
    def create(
        cls, folder: Path, embedder: Embedder, settings: Settings, rules: Rules = RULES
    ) -> PassageIndex:
        """Create an empty index in the folder, unless it has one, and open it."""
        overlap = settings.chunk_overlap
        manifest = Manifest(
            index_id=uuid.uuid4().hex,
            embedder=embedder.name,
            embedder_fingerprint=embedder.fingerprint,
            dim=embedder.dim,
            chunk_tokens=settings.chunk_tokens or _CHUNK_TOKENS,
            chunk_overlap=_CHUNK_OVERLAP if overlap is None else overlap,
            rules_version=rules.version,
        )
        create_store(folder, manifest, settings.store, settings.lock_wait_s)
        return cls(folder, embedder, settings, rules)

    @property
    def place(self) -> Path | str:
        """Return the name of the index in messages: its folder, or its database."""
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
        """Put and remove articles, and record the files they came from, in one commit.

        Unchanged articles are skipped. A text is embedded only if the index has no embedding of it.

        Args:
            put: articles to add, or to put in the place of those with the same ids.
            remove: ids of articles to remove.
            sources: digests of files that were read, by path; None: forget the file.
            progress: called while passages are embedded.
        """
        with self._store.writing(self._settings.lock_wait_s) as transaction:
            latest = {article.id: article for article in put}
            fresh = [a for a in latest.values() if transaction.digest_of(a.id) != a.digest]
            prepared = [self._prepare(article) for article in fresh]
            self._embed_missing(transaction, prepared, progress)
            removed = transaction.remove(remove)
            self._put_all(transaction, prepared)
            for path, digest in (sources or {}).items():
                transaction.set_source(path, digest)
            self._vectors.before_commit(transaction)
        with self._store.reading() as snapshot:
            self._vectors.after_commit(transaction, snapshot)
            self.manifest = snapshot.manifest
        generation = transaction.manifest.generation
        return Changes(tuple(a.id for a in fresh), tuple(removed), generation)

    @contextmanager
    def building(self, roots: Sequence[object]) -> Iterator[None]:
        """Mark the index as unfinished until a build from these roots ends without an error."""
        name = " ".join(map(repr, roots))
        self._mark(name, unfinished=True)
        yield
        self._mark(name, unfinished=False)

    def _mark(self, name: str, *, unfinished: bool) -> None:
        """Add a build to those that are not finished, or take it away."""
        path = self.folder / UNFINISHED_NAME
        with suppress(OSError):  # a database may have no folder
            names = set(path.read_text(encoding="utf-8").splitlines()) if path.exists() else set()
            names = names | {name} if unfinished else names - {name}
            if names:
                path.write_text("".join(f"{one}\n" for one in sorted(names)), encoding="utf-8")
            else:
                path.unlink(missing_ok=True)

    def forget_unfinished(self) -> None:
        """Take the marks of all builds away, for a repair."""
        with suppress(OSError):
            (self.folder / UNFINISHED_NAME).unlink(missing_ok=True)

    @property
    def is_unfinished(self) -> bool:
        """Return whether a build runs, or was ended before it was done."""
        return (self.folder / UNFINISHED_NAME).exists()

    def _put_all(self, transaction: Transaction, prepared: Sequence[PreparedArticle]) -> None:
        """Store articles, and group them with their copies.

        Where other rules derived the index, copies are grouped when all is derived again.
        """
        made_with, own = transaction.manifest.rules_version, self._rules.version
        groups = CopyGroups(transaction, self._rules.shingles)
        groups.split()
        for article in prepared:
            key = transaction.put(article)
            groups.split()
            if made_with == own:
                groups.add(key, article.derived.shingles)
        if prepared and made_with > own:
            transaction.set_rules_version(own)

    def derive_again(self) -> bool:
        """Derive times and copies again if older rules made them; return whether they did.

        Nothing is embedded. Searches go on meanwhile; they find the old times and copies of the
        articles that are not done yet. A killed process loses nothing: the next call starts over.
        """
        with self._store.reading() as snapshot:
            self.manifest = snapshot.manifest
        if not self.has_older_rules:
            return False
        last: int | None = 0
        while last is not None:
            with self._store.writing(self._settings.lock_wait_s) as transaction:
                last = derive_again(transaction, self._rules, last)
        self.finish()
        return True

    @property
    def has_older_rules(self) -> bool:
        """Return whether older rules than today's derived the times and copies in the index."""
        return self.manifest.rules_version < self._rules.version

    def keep_versions(self, older: Sequence[Article]) -> None:
        """Add earlier texts of articles, for a repair."""
        with self._store.writing(self._settings.lock_wait_s) as transaction:
            for article in older:
                transaction.keep_version(article)

    def finish(self, *, always: bool = False) -> None:
        """Seal the store after a run of commits; write the vectors' file if it lags far behind."""
        self._store.seal(self._settings.lock_wait_s)
        with self._store.reading() as snapshot:
            self.manifest = snapshot.manifest
            self._vectors.finish(snapshot, always=always)

    def described_vectors(self) -> str | None:
        """Return a description of the stored vectors for people; None if they cannot be used."""
        return self._vectors.described()

    def known_files(self) -> KnownFiles:
        """Return the files that the articles came from."""
        with self._store.reading() as snapshot:
            return KnownFiles(snapshot.source_digests(), snapshot.ids_by_path())

    def _prepare(self, article: Article) -> PreparedArticle:
        budget = Budget(
            tokens=self.manifest.chunk_tokens,
            pieces=self._embedder.max_pieces,
            overlap=self.manifest.chunk_overlap,
            count_pieces=self._embedder.count_pieces,
        )
        return PreparedArticle.of(article, chunk(article, budget), self._rules.derive(article))

    def _embed_missing(
        self,
        transaction: Transaction,
        prepared: Sequence[PreparedArticle],
        progress: Progress | None,
    ) -> None:
        """Embed the texts that have no embedding in the store yet."""
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
        """Hold the last committed state for a search within the filters."""
        with self._store.reading() as snapshot:
            self._vectors.follow(snapshot)
            self.manifest = snapshot.manifest
            yield Search(snapshot, self._vectors, filters)
