"""The day of publication that a web page states for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from lxml import etree

from qa_bot.corpus.stated_dates import read_stated_date, says_published
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
_OF_OTHERS = re.compile(
    r"comment|related|sidebar|footer|recommend|most-read|teaser|promo|"
    r"latest|popular|trending|more-stories|weather",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(
    r"modif|updat|edited|event|release|birth|deadline|start|expir|copyright", re.IGNORECASE
)
# Words of classes and ids, as they are written: "entry-date", "postDate", "pubdate".
_OF_DAY = re.compile(
    r"(?:\w*(?:post|pub|entry|article|story|news|release|create|display|publish)\w*)?"
    r"(?:date|time|datetime|timestamp|day)(?:line|published|posted|text)?s?|"
    r"publish(?:ed)?|posted|bylines?|\w*meta(?:data)?|\w*info|authors?|submitted|"
    r"\w*(?:blog|art|main)date|date(?:created|issued)"
)
_OF_ANOTHER_DAY = re.compile(
    r"current|today|now|weather|event|timeline|photo|image|picture|caption|tweet|embed|archived?|"
    r"captured?|wm|wb|popular|latest|next|prev\w*|bio|biography|table|countdown"
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_UPDATED = re.compile(
    r"[^\d]*\b(?:updated?|amended|corrected|changed|modified|edited|revised)\b", re.IGNORECASE
)
_PARAGRAPH = 80  # least characters of a paragraph of an article
_BEFORE_TEXT = 1  # such paragraphs that may stand before the line with the day
_TOLD = 4  # words beside a time in a paragraph that tells of it
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]([01]\d)[/-]([0-3]\d)(?=/|-|$)")
_LONGEST_LINE = 150  # characters
# Types of schema.org: an article, and what an article is about or links to.
_ARTICLE = re.compile(r"Article|Posting|Report", re.IGNORECASE)
_NO_PAGE = re.compile(
    r"Book|Comment|Movie|TVSeries|Music\w*|Product|Event|Dataset|Image\w*|VideoObject|ItemList|"
    r"ListItem|Person|Organization|Course|SoftwareApplication|VideoGame",
    re.IGNORECASE,
)
_CDATA = re.compile(r"(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>")
_LONGEST_JSON = 500_000  # characters


def page_date(page: str) -> Published | None:
    """Return the first date that can be read of those that a page states, the surest first.

    The sources are JSON-LD, elements of meta, ``time`` elements, the line with the author and the
    day, by the names of its classes, and an address with a day in its path.
    """
    from lxml import html

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
    """Yield the dates of articles, then those of other pages, in JSON-LD."""
    found = [one for data in _json_of(tree) for one in _published_in(data)]
    found.sort(key=lambda one: _ARTICLE.search(one[0]) is None)
    yield from (day for kind, day in found if not _NO_PAGE.fullmatch(kind))


def _json_of(tree: Any) -> Iterator[Any]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                raw = _CDATA.sub("", (script.text or "")[:_LONGEST_JSON])
                yield json.loads(raw, strict=False)
            except (ValueError, RecursionError):
                continue


def _published_in(data: Any, depth: int = 4) -> Iterator[tuple[str, str]]:
    """Yield type and date of publication in JSON-LD: of the object, of a list, of a graph."""
    if isinstance(data, list):
        for one in data[:50]:
            yield from _published_in(one, depth - 1) if depth else ()
    elif isinstance(data, dict):
        published = data.get("datePublished")
        for one in published if isinstance(published, list) else [published]:
            if isinstance(one, str | int):
                yield _kind(data.get("@type")), str(one)
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if name in data and depth and data.get("@type") != "ItemList":
                yield from _published_in(data[name], depth - 1)


def _kind(given: Any) -> str:
    """Return the type of an object of JSON-LD; of several, that of an article if there is one."""
    kinds = [str(one) for one in given] if isinstance(given, list) else [str(given or "")]
    return next((one for one in kinds if _ARTICLE.search(one)), next(iter(kinds), ""))


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
        marks = f"{element.get('itemprop') or ''} {_named(element)}".lower()
        is_marked = "datepublished" in marks or element.get("pubdate") is not None
        if any(_tells_of(one, element, is_marked) for one in element.iterancestors("p")):
            continue  # the day of something told in the text
        if is_marked:
            yield value
        elif element.tag == "time" and not _NOT_PUBLISHED.search(marks):
            unmarked.append(value)
    if len(unmarked) == 1:
        yield unmarked[0]


def _tells_of(paragraph: Any, time: Any, is_marked: bool) -> bool:
    """Return whether a paragraph with a time is text about it, or says that it is an update."""
    whole = " ".join(paragraph.text_content().split())
    if is_marked or says_published(whole):
        return len(whole) > _LONGEST_LINE
    before, _, after = whole.partition(" ".join(time.text_content().split()))
    told = len(f"{before} {after}".split()) >= _TOLD
    is_byline = re.match(r"by\b", (before or after).strip(), re.IGNORECASE)
    return (told and not is_byline) or bool(_UPDATED.match(before))


def _of_lines(tree: Any) -> Iterator[str]:
    """Yield short lines whose class or id says that they have the day or the author.

    After the second paragraph below the last main heading (the first may sum the article up) only a
    line that says "published" counts.
    """
    n_headings, n_paragraphs = len(tree.xpath("//h1")), 0
    for element in tree.iter(etree.Element):
        if element.tag == "h1":
            n_headings -= 1
        elif n_headings <= 0 and element.tag == "p":
            text = element.text_content()
            n_paragraphs += len(text) >= _PARAGRAPH and not says_published(text)
        if not _has_day(element):
            continue
        line = " ".join((element.get("title") or element.text_content()).split())
        in_text = n_paragraphs > _BEFORE_TEXT
        counts = says_published(line) or not (in_text or _UPDATED.match(line))
        if counts and len(line) <= _LONGEST_LINE and any(map(str.isdigit, line)):
            yield line


def _has_day(element: Any) -> bool:
    """Return whether the class or id of an element says that it has the day or the author."""
    named = _named(element)
    words = [word.lower() for word in _WORD.findall(named)]
    others = (_OF_ANOTHER_DAY.fullmatch(word) for word in words)
    return (
        any(_OF_DAY.fullmatch(word) for word in words)
        and not any(others)
        and not _NOT_PUBLISHED.search(named)
    )


def _of_url(tree: Any) -> Iterator[str]:
    """Yield the day in the page's own address: ``/2021/05/04/``."""
    for link in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        if match := _DAY_IN_PATH.search(link):
            yield "-".join(match.groups())


def _named(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
