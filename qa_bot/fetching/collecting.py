"""Read addresses into a folder: pages, feeds with their entries, sitemaps with their pages."""

from __future__ import annotations

import math
import random
import re
import time
from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from qa_bot.fetching.entries import keep_entries
from qa_bot.fetching.guarded_transport import FetchError
from qa_bot.fetching.kept_pages import KeptPages, kind_of, without_tracking
from qa_bot.fetching.lists import decompressed, pages_of_feed, pages_of_sitemap
from qa_bot.fetching.moves import leave_old_places
from qa_bot.fetching.polite_client import PoliteClient, Reply
from qa_bot.fetching.visits import Visits

MOST_PAGES = 1_000
_LIMIT = f"the limit of {MOST_PAGES:,} addresses"
_SHOWN_CHARS = 300
_DEEPEST = 3  # of lists that name lists


@dataclass(slots=True)
class Collected:
    """What was read.

    Attributes:
        changed: files that are new or have other bytes than before.
        n_same: pages and entries that were as before.
        n_moved: pages that replaced what was kept of another address.
        problems: addresses that were not read, each with the reason.
        first_reason: that of the first problem, without its address.
    """

    changed: list[Path] = field(default_factory=list)
    n_same: int = 0
    n_moved: int = 0
    problems: list[str] = field(default_factory=list)
    first_reason: str = ""

    @property
    def failed(self) -> bool:
        """Return whether nothing could be read."""
        return bool(self.problems) and not self.changed and not self.n_same


@dataclass(frozen=True, slots=True)
class _Target:
    """An address to read, and how many lists led to it."""

    address: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to read from the web.

    Attributes:
        full: whether to read the page of each entry of a feed instead of the entry, which is kept
            only where the page cannot be read.
        outlet: publisher of what is read, if it is known.
        allow_private: whether to read from private networks and this machine.
        delay_s: pause between two requests to a host.
        most_bytes: of one page.
        most_seconds: for all addresses; what is left then is not read.
    """

    full: bool = False
    outlet: str | None = None
    allow_private: bool = False
    delay_s: float = 1.0
    most_bytes: int = 20_000_000
    most_seconds: float = math.inf


def collect(
    addresses: Sequence[str],
    folder: Path,
    options: FetchOptions = FetchOptions(),
    visits: Visits | None = None,
) -> Collected:
    """Read addresses, and those that they list, into files of a folder.

    One address that cannot be read never ends the others.

    Args:
        addresses: of pages, feeds and sitemaps.
        folder: created if it is missing; what it has of an address is replaced when that changes,
            and kept when it cannot be read.
        options: how to read.
        visits: those of other calls, so that a host is not asked too often (default: none).
    """
    pages = KeptPages(folder, options.outlet)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        FileLock(pages.lock),
        PoliteClient(
            pages.cache,
            most_bytes=options.most_bytes,
            allow_private=options.allow_private,
            delay_s=options.delay_s,
            visits=visits,
        ) as client,
    ):
        return _Collector(client, pages, options).collect(addresses)


class _Collector:
    """Reads addresses and those that they list, and counts what became of each."""

    def __init__(self, client: PoliteClient, pages: KeptPages, options: FetchOptions) -> None:
        self._client, self._pages, self._full = client, pages, options.full
        self._end = time.monotonic() + options.most_seconds
        self._queue, self._found = _Queue(), Collected()
        self._feeds: list[Reply] = []  # whose pages are read
        self._failed: set[str] = set()

    def collect(self, addresses: Sequence[str]) -> Collected:
        """Read all addresses; return what was read."""
        left_out = self._queue.add(map(_Target, addresses))
        if left_out:
            self._found.problems.append(f"{left_out:,} addresses over {_LIMIT} were not read")
        while target := self._queue.next():
            if time.monotonic() > self._end:
                n_left = 1 + self._queue.n_waiting
                self._found.problems.append(f"{n_left:,} addresses were not read: time was over")
                break
            self._visit(target)
        self._keep_entries_without_page()
        return self._found

    def _keep_entries_without_page(self) -> None:
        """Keep what a feed says of the pages that could not be read."""
        failed = set()
        for address in self._failed:
            with suppress(ValueError):  # of an address that is none
                failed.add(without_tracking(address))
        for feed in self._feeds if failed else ():
            self._keep_entries(feed, failed)

    def _keep_entries(self, feed: Reply, only: Container[str] | None = None) -> None:
        for kept in keep_entries(feed, self._pages, only):
            if isinstance(kept, str):
                self._add_problem(feed.address, kept)
            else:
                self._count(*kept)

    def _visit(self, target: _Target) -> None:
        """Read an address, keep what is there, and queue what it lists."""
        try:
            reply = self._client.get(target.address)
            left_out = self._queue.add(self._keep(reply, target.depth))
        except FetchError as exc:
            self._failed.add(target.address)
            self._add_problem(target.address, str(exc))
        except OSError as exc:
            reason = f"cannot be kept ({exc.strerror or type(exc).__name__})"
            self._add_problem(target.address, reason)
        except ValueError:
            self._add_problem(target.address, "has an address that makes no path")
        else:
            if left_out:
                self._add_problem(target.address, f"lists {left_out:,} over {_LIMIT}")

    def _keep(self, reply: Reply, depth: int) -> Iterator[_Target]:
        """Keep a page or the entries of a feed; yield the addresses of a list."""
        if reply.media_type in ("application/gzip", "application/x-gzip"):
            reply = decompressed(reply)
        kind = kind_of(reply)
        if kind == ".xml":
            self._pages.mark_feed(reply.address)
        if kind == "sitemap" or (kind == ".xml" and self._full):
            if depth == _DEEPEST:
                raise FetchError("is a list within too many lists")
            listed = self._listed(reply, kind)
            if self._end < math.inf:  # another time another part, and new pages first
                random.shuffle(listed)
                listed.sort(key=self._pages.has_page_of)
            yield from (_Target(one, depth + 1) for one in listed)
        elif kind == ".xml":
            self._keep_entries(reply)
        elif kind == ".html" and self._pages.was_feed(reply.address):
            raise FetchError("is a page where there was a feed; the entries are kept as they were")
        else:
            path, changed = self._pages.keep(reply, kind)
            self._count(path, changed)
            self._found.n_moved += leave_old_places(reply, path, self._pages)

    def _listed(self, reply: Reply, kind: str) -> list[str]:
        if kind == "sitemap":
            return pages_of_sitemap(reply)
        self._feeds.append(reply)
        addresses, n_without = pages_of_feed(reply)
        if n_without:
            self._add_problem(reply.address, f"has {n_without:,} entries without an address")
        return addresses

    def _count(self, path: Path, changed: bool) -> None:
        if changed:
            self._found.changed.append(path)
        else:
            self._found.n_same += 1

    def _add_problem(self, address: str, reason: str) -> None:
        self._found.problems.append(f"{display_address(address)} {reason}")
        self._found.first_reason = self._found.first_reason or reason


def display_address(address: str, *, query: bool = True) -> str:
    """Return an address for a message: short, in one line, and without a login.

    ``query`` is false where others read the message: it may have a key.

    >>> display_address("https://me:secret@x.example/feed?token=abc", query=False)
    'https://…@x.example/feed?…'
    """
    line = re.sub(r"//[^/@]*@", "//…@", " ".join(address[:_SHOWN_CHARS].split()))
    return line if query else re.sub(r"\?.+", "?…", line)


class _Queue:
    """Addresses to read, each once, up to a limit."""

    def __init__(self) -> None:
        self._waiting: deque[_Target] = deque()
        self._seen: set[str] = set()

    @property
    def n_waiting(self) -> int:
        """Return the number of addresses not read yet."""
        return len(self._waiting)

    def next(self) -> _Target | None:
        """Return the next one, or None after the last."""
        return self._waiting.popleft() if self._waiting else None

    def add(self, wanted: Iterable[_Target]) -> int:
        """Add addresses that are not known yet; return how many were over the limit."""
        left_out = 0
        for one in wanted:
            address = one.address.partition("#")[0]
            if address in self._seen:
                continue
            if len(self._seen) >= MOST_PAGES:
                left_out += 1
                continue
            self._seen.add(address)
            self._waiting.append(_Target(address, one.depth))
        return left_out
