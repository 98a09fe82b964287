"""An index with its embedder: opened, built, changed and looked at.

It knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from qa_bot.datatypes import Article, Coverage, Entry
from qa_bot.errors import IndexMissingError, IndexStoreError
from qa_bot.filters import Filters
from qa_bot.index.build import BuildReport, Progress, build_index
from qa_bot.index.overlay import JoinedIndex
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models import Embedder, spread_embedder
from qa_bot.resources import sample_articles
from qa_bot.settings import Settings


class Collection:
    """The articles of one index; safe to use from several threads."""

    def __init__(
        self, index: PassageIndex | JoinedIndex, embedder: Embedder, settings: Settings
    ) -> None:
        """Hold an index; ``open``, ``create`` and ``build`` are the usual ways here."""
        self.settings = settings
        self._index = index
        self._embedder = embedder

    @classmethod
    def open(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an index that is there.

        Raises:
            IndexMissingError, IndexMismatchError, IndexCorruptError, EmbedderError
        """
        settings = settings or Settings.load()
        folder = _folder(index or settings.index)
        if not settings.store and not folder.exists():
            raise IndexMissingError(folder)
        embedder = spread_embedder(settings.embedder, settings.workers, settings.ray)
        return cls(PassageIndex(folder, embedder, settings), embedder, settings)

    @classmethod
    def create(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an index, made empty if there is none."""
        settings = settings or Settings.load()
        folder = _folder(index or settings.index)
        embedder = spread_embedder(settings.embedder, settings.workers, settings.ray)
        return cls(PassageIndex.create(folder, embedder, settings), embedder, settings)

    @classmethod
    def build(
        cls,
        articles: str | Path | Iterable[str | Path] | None = None,
        index: str | Path | None = None,
        *,
        prune: bool = False,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Create or update an index from files and folders (default: the sample articles)."""
        bot = cls.create(index, settings=settings)
        bot.update(articles or sample_articles(), prune=prune, progress=progress)
        return bot

    def overlay(self, folder: str | Path) -> Self:
        """Return one that searches this index and an own one in the folder, made if need be.

        What is added to it and removed from it is in the own index only.
        """
        if not isinstance(self._index, PassageIndex):
            raise ValueError("this bot has an index of its own already")
        made = self._index.manifest
        settings = self.settings.with_changes(
            chunk_tokens=made.chunk_tokens, chunk_overlap=made.chunk_overlap,
            store="", vectors="faiss",
        )  # fmt: skip
        own = PassageIndex.create(_folder(folder), self._embedder, settings)
        return type(self)(JoinedIndex(self._index, own), self._embedder, self.settings)

    def update(
        self,
        articles: str | Path | Iterable[str | Path],
        *,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Read new and changed files into the index; with ``prune``, drop those that are gone."""
        if not isinstance(self._index, PassageIndex):
            raise ValueError("a bot with an index of its own takes articles, not files: use add")
        given = [articles] if isinstance(articles, str | Path) else list(articles)
        roots = [Path(root) for root in given]
        return build_index(self._index, roots, self.settings, prune=prune, progress=progress)

    def add(self, articles: Sequence[Article]) -> None:
        """Put articles into the index, in the place of earlier ones with the same ids."""
        self._index.apply(articles)
        self._index.finish()

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove articles; return the ids that there were."""
        changes = self._index.apply(remove=article_ids)
        self._index.finish()
        return changes.removed

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    # Looking ---------------------------------------------------------------------------------

    def coverage(self) -> Coverage:
        """Return how many articles there are, and their first and last dates."""
        with self._index.searching() as search:
            return search.coverage

    def articles(self) -> list[Article]:
        """Return all articles, by id."""
        with self._index.searching() as search:
            return list(search.articles())

    def entries(self) -> list[Entry]:
        """Return what a list shows of each article, without its text."""
        with self._index.searching() as search:
            return list(search.entries())

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages of each article, by id."""
        with self._index.searching() as search:
            return search.passage_counts()

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, if there is one."""
        with self._index.searching(Filters(articles=(article_id,))) as search:
            return next(search.articles(), None)

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return, for each article that is one of several copies of a story, the others."""
        with self._index.searching() as search:
            return search.copies(article_ids)

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an article as it was before it was read again with another text, if it is kept.

        Args:
            article_id: of the article.
            version: ``Article.version`` of the older text, as citations have it.
        """
        with self._index.searching() as search:
            return search.version(article_id, version)


def _folder(index: str | Path) -> Path:
    folder = Path(index)
    if folder.exists() and not folder.is_dir():
        raise IndexStoreError(folder, f"{folder} is a file. Name a folder for the index.")
    return folder
