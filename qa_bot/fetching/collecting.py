"""Read addresses into a folder: pages, feeds with their entries, sitemaps with their pages."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from lxml import etree

from qa_bot.corpus import Limits, Problem, Source, read_source
from qa_bot.datatypes import Article
from qa_bot.fetching.guarded_transport import FetchError
from qa_bot.fetching.kept_pages import KeptPages, kind_of, place_of
from qa_bot.fetching.polite_client import PoliteClient, Reply

Progress = Callable[[str], None]
"""Called with each address before it is read."""

MOST_PAGES = 1_000
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
    progress: Progress | None = None,
) -> Collected:
    """Read addresses, and those that they list, into files of a folder.

    One address that cannot be read never ends the others.

    Args:
        addresses: of pages, feeds and sitemaps.
        folder: created if it is missing; what it has of an address is replaced when that changes,
            and kept when it cannot be read.
        manners: how to read.
        progress: told each address before it is read.
    """
    pages, found, queue = KeptPages(folder), Collected(), _Queue(addresses)
    folder.mkdir(parents=True, exist_ok=True)
    with PoliteClient(
        pages.cache,
        most_bytes=manners.most_bytes,
        allow_private=manners.allow_private,
        delay_s=manners.delay_s,
    ) as client:
        while wanted := queue.next():
            if progress:
                progress(wanted.address)
            try:
                reply = client.get(wanted.address)
                left_out = queue.add(_take(reply, pages, found, wanted.depth, manners))
            except FetchError as exc:
                found.problems.append(f"{wanted.address} {exc}")
                continue
            if left_out:
                limit = f"the limit of {MOST_PAGES:,} addresses"
                found.problems.append(f"{wanted.address} lists {left_out:,} over {limit}")
    return found


class _Queue:
    """Addresses to read, each once, up to a limit."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._waiting: deque[_Wanted] = deque()
        self._seen: set[str] = set()
        self.add(map(_Wanted, addresses))

    def next(self) -> _Wanted | None:
        """Return the next one, or None after the last."""
        return self._waiting.popleft() if self._waiting else None

    def add(self, wanted: Iterable[_Wanted]) -> int:
        """Add addresses that are not known yet; return how many were over the limit."""
        left_out = 0
        for one in wanted:
            address = urldefrag(one.address).url
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
        reply = _unpacked(reply)
    kind = kind_of(reply)
    if kind == "sitemap" or (kind == ".xml" and manners.full):
        if depth == _DEEPEST:
            raise FetchError("is a list within too many lists")
        tags = ("loc",) if kind == "sitemap" else ("link", "guid", "id")
        yield from (_Wanted(one, depth + 1) for one in _listed(reply, tags))
    elif kind == ".xml":
        _keep_entries(reply, pages, found)
    else:
        path, changed = pages.keep(reply, kind)
        _count(found, path, changed)


def _keep_entries(reply: Reply, pages: KeptPages, found: Collected) -> None:
    """Keep each entry of a feed in a file of its own: old entries leave a feed, not the index."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "feed.xml"
        path.write_bytes(reply.content)
        source = Source(path, place_of(reply.address), "feed")
        for item in read_source(source, Limits()):
            if isinstance(item, Problem):
                if item.skipped:
                    found.problems.append(f"{reply.address} {item.reason}")
                continue
            address = urljoin(reply.address, item.url or "")
            place = place_of(address) if item.url else item.id
            target = pages.folder / f"{place}.jsonl"
            _count(found, target, pages.write(target, _line(item, place, address), address))


def _line(article: Article, place: str, address: str) -> bytes:
    """Return an entry as a line of JSON; its date stands as it was read."""
    known = {
        "id": place,
        "title": article.title,
        "publisher": article.publisher,
        "published": str(article.published) if article.published else None,
        "url": address,
        "language": article.language,
        "text": article.text,
    }
    stated = {name: value for name, value in known.items() if value}
    return f"{json.dumps(stated, ensure_ascii=False)}\n".encode()


def _listed(reply: Reply, tags: Sequence[str]) -> list[str]:
    """Return the addresses in a sitemap, or of the entries of a feed, in order, each once."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    tree = etree.fromstring(reply.content, parser)
    if tree is None:
        raise FetchError("is XML that cannot be read")
    entries = [e for e in tree.iter("{*}item", "{*}entry")] if "link" in tags else [tree]
    return list(dict.fromkeys(one for entry in entries for one in _links(entry, tags, reply)))


def _links(entry: etree._Element, tags: Sequence[str], reply: Reply) -> Iterator[str]:
    """Yield the address of an entry, or all of a sitemap."""
    for tag in tags:
        for element in entry.iter(f"{{*}}{tag}"):
            if element.get("rel", "alternate") != "alternate":
                continue
            named = (element.get("href") or element.text or "").strip()
            if named and (tag in ("link", "loc") or named.startswith(("http://", "https://"))):
                yield urljoin(reply.address, named)
                if tag != "loc":
                    return


def _unpacked(reply: Reply) -> Reply:
    """Return a sitemap that is itself a gzip file."""
    limit = 50_000_000  # of a sitemap, by its protocol
    try:
        with gzip.open(io.BytesIO(reply.content)) as packed:
            content = packed.read(limit + 1)
    except (OSError, EOFError) as exc:
        raise FetchError("is damaged: its compression cannot be undone") from exc
    if len(content) > limit:
        raise FetchError("is larger than 50 MB")
    return Reply(reply.address, content, "application/xml", reply.is_new)


def _count(found: Collected, path: Path, changed: bool) -> None:
    if changed:
        found.changed.append(path)
    else:
        found.n_same += 1
