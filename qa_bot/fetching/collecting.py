"""Read addresses into a folder: pages, feeds with their entries, sitemaps with their pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from qa_bot.fetching.entries import keep_entries
from qa_bot.fetching.guarded_transport import FetchError
from qa_bot.fetching.kept_pages import KeptPages, kind_of
from qa_bot.fetching.lists import pages_of_feed, pages_of_sitemap, unpacked
from qa_bot.fetching.polite_client import PoliteClient, Reply

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
        problems: addresses that were not read, each with the reason.
    """

    changed: list[Path] = field(default_factory=list)
    n_same: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An address to read, and how many lists led to it."""

    address: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Manners:
    """How to read from the web.

    Attributes:
        full: whether to read the page of each entry of a feed instead of the entry.
        allow_private: whether to read from private networks and this machine.
        delay_s: pause between two requests to a host.
        most_bytes: of one page.
    """

    full: bool = False
    allow_private: bool = False
    delay_s: float = 1.0
    most_bytes: int = 20_000_000


def collect(
    addresses: Sequence[str],
    folder: Path,
    manners: Manners = Manners(),
) -> Collected:
    """Read addresses, and those that they list, into files of a folder.

    One address that cannot be read never ends the others.

    Args:
        addresses: of pages, feeds and sitemaps.
        folder: created if it is missing; what it has of an address is replaced when that changes,
            and kept when it cannot be read.
        manners: how to read.
    """
    pages, found, queue = KeptPages(folder), Collected(), _Queue()
    folder.mkdir(parents=True, exist_ok=True)
    left_out = queue.add(map(_Wanted, addresses))
    if left_out:
        found.problems.append(f"{left_out:,} addresses over {_LIMIT} were not read")
    with (
        FileLock(pages.lock),
        PoliteClient(
            pages.cache,
            most_bytes=manners.most_bytes,
            allow_private=manners.allow_private,
            delay_s=manners.delay_s,
        ) as client,
    ):
        while wanted := queue.next():
            problem = _visit(client, wanted, pages, found, queue, manners)
            if problem:
                found.problems.append(f"{shown(wanted.address)} {problem}")
    return found


def _visit(
    client: PoliteClient,
    wanted: _Wanted,
    pages: KeptPages,
    found: Collected,
    queue: _Queue,
    manners: Manners,
) -> str:
    """Read an address, keep what is there, and queue what it lists; return what went wrong."""
    try:
        reply = client.get(wanted.address)
        left_out = queue.add(_take(reply, pages, found, wanted.depth, manners))
    except FetchError as exc:
        return str(exc)
    except OSError as exc:
        return f"cannot be kept ({exc.strerror or type(exc).__name__})"
    except ValueError:
        return "has an address that makes no path"
    return f"lists {left_out:,} over {_LIMIT}" if left_out else ""


def shown(address: str) -> str:
    """Return an address for a message: short, and without a login."""
    return re.sub(r"//[^/@]*@", "//…@", address[:_SHOWN_CHARS])


class _Queue:
    """Addresses to read, each once, up to a limit."""

    def __init__(self) -> None:
        self._waiting: deque[_Wanted] = deque()
        self._seen: set[str] = set()

    def next(self) -> _Wanted | None:
        """Return the next one, or None after the last."""
        return self._waiting.popleft() if self._waiting else None

    def add(self, wanted: Iterable[_Wanted]) -> int:
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
            self._waiting.append(_Wanted(address, one.depth))
        return left_out


def _take(
    reply: Reply, pages: KeptPages, found: Collected, depth: int, manners: Manners
) -> Iterator[_Wanted]:
    """Keep a reply, and yield the addresses that it lists."""
    if reply.media_type in ("application/gzip", "application/x-gzip"):
        reply = unpacked(reply)
    kind = kind_of(reply)
    if kind == "sitemap" or (kind == ".xml" and manners.full):
        if depth == _DEEPEST:
            raise FetchError("is a list within too many lists")
        listed, n_without = (
            (pages_of_sitemap(reply), 0) if kind == "sitemap" else pages_of_feed(reply)
        )
        if n_without:
            found.problems.append(
                f"{shown(reply.address)} has {n_without:,} entries without an address"
            )
        yield from (_Wanted(one, depth + 1) for one in listed)
    elif kind == ".xml":
        for kept in keep_entries(reply, pages):
            if isinstance(kept, str):
                found.problems.append(f"{shown(reply.address)} {kept}")
            else:
                _count(found, *kept)
    else:
        _count(found, *pages.keep(reply, kind))


def _count(found: Collected, path: Path, changed: bool) -> None:
    if changed:
        found.changed.append(path)
    else:
        found.n_same += 1
