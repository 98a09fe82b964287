"""HTML pages: trafilatura extracts the text and the page's own metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa_bot.corpus.encoding import decode
from qa_bot.corpus.metadata import make_article
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError


def read_html(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the article of a page."""
    import trafilatura

    page, encoding = _decode(source)
    if encoding != "utf-8":
        yield Problem(source.path, f"is not UTF-8; read as {encoding}", skipped=False)
    try:
        found = trafilatura.bare_extraction(
            page,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as exc:  # lxml and htmldate raise many kinds of errors on hostile pages
        raise CorpusError(source.path, f"is not HTML that can be read ({exc})") from exc
    if found is None or not (found.text or "").strip():
        raise CorpusError(source.path, "holds no article text")
    stated = {
        "title": found.title,
        "publisher": found.sitename,
        "published": found.date,
        "url": found.url,
        "language": found.language,
    }
    yield from make_article(source, found.text, stated)


def _decode(source: Source) -> tuple[str, str]:
    """Return the page in its declared charset if that decodes it, else as any text file."""
    data = source.path.read_bytes()
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]{2,30})", data[:4096], re.IGNORECASE)
    if declared and b"\0" not in data:
        name = declared[1].decode().lower()
        try:
            return data.decode(name), name
        except (LookupError, UnicodeDecodeError):
            pass  # an unknown charset, or a wrong one
    return decode(source.path, data)


def fragment_text(fragment: str) -> str:
    """Return the text of an HTML fragment, a paragraph for each block element."""
    from lxml import html

    if not fragment.strip():
        return ""
    tree = html.fromstring(f"<div>{fragment}</div>")
    for element in tree.iter("script", "style", "template"):
        element.text = None
    for element in tree.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote", "tr"):
        element.tail = "\n\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n\n".join(line for line in lines if line)
