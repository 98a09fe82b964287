"""The line about an article that a model reads before its text: title, publisher and date."""

from __future__ import annotations

from datetime import date

from qa_bot.datatypes import Article, Passage
from qa_bot.text import written_day

SEPARATOR = " | "


def header_line(title: str, publisher: str | None, published: date | None) -> str:
    """Return what is known of an article in one line; the day only where it is exact.

    >>> header_line("Leaders meet", "TASS", date(2021, 6, 16))
    'Leaders meet | TASS | Wednesday, 16 June 2021'
    """
    parts = (" ".join(title.split()), publisher or "", written_day(published) if published else "")
    return SEPARATOR.join(part for part in parts if part)


def passage_header(passage: Passage) -> str:
    """Return the line about its article that a passage is read under."""
    article = passage.article
    return header_line(article.title, article.publisher, exact_day(article))


def publication_statement(article: Article) -> str:
    """Return what the header of an article says, as a sentence."""
    named = f"“{' '.join(article.title.split())}”" if article.title else "The article"
    day = exact_day(article)
    by = f" by {article.publisher}" if article.publisher else ""
    return f"{named} was published{by}{f' on {written_day(day)}' if day else ''}."


def exact_day(article: Article) -> date | None:
    """Return the day of publication, None where it is not known to the day."""
    published = article.published
    return published.day if published and published.precision == "day" else None
