"""Files and folders of articles → an up-to-date index: what changed is read, the rest is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa_bot.corpus import Limits, Problem, Source, digest, read_source, scan
from qa_bot.datatypes import Article
from qa_bot.index import KnownFiles, PassageIndex
from qa_bot.settings import Settings

_COMMIT_PASSAGES_CHARS = 400_000  # about 500 passages: seconds of work that a crash can cost

Progress = Callable[[str, int, int], None]
"""Called with the stage ("reading" or "embedding"), how many more are done, and of how many."""


@dataclass(slots=True)
class BuildReport:
    """What a build did: article ids, files, problems, and the generation that it ended at."""

    n_files: int = 0
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
    was read again are removed in any case.
    """
    found = scan(roots)
    known = index.known_files()
    report = BuildReport(len(found.sources), problems=list(found.problems), ignored=found.ignored)
    batch = _Batch(index, known, report, progress)
    for source in found.sources:
        _update(source, batch, settings)
        if progress:
            progress("reading", 1, len(found.sources))
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
    """Changes gathered for the next commit."""

    def __init__(
        self,
        index: PassageIndex,
        known: KnownFiles,
        report: BuildReport,
        progress: Progress | None,
    ) -> None:
        self.known = known
        self.report = report
        self._index = index
        self._progress = progress
        self._owners = {one: path for path, ids in known.article_ids.items() for one in ids}
        self._put: list[Article] = []
        self._remove: list[str] = []
        self._sources: dict[Path, str | None] = {}

    def put(self, article: Article, path: Path) -> None:
        """Gather an article, unless another file that is still there has one with its id."""
        owner = Path(self._owners.setdefault(article.id, str(path)))
        if owner != path and owner.exists():
            reason = f"has the same article id as one in {owner}: {article.id!r}"
            self.report.problems.append(Problem(path, reason))
            return
        self._owners[article.id] = str(path)
        self._put.append(article)
        if sum(len(waiting.text) for waiting in self._put) >= _COMMIT_PASSAGES_CHARS:
            self.commit()

    def remove(self, article_ids: set[str], path: Path) -> None:
        """Gather articles to remove, but for those that another file has taken over."""
        self._remove += sorted(one for one in article_ids if self._owners[one] == str(path))

    def set_source(self, path: Path, file_digest: str | None) -> None:
        self._sources[path] = file_digest

    def commit(self) -> None:
        """Commit what was gathered; a file's digest never goes before its articles."""
        if not (self._put or self._remove or self._sources):
            return
        progress = self._progress
        report = (lambda stage, done: progress(stage, done, 0)) if progress else None
        changes = self._index.apply(self._put, self._remove, self._sources, report)
        self.report.put += changes.put
        self.report.removed += changes.removed
        self._put, self._remove, self._sources = [], [], {}


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
        return
    ids: set[str] = set()
    n_skipped = batch.report.n_skipped
    for item in _reading(source, limits):
        if isinstance(item, Problem):
            batch.report.problems.append(item)
        else:
            ids.add(item.id)
            batch.put(item, source.path)
    whole = batch.report.n_skipped == n_skipped
    if whole or ids:
        batch.remove(batch.known.article_ids.get(path, set()) - ids, source.path)
    batch.set_source(source.path, before if whole else None)


def _reading(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield what is in the file, and a problem if it changed while it was read."""
    before = source.path.stat()
    yield from read_source(source, limits)
    after = source.path.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        yield Problem(source.path, "changed while it was read; run the command again")


def _prune(roots: Sequence[Path], batch: _Batch) -> None:
    """Gather the articles whose file below the given folders is gone."""
    folders = [root.absolute() for root in roots]
    for path, ids in batch.known.article_ids.items():
        below = any(Path(path).is_relative_to(folder) for folder in folders)
        if below and not Path(path).exists():
            batch.remove(ids, Path(path))
            batch.set_source(Path(path), None)
