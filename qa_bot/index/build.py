"""Files and folders of articles → an up-to-date index: what changed is read, the rest is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa_bot.corpus import Limits, Problem, Source, digest, read_source, scan
from qa_bot.datatypes import Article
from qa_bot.index.passage_index import KnownFiles, PassageIndex
from qa_bot.settings import Settings

_COMMIT_CHARS = 400_000  # about 500 passages: seconds of work that a crash can cost
_CHARS_PER_ARTICLE = 400  # what an article costs beside its text

Progress = Callable[[str, int, int], None]
"""Called with "reading", how many bytes of the files more are done, and of how many; and with
"embedding", how many passages more are done, and 0."""


@dataclass(slots=True)
class BuildReport:
    """What a build did: article ids, files, problems, and the generation that it ended at."""

    n_unchanged_files: int = 0
    put: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[Path, ...] = ()
    n_articles: int = 0
    n_passages: int = 0
    generation: int = 0

    @property
    def n_skipped(self) -> int:
        """Return how many files, lines or entries could not be read."""
        return sum(problem.skipped for problem in self.problems)


def build_index(
    index: PassageIndex,
    roots: Sequence[Path],
    settings: Settings,
    *,
    prune: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index up to date with the files: commit by commit, so that a crash costs seconds.

    Files whose bytes were read before without a problem are skipped. With ``prune``, articles
    whose file is gone from below the given folders are removed; articles gone from a file that
    was read again are removed in any case. Times and copies that older rules derived are derived
    again first.
    """
    index.derive_again()
    found = scan(roots)
    known = index.known_files()
    report = BuildReport(problems=list(found.problems), ignored=found.ignored)
    batch = _Batch(index, known, report, progress, _COMMIT_CHARS * settings.workers)
    batch.n_bytes = sum(_size(source.path) for source in found.sources)
    for source in found.sources:
        _update(source, batch, settings)
    batch.settle()
    if prune:
        _prune(roots, batch)
    batch.commit()
    index.finish()
    with index.searching() as search:
        report.n_articles = search.manifest.n_articles
        report.n_passages = search.manifest.n_passages
        report.generation = search.manifest.generation
    return report


class _Batch:
    """Changes gathered for the next commit, and which file each article belongs to."""

    def __init__(
        self,
        index: PassageIndex,
        known: KnownFiles,
        report: BuildReport,
        progress: Progress | None,
        commit_chars: int,
    ) -> None:
        self._commit_chars = commit_chars
        self.known = known
        self.report = report
        self.n_bytes = 0
        self._index = index
        self._progress = progress
        self._owners = {one: path for path, ids in known.article_ids.items() for one in ids}
        self._put: list[Article] = []
        self._n_chars = 0
        self._remove: list[str] = []
        self._sources: dict[Path, str | None] = {}
        self._contested: list[tuple[Article, Path]] = []
        self._waiting: dict[Path, str | None] = {}  # files with contested articles, and digests

    def put(self, article: Article, path: Path) -> None:
        """Gather an article; one whose id another file has waits until all files are read."""
        owner = Path(self._owners.setdefault(article.id, str(path)))
        if owner != path and not _is_gone(owner):
            self._contested.append((article, path))
            self._waiting.setdefault(path, None)
            return
        self._owners[article.id] = str(path)
        self._put.append(article)
        self._n_chars += len(article.text) + _CHARS_PER_ARTICLE
        if self._n_chars >= self._commit_chars:
            self.commit()

    def remove(self, article_ids: set[str], path: Path) -> None:
        """Gather articles to remove, but for those that another file has taken over."""
        gone = sorted(one for one in article_ids if self._owners.get(one) == str(path))
        self._remove += gone
        for one in gone:
            del self._owners[one]

    def advance(self, n_bytes: int) -> None:
        """Report so many bytes of the files as done."""
        if self._progress:
            self._progress("reading", n_bytes, self.n_bytes)

    def set_source(self, path: Path, file_digest: str | None) -> None:
        """Remember the file's digest with the next commit, or once its last article is settled."""
        (self._waiting if path in self._waiting else self._sources)[path] = file_digest

    def settle(self) -> None:
        """Put the articles that waited, if the other file has let go of their ids."""
        contested, self._contested = self._contested, []
        for article, path in contested:
            owner = self._owners.get(article.id, str(path))
            if owner != str(path):
                reason = f"has the same article id as one in {owner}: {article.id!r}"
                self.report.problems.append(Problem(path, reason))
                self._waiting[path] = None
            else:
                self.put(article, path)
        self._sources |= self._waiting
        self._waiting = {}

    def commit(self) -> None:
        """Commit what was gathered; a file's digest never goes before its articles."""
        if not (self._put or self._remove or self._sources):
            return
        progress = self._progress
        report = (lambda stage, done: progress(stage, done, 0)) if progress else None
        changes = self._index.apply(self._put, self._remove, self._sources, report)
        self.report.put += changes.put
        self.report.removed += changes.removed
        self._put, self._remove, self._sources, self._n_chars = [], [], {}, 0


def _update(source: Source, batch: _Batch, settings: Settings) -> None:
    """Read the file if its bytes are new, and gather what changed."""
    limits = Limits(int(settings.max_file_mb * 1e6), settings.pdf_seconds)
    try:
        before = digest(source.path)
    except OSError as exc:
        reason = f"cannot be read ({exc.strerror})"
        batch.report.problems.append(Problem(source.path, reason))
        return
    path = str(source.path)
    if batch.known.digests.get(path) == before:
        batch.report.n_unchanged_files += 1
        batch.advance(_size(source.path))
        return
    ids: set[str] = set()
    problems: list[Problem] = []
    n_bytes_left = _size(source.path)
    for item in _reading(source, limits):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            ids.add(item.id)
            batch.put(item, source.path)
            n_bytes = min(n_bytes_left, len(item.text))
            n_bytes_left -= n_bytes
            batch.advance(n_bytes)
    batch.advance(n_bytes_left)
    batch.report.problems += problems
    whole = not any(problem.skipped for problem in problems)
    if whole:  # an article that cannot be read now may be there again when the file is mended
        batch.remove(batch.known.article_ids.get(path, set()) - ids, source.path)
    batch.set_source(source.path, before if not problems else None)


def _reading(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield what is in the file, and a problem if it changed while it was read."""
    try:
        before = source.path.stat()
        yield from read_source(source, limits)
        after = source.path.stat()
    except OSError as exc:
        yield Problem(source.path, f"cannot be read ({exc.strerror})")
        return
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        yield Problem(source.path, "changed while it was read; run the command again")


def _prune(roots: Sequence[Path], batch: _Batch) -> None:
    """Gather the articles whose file below the given folders is gone."""
    folders = [root.resolve() for root in roots]
    for path, ids in batch.known.article_ids.items():
        below = any(Path(path).is_relative_to(folder) for folder in folders)
        if below and _is_gone(Path(path)):
            batch.remove(ids, Path(path))
            batch.set_source(Path(path), None)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_gone(path: Path) -> bool:
    """Return whether there is no such file; one that cannot be looked at counts as there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
