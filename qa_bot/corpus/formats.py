"""The formats of articles, and the reader for each."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

from qa_bot.corpus import feed, html, jsonl, pdf, text
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError

log = logging.getLogger(__name__)
BROKE_THE_READER = "cannot be read because of an error in qa-bot"
_READERS = {
    "text": text.read_text,
    "markdown": text.read_markdown,
    "html": html.read_html,
    "pdf": pdf.read_pdf,
    "jsonl": jsonl.read_jsonl,
    "feed": feed.read_feed,
}


def read_source(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the articles of one file, and a problem for each part that cannot be read."""
    try:
        if source.kind != "jsonl":
            _check_size(source.path, limits)
        yield from _READERS[source.kind](source, limits)
    except CorpusError as exc:
        yield Problem(exc.path, exc.reason, exc.line)
    except OSError as exc:
        yield Problem(source.path, f"cannot be read ({exc.strerror or exc})")
    except Exception as exc:  # a fault of ours in one file must not end the build of all others
        log.exception("the reader of %s failed", source.path)
        yield Problem(source.path, f"{BROKE_THE_READER} ({type(exc).__name__}); please report it")


def digest(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise CorpusError(
            path,
            f"is {size / 1e6:,.0f} MB, over the limit of {limits.file_bytes / 1e6:g} MB "
            "(setting max_file_mb)",
        )
