"""The header that models read before a passage: title, publisher and date of its article."""

from __future__ import annotations

from datetime import date

from qa_bot.datatypes import Article, Passage
from qa_bot.text import squeeze, written_day

SEPARATOR = " | "


def header_line(title: str, publisher: str | None, published: date | None) -> str:
    """Return the known metadata of an article on one line.

    >>> header_line("Leaders meet", "TASS", date(2021, 6, 16))
    'Leaders meet | TASS | Wednesday, 16 June 2021'
    """
    parts = (squeeze(title), publisher or "", written_day(published) if published else "")
    return SEPARATOR.join(part for part in parts if part)


def passage_header(passage: Passage) -> str:
    """Return the header of the article of a passage; empty if nothing is known of it."""
    article = passage.article
    return header_line(article.title, article.publisher, exact_day(article))


def with_header(text: str, article: Article) -> str:
    """Return a text of an article on the lines below its header, as the models learned passages."""
    header = header_line(article.title, article.publisher, exact_day(article))
    return f"{header}\n{text}" if header else text


def publication_statement(article: Article) -> str:
    """Return the header of an article as a sentence."""
    named = f"“{squeeze(article.title)}”" if article.title else "The article"
    day = exact_day(article)
    by = f" by {article.publisher}" if article.publisher else ""
    return f"{named} was published{by}{f' on {written_day(day)}' if day else ''}."


def exact_day(article: Article) -> date | None:
    """Return the day of publication; None if the date is less precise than a day."""
    published = article.published
    return published.day if published and published.precision == "day" else None
