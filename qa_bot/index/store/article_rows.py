"""Convert between an article and its row in the store."""

from __future__ import annotations

from datetime import date

from sqlalchemy import RowMapping

from qa_bot.datatypes import Article, Entry, Published

ENTRY_COLUMNS = (
    "key", "id", "title", "publisher", "published", "published_precision", "published_how"
)  # fmt: skip


def article_from(row: RowMapping) -> Article:
    """Return the article of a row."""
    known = ("id", "title", "text", "publisher", "url", "path", "language")
    return Article(**{name: row[name] for name in known}, published=_published(row))


def row_of(article: Article) -> dict[str, str | None]:
    """Return the columns of an article's row, without its key."""
    published = article.published
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "publisher": article.publisher,
        "publisher_folded": article.publisher.casefold() if article.publisher else None,
        "published": published.day.isoformat() if published else None,
        "published_precision": published.precision if published else None,
        "published_how": published.how if published else None,
        "first_day": published.first.isoformat() if published else None,
        "last_day": published.last.isoformat() if published else None,
        "url": article.url,
        "path": article.path,
        "language": article.language,
        "digest": article.digest,
    }


def entry_from(row: RowMapping, n_passages: int) -> Entry:
    """Return the list entry of a row that has the columns of ``ENTRY_COLUMNS``."""
    known = (row["id"], row["title"], row["publisher"], _published(row))
    return Entry(*known, n_passages, row["key"])


def _published(row: RowMapping) -> Published | None:
    if not row["published"]:
        return None
    day = date.fromisoformat(row["published"])
    return Published(day, row["published_precision"], row["published_how"])
