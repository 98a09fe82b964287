"""List and find the articles of an index without loading a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qa_bot.datatypes import Article, describe
from qa_bot.filters import Filters
from qa_bot.index.store import open_store


def list_articles(folder: Path, url: str = "") -> Iterator[dict[str, Any]]:
    """Yield id, title, publisher, date and number of passages of each article, by id."""
    with closing(open_store(folder, url)) as store, store.reading() as snapshot:
        counts = snapshot.passage_counts()
        for article in snapshot.articles():
            passages = counts[article.id]
            yield {**describe(article), "path": article.path, "passages": passages}


@contextmanager
def article_finders(
    folder: Path, url: str = ""
) -> Iterator[tuple[Callable[[str], Article | None], Callable[[str, str], Article | None]]]:
    """Hold an index open; yield a finder of articles by id, and one of older texts by version."""
    with closing(open_store(folder, url)) as store, store.reading() as snapshot:
        yield (
            lambda name: next(snapshot.articles(Filters(articles=(name,))), None),
            snapshot.version,
        )
