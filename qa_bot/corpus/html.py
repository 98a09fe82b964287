"""HTML pages: trafilatura extracts the text and the page's own metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from webencodings import lookup

from qa_bot.corpus.encoding import (
    decode,
    encoding_remark,
    is_utf8,
    without_bad_references,
)
from qa_bot.corpus.metadata import make_article, origin_of
from qa_bot.corpus.page_dates import page_date
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
# Of trafilatura's own dates none is used (page_date is): this is the cheapest search for one.
_NO_DATE = {"extensive_search": False, "original_date": True}
_DEEP, _DEEPEST = 250, 1_000  # elements within each other that parsers, and trafilatura, bear
_MOST_ELEMENTS = 20_000  # of a page that trafilatura reads within seconds; measured
_WHOLE = "is too large to find the article in it: its whole text was read, menus included"
# Elements whose contents readers do not see, or see only where something else fails.
_UNREAD = (
    *("script", "style", "template", "audio", "video", "iframe", "noscript", "object", "svg"),
    *("select", "button", "textarea", "del"),
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_BLANK_LINES = re.compile(r"\n{2,}")
_RULE = re.compile(r"^\|(?:-{3}\|)+[ \t]*\n", re.MULTILINE)
_ROW = re.compile(r"^\|([^\n]*)\|[ \t]*$", re.MULTILINE)
_CELLS = frozenset(("td", "th", "dt"))
_BLOCKS = frozenset(
    (
        *("p", "div", "li", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"),
        *("article", "section", "figure", "figcaption", "header", "footer", "aside", "address"),
        *("ul", "ol", "dl", "dd", "table", "caption", "tr", "center", "main", "details", "summary"),
        *("nav", "form", "fieldset", "legend", "option"),
    )
)
_HAS_BLOCKS = re.compile(rf"<(?:br|{'|'.join(sorted(_BLOCKS))})\b", re.IGNORECASE)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)


def read_html(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the article of a page."""
    page, encoding = _decode(source)
    page = _CONTROLS.sub(" ", without_bad_references(page))
    if remark := encoding_remark(encoding):
        yield Problem(source.path, remark, skipped=False)
    try:
        text, found, is_whole = _extract(page)
    except Exception as exc:  # lxml and htmldate raise many kinds of errors on hostile pages
        raise CorpusError(source.path, f"is not HTML that can be read ({exc})") from exc
    if not text.strip():
        raise CorpusError(source.path, "holds no article text")
    if is_whole:
        yield Problem(source.path, _WHOLE, skipped=False)
    stated = {
        "title": found.title,
        "publisher": found.sitename,
        "published": page_date(page),
        "url": found.url,
        "language": found.language,
    }
    yield from make_article(source, text, stated)


def _extract(page: str) -> tuple[str, Any, bool]:
    """Return the text of a page, its metadata, and whether that is all text and not the article."""
    import trafilatura

    tree = _parse(page)
    depth = _depth(tree)
    if depth > _DEEPEST or len(tree.xpath("//*")) > _MOST_ELEMENTS:
        found = trafilatura.extract_metadata(tree, date_config=_NO_DATE)
        return fragment_text(page), found, True
    article = trafilatura.bare_extraction(
        tree if depth > _DEEP else page,
        with_metadata=True,
        include_comments=False,
        date_extraction_params=_NO_DATE,
    )
    return _plain_tables(article.text or "") if article else "", article, False


def _plain_tables(text: str) -> str:
    r"""Return a text with trafilatura's rows of tables as lines, their cells apart.

    >>> _plain_tables("Result\n| Name | Votes | \n|---|---|\n| Ana | 4,312 | \nThe end")
    'Result\nName | Votes\nAna | 4,312\nThe end'
    """
    return _ROW.sub(lambda row: row[1].strip(), _RULE.sub("", text))


def _parse(page: str) -> Any:
    """Return the tree of a page, however deep; libxml2 drops what lies deeper than 256 elements."""
    from lxml import html

    parser = html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True)
    return html.fromstring(page.encode("utf-8", "replace"), parser=parser)


def _depth(tree: Any) -> int:
    """Return the depth of the deepest element."""
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _decode(source: Source) -> tuple[str, str]:
    """Return the page as browsers decode it: UTF-8, its declared encoding, or as any text file.

    An unknown name counts for nothing, "iso-8859-1" means Windows-1252, and UTF-8 that decodes
    is UTF-8, whatever is declared (WHATWG, Encoding Standard).
    """
    data = source.path.read_bytes()
    declared = _DECLARED.search(data[:4096])
    named = origin_of(source.path).get("charset")  # of the reply that brought it: it goes first
    known = lookup(named) if isinstance(named, str) and named else None
    if known is None and declared:
        known = lookup(declared[1].decode("ascii"))
    if known is None or known.name.startswith("utf") or b"\0" in data or is_utf8(data):
        return decode(source.path, data)
    try:
        return data.decode(known.codec_info.name), known.name
    except UnicodeDecodeError:
        return decode(source.path, data)


def fragment_text(fragment: str) -> str:
    r"""Return the text of an HTML fragment, a paragraph for each block, a space between cells.

    Text without blocks and line breaks of HTML keeps its blank lines.

    >>> fragment_text("Seats<table><tr><td>Harbour<td>14</table><p>The turnout\nwas low.")
    'Seats\n\nHarbour 14\n\nThe turnout was low.'
    >>> [fragment_text(one) for one in ("It is shut.\n\nNobody came.", "It<br>\n\nis shut.")]
    ['It is shut.\n\nNobody came.', 'It\nis shut.']
    """
    if not fragment.strip():
        return ""
    fragment = _CONTROLS.sub(" ", without_bad_references(fragment))
    if not _HAS_BLOCKS.search(fragment):
        fragment = _BLANK_LINE.sub("<p>", fragment)
    tree = _parse(f"<div>{_no_tag().sub('&lt;', fragment)}</div>")
    for element in list(tree.iter(*_UNREAD)):
        element.text = None
        del element[:]
    for element in tree.iter():
        if element.tag != "pre":
            element.text = _SPACES.sub(" ", element.text or "")
        element.tail = _SPACES.sub(" ", element.tail or "")
        if element.tag in _BLOCKS:
            element.text = "\n\n" + (element.text or "")
            element.tail = "\n\n" + (element.tail or "")
        elif element.tag == "br":
            element.tail = "\n" + (element.tail or "")
        elif element.tag in _CELLS:
            element.tail = " " + (element.tail or "")
    text = tree.text_content().replace("\u00ad", "")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


@cache
def _no_tag() -> re.Pattern[str]:
    """Return the pattern of a sign "<" that begins no tag of HTML: "n<m holds"."""
    from lxml.html import defs

    names = "|".join(sorted({*defs.tags, *_BLOCKS, *_UNREAD, "picture", "dialog", "bdi", "data"}))
    other = r"[a-z]\w*[-:][\w:-]+"  # elements of a site's own, and of other languages
    return re.compile(rf"<(?!/?(?:{names}|{other})\b[^<]*>|!|\?)", re.IGNORECASE)
