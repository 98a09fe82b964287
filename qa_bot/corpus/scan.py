"""The search for files of articles in folders: what to read, what to skip, and why."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

_CONTROLS = frozenset(("Cc", "Cs", "Zl", "Zp"))  # Unicode's controls, surrogates, line ends
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
    ".rdf": "feed",
    ".xml": "feed",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes:
        path: its real path.
        article_id: the id of its article, unless that of a file beside it has the id already.
        kind: its form, see ``KINDS``.
        outlet: the publisher of its articles if they name none.
    """

    path: Path
    article_id: str
    kind: str
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder of articles.

    Attributes:
        path: its path.
        outlet: the publisher of its articles if they name none.
        prefix: put before the ids of its files, with a slash between; empty for none.
    """

    path: Path
    outlet: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a file or a part of it was skipped; a remark on it if not ``skipped``."""

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
    """Limits on the bytes of a file or JSON line, and on the seconds to read a PDF."""

    file_bytes: int = 20_000_000
    pdf_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a search: files to read, problems, and ignored files of other kinds."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[Path, ...]


def scan(roots: Sequence[Path | Root]) -> Scan:
    """List the files of articles in these files and folders, each once, in order of path.

    The id of an article is its path below its root, without the extension. The search ignores
    hidden files, and follows neither links to folders nor links out of the root.
    """
    sources: dict[Path, Source] = {}
    problems: list[Problem] = []
    ignored: list[Path] = []
    for given in roots:
        known = given if isinstance(given, Root) else Root(given)
        root = known.path
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
                source = _source(path, known)
                sources.setdefault(source.path, source)
    return Scan(tuple(sources.values()), tuple(problems), tuple(ignored))


def is_writable(text: str) -> bool:
    """Return whether a name or id can be written in a line: without controls and surrogates."""
    return not any(category(char) in _CONTROLS for char in text)


def _source(path: Path, root: Root) -> Source:
    relative = Path(path.name) if path == root.path else path.relative_to(root.path)
    article_id = (Path(root.prefix) / relative.with_suffix("")).as_posix()
    return Source(path.resolve(), article_id, KINDS[path.suffix.lower()], root.outlet)


def _walk(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield every file below the root with None, or with the reason to skip it."""
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
        files = [entry for entry in entries if not entry.name.startswith((".", "~$"))]
        pending += [Path(entry.path) for entry in files if entry.is_dir(follow_symlinks=False)]
        for entry in reversed(files):
            if not entry.is_dir(follow_symlinks=False):
                yield Path(entry.path), _objection(Path(entry.path), real_root)


def _objection(path: Path, real_root: Path | None) -> str | None:
    """Return the reason not to open the path, or None."""
    if not is_writable(str(path)):
        return "has a name with control characters, or one that is not UTF-8; rename it"
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
