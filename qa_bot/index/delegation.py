"""The methods of a collection, for an object that has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from qa_bot.corpus import Root
from qa_bot.datatypes import Article, Coverage, Entry
from qa_bot.index.build import Progress
from qa_bot.index.build_report import BuildReport
from qa_bot.index.collection import Collection


class CollectionMethods:
    """Passes each call on to ``collection``."""

    collection: Collection

    def update(
        self,
        articles: str | Path | Iterable[str | Path | Root],
        *,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Read new and changed files into the index; with ``prune``, drop vanished ones."""
        return self.collection.update(articles, prune=prune, progress=progress)

    def add(self, articles: Sequence[Article]) -> None:
        """Put articles into the index; one with a known id replaces the earlier one."""
        self.collection.add(articles)

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove articles; return the ids that were in the index."""
        return self.collection.remove(article_ids)

    def close(self) -> None:
        """Close the index."""
        self.collection.close()

    def __enter__(self) -> Self:
        """Return the bot; the end of the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    def coverage(self) -> Coverage:
        """Return how many articles there are, and their first and last dates."""
        return self.collection.coverage()

    def with_words(self, text: str) -> frozenset[str]:
        """Return the ids of articles with all words of a text in one passage."""
        return self.collection.with_words(text)

    def articles(self) -> list[Article]:
        """Return all articles, by id."""
        return self.collection.articles()

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, if there is one."""
        return self.collection.article(article_id)

    def entries(self) -> list[Entry]:
        """Return the entry of each article in a list, without its text."""
        return self.collection.entries()

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages of each article, by id."""
        return self.collection.passage_counts()

    def copies(self, article_ids: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Return the other copies of the story of each article that has some."""
        return self.collection.copies(article_ids)

    def version(self, article_id: str, version: str) -> Article | None:
        """Return an earlier text of an article by its ``Article.version``, if it is kept."""
        return self.collection.version(article_id, version)
