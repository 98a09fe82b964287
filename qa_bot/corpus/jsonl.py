"""JSON Lines files, an article on each line: ``{"id", "title", "text", "published"?, …}``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from qa_bot.corpus.metadata import make_article
from qa_bot.corpus.scan import Limits, Problem, Source, is_writable
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError

_START = 4_096  # bytes


def read_jsonl(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield an article for each good line, a problem for each bad one, and the notes at the end."""
    seen: dict[str, int] = {}
    notes: dict[str, list[int]] = {}
    with source.path.open("rb") as file:
        _refuse_other_forms(source, file)
        for number, line in _lines(file, limits.file_bytes):
            if line is None:
                limit = f"{limits.file_bytes / 1e6:g} MB"
                yield Problem(source.path, f"line is longer than {limit} (max_file_mb)", number)
                continue
            if not line.strip():
                continue
            try:
                record = _parse(line)
            except ValueError as exc:
                yield Problem(source.path, str(exc), number)
                continue
            article_id = record["id"]
            if article_id in seen:
                reason = f"has the same id as line {seen[article_id]}: {article_id!r}"
                yield Problem(source.path, reason, number)
                continue
            seen[article_id] = number
            for item in make_article(source, record["text"], record, article_id=article_id):
                if isinstance(item, Problem):
                    notes.setdefault(item.reason, []).append(number)
                else:
                    yield item
    yield from (_note(source, reason, lines) for reason, lines in notes.items())
    if not seen:
        yield Problem(source.path, "holds no article")


def _note(source: Source, reason: str, lines: list[int]) -> Problem:
    """Return one note on all lines of which it is true, with the number of the first."""
    later = f" (and on {len(lines) - 1:,} more lines)" if len(lines) > 1 else ""
    return Problem(source.path, reason + later, lines[0], skipped=False)


def _refuse_other_forms(source: Source, file: BinaryIO) -> None:
    """Say once, and not for each line, that a file has no lines of UTF-8.

    Raises:
        CorpusError: it is a JSON array over several lines, or UTF-16.
    """
    start = file.read(_START)
    file.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CorpusError(source.path, "is UTF-16 text; save it as UTF-8")
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0].strip()
    if first == b"[" or (first.startswith(b"[{") and start.count(b"\n") <= 1):
        raise CorpusError(source.path, "is a JSON array; write each article on a line of its own")


def _lines(file: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line); None in place of a line over the limit, which never fills memory."""
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line
            continue
        yield number, None
        while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
            pass


def _parse(line: bytes) -> dict[str, Any]:
    """Return the record, its id under "id"; a ValueError gives the fault of the line."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise ValueError("is not UTF-8") from exc
    except json.JSONDecodeError as exc:
        raise ValueError(f"is not JSON ({exc.msg}, column {exc.colno})") from exc
    except (RecursionError, ValueError) as exc:
        raise ValueError("is JSON too deeply nested, or with a number too long") from exc
    if not isinstance(record, dict):
        raise ValueError("is not a JSON object")
    record["id"] = _article_id(record.get("id", record.get("_id")))
    text = record.get("text")
    if not isinstance(text, str) or not any(char.isalnum() for char in text):
        raise ValueError('has no "text"')
    if "\0" in text or not _encodable(text):
        raise ValueError("its text holds characters that are not text")
    return record


def _article_id(value: object) -> str:
    if isinstance(value, dict) and len(value) == 1:  # as MongoDB exports it
        value = value.get("$oid")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError('has no "id" that is a text or a whole number')
    article_id = str(value).strip()
    if not article_id or not is_writable(article_id):
        raise ValueError('has an "id" that is empty or not printable')
    return article_id


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
