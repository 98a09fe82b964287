"""The folder of pages that were read: one file each, at a path made from its address."""

from __future__ import annotations

import glob
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from qa_bot.corpus import KINDS, origin_file
from qa_bot.fetching.guarded_transport import FetchError
from qa_bot.fetching.polite_client import Reply

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
_LISTS = {b"rss": ".xml", b"feed": ".xml", b"rdf": ".xml", b"urlset": "sitemap"}
_ROOT = re.compile(rb"<(?:[\w-]+:)?(rss|feed|rdf|urlset|sitemapindex)\b", re.IGNORECASE)
_BEFORE_ROOT = ((b"<!--", b"-->"), (b"<?", b">"), (b"<!", b">"))  # how each begins and ends
_LINK = re.compile(rb"<link\b([^>]{0,2000})>", re.IGNORECASE)
_REL = re.compile(rb"\brel\s{0,9}=\s{0,9}[\"']?canonical\b", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s{0,9}=\s{0,9}[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")
_UNSAFE = re.compile(r"[^\w.=&,+-]+")
_LONGEST_NAME, _LONGEST_PLACE = 100, 600  # bytes
_MOST_NAMES = 12  # of a path
_HEAD_BYTES = 200_000
_KEPT_VERSIONS = 20  # of a page
_VERSIONS = ".versions"  # hidden, so that an index does not read it


def is_address(text: str) -> bool:
    """Return whether a text is a web address, and not the path of a file.

    >>> is_address("https://x.example/a"), is_address("news/a.html"), is_address("ftp://x/")
    (True, False, True)
    """
    return bool(re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The folder; what it holds is found again by address.

    Attributes:
        folder: of the files.
        outlet: publisher of what is kept from now on, if it is known.
    """

    folder: Path
    outlet: str | None = None

    @property
    def cache(self) -> Path:
        """Return the file of the cache of replies."""
        return self.folder / ".cache.sqlite"

    @property
    def lock(self) -> Path:
        """Return the file that one program at a time holds."""
        return self.folder / ".lock"

    def keep(self, reply: Reply, suffix: str) -> tuple[Path, bool]:
        """Write a page at the path of its canonical address; return it, and if it changed."""
        address = canonical_address(reply) if suffix == ".html" else without_tracking(reply.address)
        return self.write(place_of(address), suffix, replace(reply, address=address))

    def mark_feed(self, address: str) -> None:
        """Note that there is a feed at an address: a page in its place is an error of the site."""
        mark = self._feed_mark(address)
        if not mark.exists():
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()

    def was_feed(self, address: str) -> bool:
        """Return whether there was a feed at an address, or its name says so."""
        named = urlsplit(address).path.lower().endswith((".rss", ".atom", ".rdf"))
        return named or self._feed_mark(address).exists()

    def _feed_mark(self, address: str) -> Path:
        place = self.folder / place_of(address)
        return place.with_name(f".{place.name}.feed")

    def pages_at(self, place: str) -> list[Path]:
        """Return the files of whole pages at a place: an entry of a feed is none."""
        files = (self.folder / f"{place}{suffix}" for suffix in _SUFFIXES.values())
        return [file for file in files if file.exists()]

    def has_page_of(self, address: str) -> bool:
        """Return whether there is a whole page of an address; of one that makes no path, False."""
        try:
            return bool(self.pages_at(place_of(address)))
        except ValueError:
            return False

    def write(
        self, place: str, suffix: str, reply: Reply, feed: str | None = None
    ) -> tuple[Path, bool]:
        """Write a file and where it is from; return its path and whether it changed.

        What it replaces, in whatever form, is kept in a hidden folder beside it, up to 20 versions.
        ``feed`` is the place of the feed that an entry is of.

        Raises:
            FetchError: the place is not one in the folder.
        """
        path = self.folder / f"{place}{suffix}"
        inside = path.relative_to(self.folder).parts
        if any(part.startswith(".") or not part.isprintable() for part in inside):
            raise FetchError("has an address that makes no path")
        if path.is_file() and path.read_bytes() == reply.content:
            return path, False
        path.parent.mkdir(parents=True, exist_ok=True)
        origin = {
            "address": reply.address,
            "charset": reply.charset,
            "read": datetime.now(UTC).isoformat(timespec="seconds"),
            **({"outlet": self.outlet} if self.outlet else {}),
            **({"feed": feed} if feed else {}),
        }
        with written(path.parent, reply.content) as content:
            with written(path.parent, json.dumps(origin).encode()) as about:
                for other in (*self.pages_at(place), self.folder / f"{place}.jsonl"):
                    self.set_aside(other)
                about.replace(origin_file(path))
            content.replace(path)
        return path, True

    def set_aside(self, path: Path) -> None:
        """Move a file, if it is there, to the older versions."""
        if not path.is_file():
            return
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        old = path.parent / _VERSIONS / f"{path.name}-{digest}"
        old.parent.mkdir(exist_ok=True)
        path.replace(old)
        old.touch()
        versions = sorted(old.parent.glob(f"{glob.escape(path.name)}-*"), key=_time)
        for oldest in versions[:-_KEPT_VERSIONS]:
            oldest.unlink(missing_ok=True)


def kind_of(reply: Reply) -> str:
    """Return the suffix of a page's file; ``.xml`` is a feed, ``sitemap`` a list of addresses.

    The root of XML counts more than the type that the server names.

    Raises:
        FetchError: it is of another kind.
    """
    root = _ROOT.match(_from_root(reply.content[:_HEAD_BYTES]))
    if root:
        return _LISTS.get(root[1].lower(), "sitemap")
    if reply.media_type in _SUFFIXES:
        return _SUFFIXES[reply.media_type]
    if "xml" in reply.media_type:
        raise FetchError("is XML of a kind that is not read")
    raise FetchError(f"is not read: it is {reply.media_type[:60] or 'of no stated kind'}")


def _from_root(content: bytes) -> bytes:
    """Return what follows the declarations and comments at the start of a page."""
    rest = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    while found := next((pair for pair in _BEFORE_ROOT if rest.startswith(pair[0])), None):
        end = rest.find(found[1])
        if end < 0:
            return b""
        rest = rest[end + len(found[1]) :].lstrip()
    return rest


def _without_comments(content: bytes) -> bytes:
    first, *others = content.split(b"<!--")
    return b"".join([first, *(other.partition(b"-->")[2] for other in others)])


def canonical_address(reply: Reply) -> str:
    """Return the address that a page names as its own, if that is one of its site.

    The front page is the own address of no other page.
    """
    head = _without_comments(reply.content[:_HEAD_BYTES])
    link = next((m[1] for m in _LINK.finditer(head) if _REL.search(m[1])), b"")
    href = _HREF.search(link)
    if href:
        try:
            given = href[1].decode("utf-8", "replace").replace("&amp;", "&")
            named = urljoin(reply.address, given)
            is_own = same_site(named, reply.address) and urlsplit(named).path.strip("/")
        except ValueError:
            is_own = ""
        if is_own:
            return without_tracking(named)
    return without_tracking(reply.address)


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses have the same host and port.

    >>> same_site("http://x.example/a", "https://x.example/b"), same_site("http://x:81/", "http://x/")
    (True, False)
    """
    places = []
    for address in (one, other):
        parts = urlsplit(address)
        port = parts.port if parts.port not in (80, 443) else None
        places.append(((parts.hostname or "").rstrip("."), port))
    return places[0] == places[1]


def without_tracking(address: str) -> str:
    """Return an address without fragment, and without what only says who led there.

    >>> without_tracking("https://x.example/a?id=7&utm_source=mail#top")
    'https://x.example/a?id=7'
    """
    parts = urlsplit(address)
    query = parts.query
    if _TRACKING.search(query):
        given = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(name, value) for name, value in given if not _TRACKING.match(name)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def place_of(address: str) -> str:
    """Return the path of an address in the folder, without suffix; the id of its article.

    Addresses that differ in more than http or https have places that differ: where a name had to
    be altered, a hash of the address follows.

    >>> place_of("https://News.example/2021/06/ferry?page=2#top")
    'news.example/2021/06/ferry~page=2'
    >>> place_of("http://x.example/../.git/a")
    'x.example/_/_git/a-ce8d6585'
    """
    address = without_tracking(address)
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode()
    port = f"_{parts.port}" if parts.port else ""
    given = parts.path.removeprefix("/").split("/")
    names = [_name(name, is_last=at == len(given) - 1) for at, name in enumerate(given)]
    if parts.query:
        names[-1] += f"~{_name(parts.query, is_last=True)}"
    path = "/".join((_name(f"{host}{port}", is_last=True), *names[:_MOST_NAMES]))
    query = f"~{parts.query}" if parts.query else ""
    as_given = f"{host}{port}/{parts.path.removeprefix('/')}{query}"
    if path != as_given or len(path.encode()) > _LONGEST_PLACE:
        known = f"{host}{port}{parts.path}?{parts.query}"
        digest = hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:8]
        path = f"{_shortened(path, _LONGEST_PLACE)}-{digest}"
    return path


def _name(part: str, *, is_last: bool) -> str:
    """Return a part of an address as a name: no hidden one, none that leads up, no file's name."""
    safe = _UNSAFE.sub("_", unquote(part)).strip(".")
    safe = re.sub(r"^[._]*", lambda m: "_" * bool(m[0]), safe) or "_"
    if part.startswith("."):
        safe = f"_{safe.lstrip('_')}"
    if not is_last and Path(safe).suffix.lower() in KINDS:
        safe += "_"  # a folder there would be in the way of a page's file
    return _shortened(safe, _LONGEST_NAME)


def _shortened(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode("utf-8", "ignore").rstrip("/") or "_"


def _time(path: Path) -> float:
    """Return when a file was changed; 0 for one that is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def written(folder: Path, content: bytes) -> Iterator[Path]:
    """Write a new file in a folder; it is deleted unless it is moved within the block."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.close()
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)
