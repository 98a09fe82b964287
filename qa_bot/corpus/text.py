"""Plain text and Markdown files; the text is the whole file, front matter included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from qa_bot.corpus.encoding import decode, encoding_remark
from qa_bot.corpus.metadata import make_article
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError
from qa_bot.news import front_matter


def read_text(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the article of a plain text file, and a remark if it is not UTF-8."""
    text, encoding = decode(source.path, source.path.read_bytes())
    if remark := encoding_remark(encoding):
        yield Problem(source.path, remark, skipped=False)
    yield from make_article(source, text, {})


def read_markdown(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the article of a Markdown file, with the metadata of its YAML front matter."""
    text, encoding = decode(source.path, source.path.read_bytes())
    if remark := encoding_remark(encoding):
        yield Problem(source.path, remark, skipped=False)
    span = front_matter(text)
    stated: dict[str, Any] = {}
    if span:
        stated, problem = _parse_front_matter(source, text[span.start : span.end])
        yield from [problem] if problem else []
    if span and not text[span.end :].strip():
        raise CorpusError(source.path, "has nothing after its front matter")
    yield from make_article(source, text, stated)


def _parse_front_matter(source: Source, block: str) -> tuple[dict[str, Any], Problem | None]:
    """Return the fields as text; if the block is no YAML, read it line by line, with a remark."""
    import yaml

    lines = block.lstrip("\ufeff").splitlines()[1:-1]
    try:
        fields = yaml.load("\n".join(lines), Loader=yaml.BaseLoader)
        if isinstance(fields, dict):
            return {str(key).lower(): value for key, value in fields.items()}, None
        reason = "it is not a list of names and values"
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        reason = str(getattr(exc, "problem", None) or exc)
    simple = (re.match(r"([\w-]+)\s*:\s*(.+)", line) for line in lines)
    remark = f"its front matter is not YAML ({reason}); read line by line"
    found = {match[1].lower(): match[2].strip("\"' ") for match in simple if match}
    return found, Problem(source.path, remark, 1, skipped=False)
