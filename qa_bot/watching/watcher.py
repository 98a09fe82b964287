"""Reads the sources that are due, and brings the index up to date with what is new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from qa_bot.bot import QABot
from qa_bot.corpus import KINDS, Root
from qa_bot.errors import IndexBusyError, QABotError
from qa_bot.fetching import Collected, FetchOptions, Visits, collect, display_address
from qa_bot.index import WATCHED_NAME, BuildReport
from qa_bot.watching.folder_notices import changes_in
from qa_bot.watching.source_list import SourceList, WatchedSource
from qa_bot.watching.source_states import SourceState, SourceStates

_LONGEST_UNINDEXED = timedelta(seconds=20)  # while further sources are read
_RETRY = timedelta(seconds=60)  # after another program was writing
_NEVER = datetime.min.replace(tzinfo=UTC)

Clock = Callable[[], datetime]


class WatcherError(QABotError):
    """The sources cannot be watched."""


@dataclass(slots=True)
class Round:
    """What a round of reading brought.

    Attributes:
        read: the sources that were read, in order.
        problems: what could not be read, or not be indexed, one sentence each.
        reports: of the updates of the index; more than one in a long round.
    """

    read: list[SourceState] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    reports: list[BuildReport] = field(default_factory=list)

    @property
    def n_articles(self) -> int:
        """Return the number of articles that came or changed."""
        return sum(len(report.put) for report in self.reports)

    @property
    def n_failed(self) -> int:
        """Return the number of sources of which nothing could be read."""
        return sum(state.problem is not None for state in self.read)


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
            ValueError: the bot has no folder of its own, or a watched folder holds it.
        """
        if bot.collection.folder is None:
            raise ValueError("an index without a folder of its own cannot be watched for")
        self._bot, self._sources, self._pages = bot, sources, pages
        self._options, self._clock = options, clock
        self._visits = Visits()
        self._told: dict[Path, list[str]] = {}  # problems of a folder, each told once
        self._folder = bot.collection.folder
        self._refuse_own_folders()
        self._kept = SourceStates(self._folder)
        # What was read before a crash may not be in the index: the first round looks everywhere.
        self._unindexed = {one.name for one in sources.sources}
        self._retry = _NEVER
        known, now = {state.name: state for state in self._kept.all()}, clock()
        new = SourceState(name="", read=_NEVER, due=now)
        self._states = {
            one.name: known.get(one.name, new)
            .with_possible_due(now, one.every or sources.every)
            .model_copy(update={"name": one.name, "outlet": one.outlet})
            for one in sources.sources
        }

    def _refuse_own_folders(self) -> None:
        """Raise ValueError for a folder with the index or the pages, which never comes to rest."""
        own = [path.resolve() for path in (self._folder, self._pages)]
        for one in self._sources.sources:
            folder = one.folder.resolve() if one.folder else None
            if folder and any(path.is_relative_to(folder) for path in own):
                raise ValueError(
                    f"the folder {one.folder} holds the index or the pages that are kept; watch "
                    "another one, or put them elsewhere with --index and --pages"
                )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the index for this watcher.

        Raises:
            WatcherError: another one watches for the same index.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{WATCHED_NAME}.lock", timeout=0)
        try:
            held = lock.acquire()
        except Timeout as exc:
            raise WatcherError(
                f"Another qa-bot watch is at work for {self._folder}. Stop it, or choose another "
                "index with --index."
            ) from exc
        with held:
            yield

    def rounds(self, stop: threading.Event) -> Iterator[Round]:
        """Yield what each round brought, until ``stop`` is set.

        A long round comes in parts, one for each update of the index. A change in a watched folder
        makes it due at once.

        Raises:
            IndexStoreError: the index was removed or replaced, or is damaged.
        """
        folders = [one.folder for one in self._sources.sources if one.folder]
        for changed in changes_in(folders, stop):
            for path in changed:
                self._make_due(path)
            yield from self._parts()

    def read_all(self) -> Round:
        """Read every source but those that failed and are to be left alone for a while."""
        now = self._clock()
        for name, state in self._states.items():
            if not state.failures:
                self._states[name] = state.model_copy(update={"due": now})
        return self.read_due()

    def paused(self) -> list[SourceState]:
        """Return the states of the sources that failed and are left alone for a while."""
        now = self._clock()
        return [one for one in self._states.values() if one.failures and one.due > now]

    def read_due(self) -> Round:
        """Read the sources that are due, the longest due one first, and index what is new."""
        whole = Round()
        for part in self._parts():
            whole.read += part.read
            whole.problems += part.problems
            whole.reports += part.reports
        return whole

    def _parts(self) -> Iterator[Round]:
        """Yield what a round brought each time the index was brought up to date, and at its end.

        The times of reading are kept each time: a program that is killed goes on from there.
        """
        done, indexed = Round(), self._clock()
        due = [one for one in self._sources.sources if self._states[one.name].due <= indexed]
        for source in sorted(due, key=lambda one: self._states[one.name].due):
            state = self._read(source, done)
            self._states[source.name] = state
            done.read.append(state)
            if state.changed == state.read or (source.folder and not state.problem):
                self._unindexed.add(source.name)
            if self._clock() - indexed >= _LONGEST_UNINDEXED:
                yield self._finished(done)
                done, indexed = Round(), self._clock()
        last = self._finished(done)
        if last.read or last.reports or last.problems:
            yield last

    def _finished(self, done: Round) -> Round:
        """Return a part of a round after indexing it and keeping the times of reading."""
        self._index(done)
        if done.read:
            self._keep_states(done)
        return done

    def _make_due(self, path: Path) -> None:
        """Make the source of a path due, unless nothing is ever read there."""
        for one in self._sources.sources:
            if one.folder and path.is_relative_to(one.folder):
                parts = path.relative_to(one.folder).parts
                hidden = any(part.startswith(".") for part in parts)
                is_read = path.suffix.lower() in KINDS or path.is_dir() or not path.exists()
                if is_read and not hidden:
                    state = self._states[one.name]
                    self._states[one.name] = state.model_copy(update={"due": self._clock()})

    def _read(self, source: WatchedSource, done: Round) -> SourceState:
        """Return the state of a source after reading it."""
        every = source.every or self._sources.every
        if source.folder:
            changed = False  # known when it is indexed
            problem = None if source.folder.is_dir() else "there is no such folder"
            done.problems += [f"{source.name}: {problem}"] if problem else []
        else:
            found = self._collect(source, every)
            changed = bool(found.changed or found.n_moved)
            problem = (found.first_reason or found.problems[0]) if found.failed else None
            done.problems += found.problems
        return self._states[source.name].after_reading(
            self._clock(), every, changed=changed, problem=problem
        )

    def _collect(self, source: WatchedSource, every: timedelta) -> Collected:
        options = replace(
            self._options,
            full=source.full or self._options.full,
            outlet=source.outlet,
            most_seconds=every.total_seconds(),
        )
        try:
            return collect([source.name], self._pages, options, self._visits)
        except (QABotError, OSError) as exc:
            what = exc.strerror if isinstance(exc, OSError) else str(exc)
            reason = f"cannot be kept ({what})"
            problem = f"{display_address(source.name)} {reason} in {self._pages}"
            return Collected(problems=[problem], first_reason=reason)

    def _index(self, done: Round) -> None:
        """Bring the index up to date with the folders, and with the pages that were read.

        What cannot be done now, as another program writes, is tried again a minute later.
        """
        if not self._unindexed or self._clock() < self._retry:
            return
        changed = [one for one in self._sources.sources if one.name in self._unindexed]
        try:
            for one in changed:
                if one.folder and one.folder.is_dir():
                    report = self._update(Root(one.folder, one.outlet, one.prefix), done)
                    if report.put:
                        state = self._states[one.name]
                        self._states[one.name] = state.model_copy(update={"changed": state.read})
            if self._pages.is_dir() and any(one.address for one in changed):
                self._update(Root(self._pages), done)
        except (IndexBusyError, OSError) as exc:
            self._retry = self._clock() + _RETRY
            done.problems.append(f"the index was not brought up to date: {exc}")
            return
        self._unindexed.clear()

    def _update(self, root: Root, done: Round) -> BuildReport:
        report = self._bot.update([root])
        done.reports.append(report)
        known, problems = self._told.get(root.path, ()), [*map(str, report.problems)]
        done.problems += [one for one in problems if one not in known]
        self._told[root.path] = problems
        return report

    def _keep_states(self, done: Round) -> None:
        try:
            self._kept.write(self._states)
        except (QABotError, OSError) as exc:
            done.problems.append(f"the times of reading were not kept: {exc}")
