"""Reads the sources that are due, and brings the index up to date with what is new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import watchfiles
from filelock import FileLock, Timeout

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.fetching import FetchOptions, collect
from qa_bot.index import WATCHED_NAME, BuildReport
from qa_bot.watching.source_list import SourceList, WatchedSource
from qa_bot.watching.source_states import SourceState, SourceStates

_TICK_MS = 1_000
_LONGEST_UNINDEXED = timedelta(seconds=20)  # until what was read is in the index
_NEVER = datetime.min.replace(tzinfo=UTC)

Clock = Callable[[], datetime]


class WatcherError(QABotError):
    """The sources cannot be watched."""


@dataclass(slots=True)
class Round:
    """What a round of reading brought.

    Attributes:
        read: the sources that were read, in order.
        problems: what could not be read, one sentence each.
        reports: of the updates of the index; more than one in a long round.
    """

    read: list[SourceState] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    reports: list[BuildReport] = field(default_factory=list)

    @property
    def n_articles(self) -> int:
        """Return the number of articles that came or changed."""
        return sum(len(report.put) for report in self.reports)


class Watcher:
    """Reads each source when it is due; one for an index at a time.

    A source that cannot be read never ends the others: it is tried again after a pause that
    doubles with each failure.
    """

    def __init__(
        self,
        bot: QABot,
        sources: SourceList,
        pages: Path,
        options: FetchOptions = FetchOptions(),  # noqa: B008
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        """Watch sources for an index.

        Args:
            bot: of the index that gets the articles.
            sources: what to read.
            pages: folder in which what is read from addresses is kept.
            options: how to read addresses.
            clock: the time, with its zone.

        Raises:
            ValueError: the bot has no folder of its own.
        """
        if bot.collection.folder is None:
            raise ValueError("an index without a folder of its own cannot be watched for")
        self._bot, self._sources, self._pages = bot, sources, pages
        self._options, self._clock = options, clock
        self._folder = bot.collection.folder
        self._files = SourceStates(self._folder)
        now = clock()
        # What was read before a crash may not be in the index: the first round looks everywhere.
        self._unindexed = {one.name for one in sources.sources}
        known = {state.name: state for state in self._files.all()}
        self._states = {
            one.name: known.get(one.name, SourceState(name=one.name, read=_NEVER, due=now))
            for one in sources.sources
        }

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the index for this watcher.

        Raises:
            WatcherError: another one watches for the same index.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{WATCHED_NAME}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as exc:
            raise WatcherError(
                f"Another qa-bot watch is at work for {self._folder}. Stop it, or choose another "
                "index with --index."
            ) from exc
        with lock:
            yield

    def rounds(self, stop: threading.Event) -> Iterator[Round]:
        """Yield each round that read something, until ``stop`` is set.

        A change in a watched folder makes it due at once.
        """
        folders = [one.folder for one in self._sources.sources if one.folder]
        for changed in _changes(folders, stop):
            for path in changed:
                self._make_due(path)
            done = self.read_due()
            if done.read:
                yield done

    def read_all(self) -> Round:
        """Read every source but those that failed and are to be left alone for a while."""
        now = self._clock()
        for name, state in self._states.items():
            if not state.failures:
                self._states[name] = state.model_copy(update={"due": now})
        return self.read_due()

    def read_due(self) -> Round:
        """Read the sources that are due, the longest due one first, and index what is new."""
        done, indexed = Round(), self._clock()
        due = [one for one in self._sources.sources if self._state(one).due <= self._clock()]
        for source in sorted(due, key=lambda one: self._state(one).due):
            state = self._read(source, done)
            self._states[source.name] = state
            done.read.append(state)
            if state.changed == state.read:
                self._unindexed.add(source.name)
            if self._clock() - indexed >= _LONGEST_UNINDEXED:
                self._index(done)
                indexed = self._clock()
        if done.read:
            self._index(done)
            self._files.write(self._states)
        return done

    def _state(self, source: WatchedSource) -> SourceState:
        return self._states[source.name]

    def _make_due(self, path: Path) -> None:
        for one in self._sources.sources:
            if one.folder and path.is_relative_to(one.folder):
                state = self._state(one)
                self._states[one.name] = state.model_copy(update={"due": self._clock()})

    def _read(self, source: WatchedSource, done: Round) -> SourceState:
        """Return the state of a source after reading it."""
        every = source.every or self._sources.every
        state = self._state(source).model_copy(update={"outlet": source.outlet})
        if source.folder:
            problem = None if source.folder.is_dir() else "there is no such folder"
            changed = problem is None
        else:
            options = replace(
                self._options,
                full=source.full or self._options.full,
                outlet=source.outlet,
                most_seconds=every.total_seconds(),
            )
            found = collect([source.name], self._pages, options)
            problem = found.problems[0] if found.failed else None
            changed = bool(found.changed)
            done.problems += found.problems if not problem else ()
        if problem:
            done.problems.append(problem if source.address else f"{source.name}: {problem}")
        return state.after_reading(self._clock(), every, changed=changed, problem=problem)

    def _index(self, done: Round) -> None:
        """Bring the index up to date with the folders, and with the pages that were read.

        What cannot be done now, as another program writes, is done in the next round.
        """
        changed = [one for one in self._sources.sources if one.name in self._unindexed]
        folders = {one.folder: one.outlet for one in changed if one.folder and one.folder.is_dir()}
        pages = [self._pages] if any(one.address for one in changed) else []
        roots = [*folders, *(one for one in pages if one.is_dir())]
        if not roots:
            return
        outlets = {folder: outlet for folder, outlet in folders.items() if outlet}
        try:
            report = self._bot.update(roots, outlets=outlets)
        except (QABotError, OSError) as exc:
            done.problems.append(f"the index was not brought up to date: {exc}")
            return
        self._unindexed.clear()
        done.reports.append(report)
        done.problems += map(str, report.problems)


def _changes(folders: Sequence[Path], stop: threading.Event) -> Iterator[set[Path]]:
    """Yield the paths that changed in the folders, an empty set each second without one.

    A folder that is not there is not listened to.
    """
    yield set()
    there = [folder for folder in folders if folder.is_dir()]
    if not there:
        while not stop.wait(_TICK_MS / 1000):
            yield set()
        return
    listened = watchfiles.watch(
        *there, stop_event=stop, rust_timeout=_TICK_MS, yield_on_timeout=True
    )
    for changes in listened:
        yield {Path(path) for _, path in changes}
