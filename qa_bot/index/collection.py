"""Open, build, change and list a collection of articles: an index with its embedder.

It knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from qa_bot.corpus import Root
from qa_bot.datatypes import Article, Coverage, Entry
from qa_bot.errors import IndexMissingError, IndexStoreError
from qa_bot.filters import Filters
from qa_bot.index.build import Progress, build_index
from qa_bot.index.build_report import BuildReport
from qa_bot.index.overlay import OverlayIndex, OverlaySearch
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.search import Search
from qa_bot.index.spelling import correct_question
from qa_bot.models import Embedder, spread_embedder
from qa_bot.resources import sample_articles
from qa_bot.settings import Settings
from qa_bot.text import terms, words

_LOOKED_AT = 400  # passages


class Collection:
    """The articles of one index; use it from any number of threads."""

    def __init__(
        self, index: PassageIndex | OverlayIndex, embedder: Embedder, settings: Settings
    ) -> None:
        """Hold an index; use ``open``, ``create`` or ``build`` to get one."""
        self.settings = settings
        self.embedder = embedder
        self._index = index

    @classmethod
    def open(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an existing index.

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
        """Open an index; create an empty one if there is none."""
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
        """Return a collection of this index and a private one in the folder, created if missing.

        It adds and removes articles in the private index only.
        """
        if not isinstance(self._index, PassageIndex):
            raise ValueError("this bot has an index of its own already")
        made = self._index.manifest
        settings = self.settings.with_changes(
            chunk_tokens=made.chunk_tokens, chunk_overlap=made.chunk_overlap,
            store="", vectors="faiss",
        )  # fmt: skip
        own = PassageIndex.create(_folder(folder), self.embedder, settings)
        return type(self)(OverlayIndex(self._index, own), self.embedder, self.settings)

    def update(
        self,
        articles: str | Path | Iterable[str | Path | Root],
        *,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Read new and changed files into the index; with ``prune``, remove vanished ones."""
        if not isinstance(self._index, PassageIndex):
            raise ValueError("a bot with an index of its own takes articles, not files: use add")
        given = [articles] if isinstance(articles, str | Path) else list(articles)
        roots = [root if isinstance(root, Root) else Path(root) for root in given]
        return build_index(self._index, roots, self.settings, prune=prune, progress=progress)

    def add(self, articles: Sequence[Article]) -> None:
        """Put articles into the index, replacing those with the same ids."""
        self._index.apply(articles)
        self._index.finish()

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove articles; return the ids that existed."""
        changes = self._index.apply(remove=article_ids)
        self._index.finish()
        return changes.removed

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    # Reading ---------------------------------------------------------------------------------

    @property
    def folder(self) -> Path | None:
        """Return the folder of the index, None for one that overlays another."""
        return self._index.folder if isinstance(self._index, PassageIndex) else None

    @property
    def is_unfinished(self) -> bool:
        """Return whether a build runs, or was ended before it was done; an overlay is finished."""
        return isinstance(self._index, PassageIndex) and self._index.is_unfinished

    @property
    def state(self) -> str:
        """Return what tells the committed state from every other one: index id and generation."""
        with self.searching() as search:
            return f"{search.manifest.index_id} {search.manifest.generation}"

    def searching(
        self,
        filters: Filters = Filters(),  # noqa: B008
    ) -> AbstractContextManager[Search | OverlaySearch]:
        """Hold the last committed state for searching within the filters."""
        return self._index.searching(filters)

    def coverage(self) -> Coverage:
        """Return the number of articles, and their first and last dates."""
        with self._index.searching() as search:
            return search.coverage

    def with_words(self, text: str) -> frozenset[str]:
        """Return the ids of articles with all words of a text in one passage, in any form.

        Only the passages that fit the words best are looked at. Where none has them, misspelt words
        are corrected.
        """
        if not terms(text):
            return frozenset()
        with self._index.searching() as search:
            found = _with_words(search, text)
            if not found:
                corrected, _ = correct_question(" ".join(text.split()), self.embedder, search)
                found = _with_words(search, corrected) if corrected != text else found
        return found

    def articles(self) -> list[Article]:
        """Return all articles, by id."""
        with self._index.searching() as search:
            return list(search.articles())

    def entries(self) -> list[Entry]:
        """Return the list entry of each article, without its text."""
        with self._index.searching() as search:
            return list(search.entries())

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages of each article, by id."""
        with self._index.searching() as search:
            return search.passage_counts()

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""
        with self._index.searching(Filters(articles=(article_id,))) as search:
            return next(search.articles(), None)

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of each article that has any, by article id."""
        with self._index.searching() as search:
            return search.copies(article_ids)

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an earlier text of an article that changed, or None if it is not kept.

        Args:
            article_id: of the article.
            version: ``Article.version`` of the earlier text; citations name it.
        """
        with self._index.searching() as search:
            return search.version(article_id, version)


def _folder(index: str | Path) -> Path:
    folder = Path(index)
    if folder.exists() and not folder.is_dir():
        raise IndexStoreError(folder, f"{folder} is a file. Name a folder for the index.")
    return folder


def _with_words(search: Search | OverlaySearch, text: str) -> frozenset[str]:
    """Return the ids of articles with all words of a text in one of the best passages."""
    wanted = set(terms(text))
    keys = [one.key for one in search.best_words(words(text), _LOOKED_AT)]
    found = search.passages(keys).values()
    return frozenset(one.article.id for one in found if wanted <= set(terms(one.text)))
