"""Bring an index up to date with files and folders of articles: read only what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa_bot.corpus import Limits, Problem, Root, Source, digest, origin_of, read_source, scan
from qa_bot.datatypes import Article
from qa_bot.index.build_report import BuildReport
from qa_bot.index.passage_index import KnownFiles, PassageIndex
from qa_bot.settings import Settings

_COMMIT_CHARS = 400_000  # about 500 passages: a crash costs seconds of work
_CHARS_PER_ARTICLE = 400  # an article costs about as much as these, besides its text

Progress = Callable[[str, int, int], None]
"""Called with "reading", the number of bytes just read, and their total; and with "embedding", the
number of passages just embedded, and 0."""


def build_index(
    index: PassageIndex,
    roots: Sequence[Path | Root],
    settings: Settings,
    *,
    prune: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the index up to date with the files, commit by commit: a crash costs seconds.

    Skip files with the same bytes as last time, if they had no problem. Remove articles that
    vanished from a changed file, those of pages that have another address now and, with ``prune``,
    those of files that vanished from the given folders. First derive times and copies again where
    older rules did.
    """
    index.derive_again()
    found = scan(roots)
    n_files = len(found.sources) + len(found.problems)
    report = BuildReport(n_files, problems=list(found.problems), ignored=found.ignored)
    n_bytes = sum(_size(source.path) for source in found.sources)
    batch = _Batch(index, report, _COMMIT_CHARS * settings.workers, progress, n_bytes)
    known = index.known_files()
    files = _Files(batch, report, known)
    with index.building(roots):
        for source in found.sources:
            _update(source, files, settings)
        files.put_deferred()
        _remove_vanished(roots, files, all_of_them=prune)
        batch.commit()
        index.finish()
    with index.searching() as search:
        report.n_articles = search.manifest.n_articles
        report.n_passages = search.manifest.n_passages
        report.generation = search.manifest.generation
    return report


class _Batch:
    """Changes for the next commit."""

    def __init__(
        self,
        index: PassageIndex,
        report: BuildReport,
        commit_chars: int,
        progress: Progress | None,
        n_bytes: int,
    ) -> None:
        self._index = index
        self._report = report
        self._commit_chars = commit_chars
        self._progress = progress
        self._n_bytes = n_bytes
        self._clear()

    def _clear(self) -> None:
        self._put: list[Article] = []
        self._remove: list[str] = []
        self._sources: dict[Path, str | None] = {}
        self._n_chars = 0

    def put(self, article: Article) -> None:
        """Add an article; commit if the batch is large enough."""
        self._put.append(article)
        self._n_chars += len(article.text) + _CHARS_PER_ARTICLE
        if self._n_chars >= self._commit_chars:
            self.commit()

    def remove(self, article_ids: Sequence[str]) -> None:
        """Add articles to remove."""
        self._remove += article_ids

    def set_source(self, path: Path, file_digest: str | None) -> None:
        """Add a file's digest; call it after all articles of the file."""
        self._sources[path] = file_digest

    def advance(self, n_bytes: int) -> None:
        """Report this number of bytes of the files as done."""
        if self._progress:
            self._progress("reading", n_bytes, self._n_bytes)

    def commit(self) -> None:
        """Commit the changes."""
        if not (self._put or self._remove or self._sources):
            return
        progress = self._progress
        report = (lambda stage, done: progress(stage, done, 0)) if progress else None
        changes = self._index.apply(self._put, self._remove, self._sources, report)
        self._report.put += changes.put
        self._report.removed += changes.removed
        self._clear()


@dataclass(slots=True)
class _Deferred:
    """Articles of a file that wait for another file to release their ids; the file's digest."""

    articles: list[Article] = field(default_factory=list)
    digest: str | None = None


class _Files:
    """The files of a build, and the file that each article id belongs to.

    An article can move from one file to another. If its id still belongs to another file when it
    is read, the article is deferred until all files are read.
    """

    def __init__(self, batch: _Batch, report: BuildReport, known: KnownFiles) -> None:
        self.batch = batch
        self.report = report
        self.known = known
        self._owners = {one: path for path, ids in known.article_ids.items() for one in ids}
        self._deferred: dict[Path, _Deferred] = {}

    def named(self, source: Source) -> Source:
        """Return a file with its ending in the id where a file beside it has the id without one.

        The index keeps which of them has which id: a file that comes later changes none.
        """
        if source.kind == "feed":  # its entries have ids of their own
            return source
        path, full_id = source.path, f"{source.article_id}{source.path.suffix}"
        owner = Path(self._owners.get(source.article_id, path))
        beside = owner != path and owner.with_suffix("") == path.with_suffix("")
        keeper = Path(self._owners.get(full_id, ""))
        had = keeper == path or (keeper.name == path.name and _is_gone(keeper))  # it was moved
        if had or (beside and not _is_gone(owner)):
            return replace(source, article_id=full_id)
        return source

    def put(self, article: Article, path: Path) -> None:
        """Put an article of a file, or defer it."""
        owner = Path(self._owners.get(article.id, path))
        if owner == path or _is_gone(owner):
            self._owners[article.id] = str(path)
            self.report.read_files.add(path)
            self.batch.put(article)
        else:
            self._deferred.setdefault(path, _Deferred()).articles.append(article)

    def remove(self, article_ids: set[str], path: Path) -> None:
        """Remove those of the articles that still belong to the file."""
        gone = sorted(one for one in article_ids if self._owners.get(one) == str(path))
        self.batch.remove(gone)
        for one in gone:
            del self._owners[one]

    def set_source(self, path: Path, file_digest: str | None) -> None:
        """Record the digest of a file that was read; None: read it again next time."""
        if path in self._deferred:
            self._deferred[path].digest = file_digest
        else:
            self.batch.set_source(path, file_digest)

    def put_deferred(self) -> None:
        """Put the deferred articles with released ids; report the others as problems."""
        for path, deferred in self._deferred.items():
            digest = deferred.digest
            for article in deferred.articles:
                owner = self._owners.setdefault(article.id, str(path))
                if owner == str(path):
                    self.report.read_files.add(path)
                    self.batch.put(article)
                else:
                    reason = (
                        f"has the same article id as one in {owner}: {article.id!r}; "
                        "rename one of the files, or give one of the records another id"
                    )
                    self.report.problems.append(Problem(path, reason))
                    digest = None
            self.batch.set_source(path, digest)
        self._deferred = {}


def _update(source: Source, files: _Files, settings: Settings) -> None:
    """Read the file if its bytes are new, and put and remove its articles."""
    path, report, n_bytes = source.path, files.report, _size(source.path)
    try:
        before = digest(path)
    except OSError as exc:
        report.problems.append(Problem(path, f"cannot be read ({exc.strerror})"))
        return
    if files.known.digests.get(str(path)) == before:
        report.n_unchanged_files += 1
        files.batch.advance(n_bytes)
        return
    ids: set[str] = set()
    problems: list[Problem] = []
    limits = Limits(int(settings.max_file_mb * 1e6), settings.pdf_seconds)
    for item in _reading(files.named(source), limits):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            ids.add(item.id)
            files.put(item, path)
            n_read = min(n_bytes, len(item.text))
            n_bytes -= n_read
            files.batch.advance(n_read)
    files.batch.advance(n_bytes)
    report.problems += problems
    # An article that cannot be read now may be there again when the file is mended.
    if not any(problem.skipped for problem in problems):
        files.remove(files.known.article_ids.get(str(path), set()) - ids, path)
    files.set_source(path, before if not problems else None)


def _reading(source: Source, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the articles and problems of a file, and a problem if it changed meanwhile."""
    try:
        before = source.path.stat()
        yield from read_source(source, limits)
        after = source.path.stat()
    except OSError as exc:
        yield Problem(source.path, f"cannot be read ({exc.strerror})")
        return
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        yield Problem(source.path, "changed while it was read; run the command again")


def _remove_vanished(roots: Sequence[Path | Root], files: _Files, *, all_of_them: bool) -> None:
    """Remove the articles of vanished files below the given folders: of moved pages, or of all."""
    paths = (root.path if isinstance(root, Root) else root for root in roots)
    folders = [path.resolve() for path in paths]
    for path, ids in files.known.article_ids.items():
        below = any(Path(path).is_relative_to(folder) for folder in folders)
        if below and _is_gone(Path(path)) and (all_of_them or "moved_to" in origin_of(Path(path))):
            files.remove(ids, Path(path))
            files.set_source(Path(path), None)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_gone(path: Path) -> bool:
    """Return whether the file is gone; a file that cannot be inspected counts as present."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
