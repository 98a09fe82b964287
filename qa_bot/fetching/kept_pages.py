"""The folder of pages that were read: one file each, at a path made from its address."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from qa_bot.corpus import origin_file
from qa_bot.fetching.guarded_transport import FetchError
from qa_bot.fetching.polite_client import Reply

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
_XML = ("xml", "rss", "atom")
_ROOT = re.compile(rb"<(?:[\w-]+:)?(rss|feed|RDF|urlset|sitemapindex|html)\b", re.IGNORECASE)
_CANONICAL = re.compile(
    rb"<link\b(?=[^>]*\brel\s*=\s*[\"']?canonical\b)[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.I
)
_UNSAFE = re.compile(r"[^\w.~=&,+-]+")
_LONGEST_PART = 80  # characters of a name in the folder
_HEAD_BYTES = 200_000
_VERSIONS = ".versions"  # hidden, so that an index does not read it


def is_address(text: str) -> bool:
    """Return whether a text is a web address, and not the path of a file.

    >>> is_address("https://x.example/a"), is_address("news/a.html"), is_address("ftp://x/")
    (True, False, True)
    """
    return bool(re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The folder; what it holds is found again by address."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Return the file of the cache of replies."""
        return self.folder / ".cache.sqlite"

    def keep(self, reply: Reply, suffix: str) -> tuple[Path, bool]:
        """Write a page at the path of its canonical address; return it, and if it changed.

        The file that it replaces is kept in a hidden folder beside it.
        """
        address = canonical_address(reply) if suffix == ".html" else reply.address
        path = self.folder / f"{place_of(address)}{suffix}"
        return path, self.write(path, reply.content, address)

    def write(self, path: Path, content: bytes, address: str) -> bool:
        """Write a file with its address and the time of reading; return whether it changed."""
        before = path.read_bytes() if path.is_file() else None
        if before == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        if before is not None:
            old = path.parent / _VERSIONS / f"{path.name}-{hashlib.sha256(before).hexdigest()[:12]}"
            old.parent.mkdir(exist_ok=True)
            _replace(old, before)
        origin = {"address": address, "read": datetime.now(UTC).isoformat(timespec="seconds")}
        _replace(origin_file(path), json.dumps(origin).encode())
        _replace(path, content)
        return True


def kind_of(reply: Reply) -> str:
    """Return the suffix of a page's file; ``.xml`` is a feed, ``sitemap`` a list of addresses.

    Raises:
        FetchError: it is of another kind.
    """
    media_type = reply.media_type
    if any(word in media_type for word in _XML) and media_type not in _SUFFIXES:
        root = _ROOT.search(reply.content[:_HEAD_BYTES])
        name = root[1].decode().lower() if root else ""
        if name in ("urlset", "sitemapindex"):
            return "sitemap"
        if name == "html":
            return ".html"
        if not name:
            raise FetchError("is XML of a kind that is not read")
        return ".xml"
    if media_type not in _SUFFIXES:
        raise FetchError(f"is not read: it is {media_type or 'of no stated kind'}")
    return _SUFFIXES[media_type]


def canonical_address(reply: Reply) -> str:
    """Return the address that a page names as its own, if that is on its host."""
    found = _CANONICAL.search(reply.content[:_HEAD_BYTES])
    if not found:
        return reply.address
    named = urljoin(reply.address, found[1].decode("utf-8", "replace").replace("&amp;", "&"))
    same = urlsplit(named).hostname == urlsplit(reply.address).hostname
    return named if same and urlsplit(named).scheme in ("http", "https") else reply.address


def place_of(address: str) -> str:
    """Return the path of an address in the folder, without suffix; the id of its article.

    >>> place_of("https://News.example/2021/06/ferry.html?page=2#top")
    'news.example/2021/06/ferry.html~page=2'
    >>> place_of("http://x.example/"), place_of("http://x.example/../.git/%2e%2e/a")
    ('x.example/_', 'x.example/_.._/_.git/_.._/a')
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode() if parts.hostname else "_"
    port = f"_{parts.port}" if parts.port else ""
    names = [unquote(name) for name in parts.path.split("/") if name] or ["_"]
    names[-1] += f"~{parts.query}" if parts.query else ""
    return "/".join((f"{host}{port}", *(_name(name) for name in names)))


def _name(part: str) -> str:
    """Return a part of a path as a name of a file: no hidden one, none that leads up."""
    safe = _UNSAFE.sub("_", part)
    safe = f"_{safe}_" if not safe.strip(".") else f"_{safe}" if safe.startswith(".") else safe
    if len(safe) > _LONGEST_PART:
        safe = f"{safe[:_LONGEST_PART]}-{hashlib.sha256(part.encode()).hexdigest()[:8]}"
    return safe


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
