"""Title, publisher and date of an article, from its file's metadata or from its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from qa_bot.corpus.fields import one_line, read_fields
from qa_bot.corpus.scan import Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError
from qa_bot.news import find_boilerplate, find_dateline, find_published
from qa_bot.text import split_sentences

_LONGEST_TITLE_CHARS = 160
_DATE_LABEL = re.compile(r"^\W*(?:date|published)\W+[\d.-]{8,10}\s+", re.IGNORECASE)
_HEAD_CHARS = 6_000


def make_article(
    source: Source, text: str, stated: Mapping[str, Any], *, article_id: str | None = None
) -> Iterator[Article | Problem]:
    """Yield the article; the file's metadata takes precedence over the text.

    A note precedes the article for each field that cannot be read.

    Args:
        source: the file of the text.
        text: the text as it was read.
        stated: the fields of the file, by any of the names that ``read_fields`` knows.
        article_id: the article's own id, if it differs from the file's.

    Raises:
        CorpusError: the text has no words.
    """
    if not any(char.isalnum() for char in text):
        raise CorpusError(source.path, "holds no words")
    head = text[:_HEAD_CHARS].lstrip("\ufeff")
    fields = read_fields(stated)
    for fault in fields.faults:
        yield Problem(source.path, fault, skipped=False)
    origin = origin_of(source.path)
    publisher = one_line(origin.get("outlet")) or fields.publisher or one_line(source.outlet)
    yield Article(
        id=article_id or source.article_id,
        title=fields.title or find_title(head),
        text=text,
        publisher=publisher or _find_publisher(head),
        published=fields.published or find_published(head),
        url=fields.url or one_line(origin.get("address")),
        path=str(source.path),
        language=fields.language,
    )


def origin_file(path: Path) -> Path:
    """Return the hidden file that says at which address a file was read, and when."""
    return path.with_name(f".{path.name}.origin.json")


def origin_of(path: Path) -> dict[str, Any]:
    """Return where a file was read: address, charset, time, and the outlet if one was named.

    ``moved_to`` is the address that its page has now. It is empty for files from elsewhere.
    """
    try:
        origin = json.loads(origin_file(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return origin if isinstance(origin, dict) else {}


def find_title(text: str) -> str:
    r"""Return the first line of news if it is a bare headline, else its first sentence.

    >>> find_title("All news\n\nFerry runs again\n\nThe ferry ran on Monday. It was late.")
    'Ferry runs again'
    """
    start = 0
    for span in find_boilerplate(text):
        if not text[start : span.start].strip("\ufeff \t\r\n"):
            start = span.end
    line = text[start:].lstrip("\ufeff \t\r\n#-+=*_").split("\n", 1)[0].strip()
    line = _DATE_LABEL.sub("", line)
    dateline = find_dateline(line)
    line = line[dateline.end :].lstrip(" .–—-") if dateline else line
    sentences = split_sentences(line)
    if not sentences:
        return ""
    bare = len(sentences) == 1 and not line.endswith((".", "…", ":", ","))
    return _shortened(line if bare else line[sentences[0].start : sentences[0].end])


def _shortened(sentence: str) -> str:
    if len(sentence) <= _LONGEST_TITLE_CHARS:
        return sentence.rstrip(".")
    space = sentence.rfind(" ", 60, _LONGEST_TITLE_CHARS)
    return sentence[: space if space > 0 else _LONGEST_TITLE_CHARS].rstrip(" ,;") + "…"


def _find_publisher(head: str) -> str | None:
    dateline = find_dateline(head)
    return dateline.agency if dateline else None
