"""The day of publication that a web page states for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from qa_bot.corpus.stated_dates import read_stated_date
from qa_bot.datatypes import Published

# Names of meta elements, lower case; those of a modification are not among them.
_META = re.compile(
    r"(?:og:)?(?:article:)?publish(?:ed)?(?:[_:.-]?(?:time|date|on|at))?|date(?:published|created)?|"
    r"(?:bt:)?pub_?date|publication[_-]date|date\.(?:published|issued|created)|"
    r"(?:dc|dcterms)\.?(?:date(?:\.(?:issued|created))?|issued|created)|sailthru\.date|"
    r"parsely-pub-date|cxenseparse:recs:publishtime|article_date_original|"
    r"originalpublicationdate|citation_(?:publication_)?date|rnews:datepublished|"
    r"prism\.publicationdate|created",
    re.IGNORECASE,
)
_WHOLE = ("html", "head", "body", "main", "article")
_ELSEWHERE = ("aside", "footer", "nav")  # elements with dates of other things
_OF_OTHERS = re.compile(r"comment|related|sidebar|footer|recommend|most-read|teaser|promo", re.I)
_NOT_PUBLISHED = re.compile(
    r"modif|updat|edited|event|release|birth|deadline|start|expir|copyright", re.IGNORECASE
)
_OF_DAY = re.compile(
    r"date|time|publish|posted|byline|meta|info|author|dateline|submitted|credit", re.IGNORECASE
)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]([01]\d)[/-]([0-3]\d)(?=/|-|$)")
_LONGEST_LINE = 150  # characters
_CDATA = re.compile(r"(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>")
_LONGEST_JSON = 500_000  # characters


def page_date(page: str) -> Published | None:
    """Return the first date that can be read of those that a page states, the surest first.

    The sources are JSON-LD, elements of meta, ``time`` elements, the line with the author and the
    day, by the names of its classes, and an address with a day in its path.
    """
    from lxml import etree, html

    try:
        tree = html.document_fromstring(
            page.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, ValueError):
        return None
    for element in list(tree.iter(*_ELSEWHERE)):
        element.drop_tree()
    for element in list(tree.xpath("//*[@class or @id]")):
        # "has-sidebar" may be a class of the whole page or of the article.
        holds_article = element.tag in _WHOLE or element.xpath("descendant::h1")
        if _OF_OTHERS.search(_named(element)) and not holds_article:
            element.drop_tree()
    stated = chain(*(find(tree) for find in (_of_json, _of_meta, _of_time, _of_lines, _of_url)))
    return next((found for one in stated if (found := read_stated_date(one))), None)


def _of_json(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                raw = _CDATA.sub("", (script.text or "")[:_LONGEST_JSON])
                data = json.loads(raw, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _published_in(data)


def _published_in(data: Any, depth: int = 4) -> Iterator[str]:
    """Yield the dates of publication in JSON-LD: of the object, of a list, of a graph."""
    if isinstance(data, list):
        for one in data[:50]:
            yield from _published_in(one, depth - 1) if depth else ()
    elif isinstance(data, dict):
        published = data.get("datePublished")
        for one in published if isinstance(published, list) else [published]:
            if isinstance(one, str | int):
                yield str(one)
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if name in data and depth:
                yield from _published_in(data[name], depth - 1)


def _of_meta(tree: Any) -> Iterator[str]:
    for meta in tree.iter("meta"):
        names = (meta.get(name) or "" for name in ("property", "name", "itemprop"))
        content = meta.get("content")
        if content and any(_META.fullmatch(name.strip()) for name in names):
            yield content


def _of_time(tree: Any) -> Iterator[str]:
    """Yield marked elements, then an unmarked ``time`` if it is the only one."""
    unmarked = []
    for element in tree.xpath("//time | //*[@itemprop]"):
        value = element.get("datetime") or element.get("content") or element.text_content()
        if any(len(one.text_content()) > _LONGEST_LINE for one in element.iterancestors("p")):
            continue  # the day of something told in the text
        marks = f"{element.get('itemprop') or ''} {_named(element)}".lower()
        if "datepublished" in marks or element.get("pubdate") is not None:
            yield value
        elif element.tag == "time" and not _NOT_PUBLISHED.search(marks):
            unmarked.append(value)
    if len(unmarked) == 1:
        yield unmarked[0]


def _of_lines(tree: Any) -> Iterator[str]:
    """Yield short lines whose class or id says that they have the day or the author."""
    for element in tree.xpath("//*[@class or @id]"):
        if _OF_DAY.search(_named(element)) and not _NOT_PUBLISHED.search(_named(element)):
            line = " ".join((element.get("title") or element.text_content()).split())
            if line and len(line) <= _LONGEST_LINE and any(map(str.isdigit, line)):
                yield line


def _of_url(tree: Any) -> Iterator[str]:
    """Yield the day in the page's own address: ``/2021/05/04/``."""
    for link in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        if match := _DAY_IN_PATH.search(link):
            yield "-".join(match.groups())


def _named(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
