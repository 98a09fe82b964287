"""Folders and files → the files to read, in order, and those that are passed over and why."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: its real path, the id of its article, and the kind of file it is."""

    path: Path
    article_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was skipped (or, if not ``skipped``, read with a remark), and why."""

    path: Path
    reason: str
    line: int | None = None
    skipped: bool = True

    def __str__(self) -> str:
        """Return ``path:line: reason`` in one line of printable characters."""
        place = f"{self.path}:{self.line}" if self.line is not None else f"{self.path}"
        message = " ".join(f"{place}: {self.reason}".split())
        return message.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes that one file or JSON line may hold, and seconds that a PDF may take."""

    file_bytes: int = 20_000_000
    pdf_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Scan:
    """What a walk found: files to read, problems, and files of other kinds that were ignored."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[Path, ...]


def scan(roots: Sequence[Path]) -> Scan:
    """Walk the files and folders given, in order of path; each file is listed once.

    An article's id is its path below the folder given, without the extension. Hidden files are
    ignored. Links to folders, and links that lead out of the folder, are not followed.
    """
    sources: dict[Path, Source] = {}
    problems: list[Problem] = []
    ignored: list[Path] = []
    for root in roots:
        for path, problem in _walk(root):
            if problem:
                problems.append(Problem(path, problem))
            elif path.suffix.lower() not in KINDS:
                if path == root:
                    reason = f"is not a kind of file that is read: {' '.join(KINDS)}"
                    problems.append(Problem(path, reason))
                else:
                    ignored.append(path)
            else:
                source = _source(path, root)
                sources.setdefault(source.path, source)
    return Scan(tuple(sources.values()), tuple(problems), tuple(ignored))


def _source(path: Path, root: Path) -> Source:
    relative = Path(path.name) if path == root else path.relative_to(root)
    article_id = relative.with_suffix("").as_posix()
    return Source(path.resolve(), article_id, KINDS[path.suffix.lower()])


def _walk(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield every file below the root with None, or with why it is passed over."""
    if not root.exists():
        yield root, "does not exist"
        return
    if not root.is_dir():
        yield root, _objection(root, None)
        return
    real_root = root.resolve()
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)
        except OSError as exc:
            yield folder, f"cannot be opened ({exc.strerror})"
            continue
        files = [entry for entry in entries if not entry.name.startswith(".")]
        pending += [Path(entry.path) for entry in files if entry.is_dir(follow_symlinks=False)]
        for entry in reversed(files):
            if not entry.is_dir(follow_symlinks=False):
                yield Path(entry.path), _objection(Path(entry.path), real_root)


def _objection(path: Path, real_root: Path | None) -> str | None:
    """Return why the path must not be opened, or None."""
    if not str(path).isprintable():
        return "has a name that is not printable UTF-8; rename it"
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        return "is a link that leads nowhere or in a circle"
    if path.is_symlink() and stat.S_ISDIR(mode):
        return "is a link to a folder; links to folders are not followed"
    if real_root and not target.is_relative_to(real_root):
        return "is a link out of the folder; such links are not followed"
    if not stat.S_ISREG(mode):
        return "is not an ordinary file (a pipe, socket or device)"
    return None
