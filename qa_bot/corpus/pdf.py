"""PDF files: pypdf reads them in a child process with limits on memory and time.

The child process runs this module as a script, and prints JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa_bot.corpus.metadata import make_article
from qa_bot.corpus.pdf_pages import join_pages
from qa_bot.corpus.scan import Limits, Problem, Source
from qa_bot.datatypes import Article
from qa_bot.errors import CorpusError
from qa_bot.news import find_published

# What programs write into the field of the title: their name, the name of the file.
_NO_TITLE = re.compile(
    r"(?:microsoft \w+ - |about:|untitled|no ?title|document ?\d*$|slide \d|title$)|"
    r".*\.(?:docx?|odt|rtf|pptx?|indd|qxd|p65|pdf|tmp|txt|tex|dvi)$",
    re.IGNORECASE,
)
_PRINTED = re.compile(r"\d:\d\d")  # browsers print the day and time of printing on every page
_START = 1_024  # bytes within which a PDF says that it is one
_NAMED = 5  # damaged pages that are named
_MEMORY_BYTES = 2 * 1024**3


def read_pdf(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the article of a PDF, in one text."""
    command = [sys.executable, "-P", "-m", __name__, str(source.path), str(limits.pdf_seconds)]
    try:
        child = subprocess.run(
            command, capture_output=True, timeout=limits.pdf_seconds + 5, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise CorpusError(source.path, _too_slow(limits)) from exc
    if child.returncode < 0:
        raise CorpusError(source.path, _too_slow(limits))
    found = _reply(source, child.stdout)
    if found["error"]:
        raise CorpusError(source.path, _reason(source, found["error"]))
    text, head = found["text"], found["head"]
    if not text.strip():
        raise CorpusError(source.path, "holds no text (scanned pages are not read)")
    if found["damaged"]:
        numbers = ", ".join(map(str, found["damaged"][:_NAMED]))
        more = f" and {len(found['damaged']) - _NAMED} more" if found["damaged"][_NAMED:] else ""
        yield Problem(source.path, f"is damaged: left out page {numbers}{more}", skipped=False)
    title = found["title"] if isinstance(found["title"], str) else ""
    stated = {} if _NO_TITLE.match(title.strip()) else {"title": title}
    if not (_PRINTED.search(head) or find_published(text)) and (printed := find_published(head)):
        stated["published"] = printed.day.isoformat()  # in the running head of a newspaper's page
    yield from make_article(source, text, stated)


def _too_slow(limits: Limits) -> str:
    return f"takes more than {limits.pdf_seconds:g} s or too much memory to read (pdf_seconds)"


def _reason(source: Source, error: str) -> str:
    """Return why a file was not read, in words where the error has a known cause."""
    with source.path.open("rb") as file:
        start = file.read(_START)
    if error.startswith("FileNotDecryptedError"):
        return "needs a password"
    if not start.strip():
        return "is empty"
    return (
        f"is a damaged PDF ({error})"
        if b"%PDF-" in start
        else "is not a PDF, whatever its name says"
    )


def _reply(source: Source, stdout: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(stdout)
    except ValueError as exc:
        raise CorpusError(source.path, "is not a PDF that can be read") from exc
    return found


def _child(path: Path, seconds: float) -> dict[str, Any]:
    """Return text, running head and title, or the error; only the child process calls this."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    except ImportError:  # Windows has no such limits; the parent's time limit remains
        pass
    try:
        from pypdf import PdfReader

        reader = PdfReader(path)
        pages = [_page_text(reader, number) for number in range(len(reader.pages))]
        title = reader.metadata.title if reader.metadata else None
    except Exception as exc:  # pypdf raises many kinds of errors on broken files
        return {"error": f"{type(exc).__name__}: {exc}"[:200]}
    damaged = [number for number, text in enumerate(pages, start=1) if text is None]
    if pages and len(damaged) == len(pages):
        return {"error": "no page can be read"}
    text, head = join_pages([page or "" for page in pages])
    return {"error": None, "text": text, "head": head, "title": title, "damaged": damaged}


def _page_text(reader: Any, number: int) -> str | None:
    """Return the text of a page, counted from 0, or None if it cannot be read."""
    try:
        return _clean(reader.pages[number].extract_text())
    except MemoryError:
        raise
    except Exception:  # as many kinds
        return None


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_child(Path(sys.argv[1]), float(sys.argv[2]))))
