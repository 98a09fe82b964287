"""RSS and Atom files, an article for each entry.

feedparser reads the feed; nothing is fetched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import urljoin

from qa_bot.corpus.encoding import is_damaged_utf8, is_utf8, without_bad_references
from qa_bot.corpus.html import fragment_text
from qa_bot.corpus.metadata import make_article
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.corpus.stated_dates import read_stated_date
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError

# With the address of a document type, the parser leaves out the characters that it would define.
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,500}>", re.IGNORECASE)


_DAMAGED = "is damaged UTF-8; what cannot be read is marked \ufffd"
_CAPTION = b"media:description"
_CAPTION_TAG = re.compile(r"(</?media:)description\b")
_TAG = re.compile(
    r"</?(?:em|i|b|u|s|strong|span|a|q|sub|sup|small|mark|font|cite|abbr|code|img)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:p|br|div|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_ESCAPED = re.compile(
    r"&(?:amp|quot|nbsp|apos|hellip|mdash|ndash|[lr][sd]quo|#\d{2,5}|#x[0-9a-f]+);", re.IGNORECASE
)
_MARKED_UP = re.compile(r"\s*<(?:p|div|h[1-6]|ul|figure)\b[^<>]{0,200}>", re.IGNORECASE)


def read_feed(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield an article for each entry, with the id FILE/ENTRY."""
    content = source.path.read_bytes()
    if is_damaged_utf8(content) and not is_utf8(content):
        content = content.decode("utf-8", "replace").encode()
        yield Problem(source.path, _DAMAGED, skipped=False)
    feed = _parse(content)
    captions = _parse(content, captions=True).entries if _CAPTION in content else ()
    if not feed.get("version") and not feed.entries:
        reason = feed.get("bozo_exception", "no feed in it")
        raise CorpusError(source.path, f"is not an RSS or Atom feed ({reason})")
    if feed.bozo:
        yield Problem(source.path, f"is damaged ({feed.bozo_exception})", skipped=False)
    seen: dict[str, tuple[str, str]] = {}
    for number, entry in enumerate(feed.entries, start=1):
        text = _text(entry) or "".join(map(_text, captions[number - 1 : number]))
        own_id = _own_id(entry, number, seen)
        if not any(char.isalnum() for char in text):
            yield Problem(source.path, f"entry {number} has no text")
        elif own_id in seen:
            yield Problem(source.path, f"entry {number} has the same id as an earlier one")
        else:
            seen[own_id] = _named(entry)
            article_id = f"{source.article_id}/{own_id}"
            yield from make_article(source, text, _stated(entry, feed.feed), article_id=article_id)
    if not feed.entries:
        yield Problem(source.path, "holds no entries")


def _parse(content: bytes, *, captions: bool = False) -> Any:
    """Return the feed as feedparser reads it; captions of pictures count as text if asked for."""
    import feedparser

    text = content.decode("latin-1")
    if not captions:
        text = _CAPTION_TAG.sub(r"\1caption", text)
    text = _DOCTYPE.sub("", without_bad_references(text), count=1)
    return feedparser.parse(io.BytesIO(text.encode("latin-1")), sanitize_html=False)


def _own_id(entry: Any, number: int, seen: Mapping[str, tuple[str, str]]) -> str:
    """Return the id of an entry; one that others have is made its own by the title or the link."""
    own_id = " ".join(str(entry.get("id") or entry.get("link") or number).split())
    title, link = _named(entry)
    if own_id in seen and title != seen[own_id][0]:
        return " ".join(f"{own_id} {title}".split())
    return f"{own_id} {link}" if own_id in seen and link != seen[own_id][1] else own_id


def _named(entry: Any) -> tuple[str, str]:
    return str(entry.get("title") or ""), str(entry.get("link") or "")


def _text(entry: Any) -> str:
    """Return the longest of the entry's contents and its summary, as text."""
    contents = [*entry.get("content", []), {"value": entry.get("summary")}]
    return max((_unescaped(fragment_text(one.get("value") or "")) for one in contents), key=len)


def _unescaped(text: str) -> str:
    """Return a text, read once more if it was escaped twice."""
    if _MARKED_UP.match(text):
        return fragment_text(text)
    return unescape(text).replace("\u00a0", " ") if _ESCAPED.search(text) else text


def _title(given: str) -> str:
    """Return a title without markup; feeds often escape it twice."""
    title = unescape(given).replace("\u00ad", "")
    if not _TAG.search(title) and not _BREAK.search(title):
        return title
    return " ".join(unescape(_TAG.sub("", _BREAK.sub(" ", title))).split())


def _stated(entry: Any, feed: Any) -> dict[str, Any]:
    named = ("published", "updated", "created")
    dates = [one for name in named if (one := dict.get(entry, name))] or [None]
    link = entry.get("link") or ""
    if link == entry.get("id") and "/" not in link:  # feedparser takes any id for an address
        link = ""
    return {
        "title": _title(entry.get("title") or ""),
        "publisher": _title((entry.get("source") or {}).get("title") or feed.get("title") or ""),
        "published": next(filter(read_stated_date, dates), dates[0]),
        "url": urljoin(feed.get("link") or "", link) if link else None,
        "language": feed.get("language"),
    }
