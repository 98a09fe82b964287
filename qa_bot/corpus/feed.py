"""RSS and Atom files, an article for each entry.

feedparser reads the feed; nothing is fetched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from qa_bot.corpus.encoding import without_bad_references
from qa_bot.corpus.html import fragment_text
from qa_bot.corpus.metadata import make_article
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError

# With the address of a document type, the parser leaves out the characters that it would define.
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,500}>", re.IGNORECASE)


_TAG = re.compile(
    r"</?(?:em|i|b|u|s|strong|span|a|p|q|br|sub|sup|small|mark|font|div|cite|abbr)\b[^<>]{0,200}>",
    re.IGNORECASE,
)


def read_feed(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield an article for each entry, with the id FILE/ENTRY."""
    import feedparser

    content = source.path.read_bytes().decode("latin-1")
    content = _DOCTYPE.sub("", without_bad_references(content), count=1)
    feed = feedparser.parse(io.BytesIO(content.encode("latin-1")), sanitize_html=False)
    if not feed.get("version") and not feed.entries:
        reason = feed.get("bozo_exception", "no feed in it")
        raise CorpusError(source.path, f"is not an RSS or Atom feed ({reason})")
    if feed.bozo:
        yield Problem(source.path, f"is damaged ({feed.bozo_exception})", skipped=False)
    seen: set[str] = set()
    for number, entry in enumerate(feed.entries, start=1):
        own_id = " ".join(str(entry.get("id") or entry.get("link") or number).split())
        text = _text(entry)
        if not any(char.isalnum() for char in text):
            yield Problem(source.path, f"entry {number} has no text")
        elif own_id in seen:
            yield Problem(source.path, f"entry {number} has the same id as an earlier one")
        else:
            seen.add(own_id)
            article_id = f"{source.article_id}/{own_id}"
            yield from make_article(source, text, _stated(entry, feed.feed), article_id=article_id)
    if not feed.entries:
        yield Problem(source.path, "holds no entries")


def _text(entry: Any) -> str:
    """Return the longest of the entry's contents and its summary, as text."""
    contents = [*entry.get("content", []), {"value": entry.get("summary")}]
    return max((fragment_text(one.get("value") or "") for one in contents), key=len)


def _title(given: str) -> str:
    """Return a title without markup; feeds often escape it twice."""
    title = unescape(given)
    return " ".join(unescape(_TAG.sub("", title)).split()) if _TAG.search(title) else title


def _stated(entry: Any, feed: Any) -> dict[str, Any]:
    return {
        "title": _title(entry.get("title") or ""),
        "publisher": (entry.get("source") or {}).get("title") or feed.get("title"),
        "published": entry.get("published") or entry.get("updated"),
        "url": entry.get("link"),
        "language": feed.get("language"),
    }
