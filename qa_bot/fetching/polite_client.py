"""A polite HTTP client: it obeys robots.txt, pauses between requests, and revalidates its cache."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from hishel import SqliteStorage
from hishel.httpx import CacheTransport
from protego import Protego

from qa_bot.fetching.guarded_transport import FetchError, GuardedTransport
from qa_bot.fetching.visits import TOO_OFTEN, Host, Visits

AGENT = f"qa-bot/{version('qa-bot')}"
_HEADERS = {
    "user-agent": AGENT,
    "accept-encoding": "identity",
    "cache-control": "no-cache",  # who reads again wants to know what changed
}
_REDIRECTS = 5
_FOR_GOOD = (301, 308)  # statuses of a redirect
_ROBOTS_BYTES = 500_000  # RFC 9309 asks for at least so many
_MOST_DELAY_S = 30.0  # of a Crawl-delay
_REASONS = {401: "asks for a login", 403: "refuses to be read", 404: "is not there", 410: "is gone"}

logging.getLogger("hishel").setLevel(logging.CRITICAL)  # a damaged cache only costs a request


@dataclass(frozen=True, slots=True)
class Reply:
    """What was read at an address.

    Attributes:
        address: after redirects.
        content: without its transfer encodings.
        media_type: as the server names it, in lower case without parameters.
        charset: as the server names it; empty if it names none.
        moved_from: addresses that the server redirected from for good.
    """

    address: str
    content: bytes
    media_type: str
    charset: str = ""
    moved_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Redirect:
    """Where else to read, and whether that is the address from now on."""

    address: str
    for_good: bool


class PoliteClient:
    """Reads addresses one at a time; use it as a context manager."""

    def __init__(
        self,
        cache: Path,
        *,
        most_bytes: int,
        allow_private: bool = False,
        delay_s: float = 1.0,
        seconds: float = 30.0,
        visits: Visits | None = None,
    ) -> None:
        """Open a cache.

        Args:
            cache: file that keeps what was read, with its validators (RFC 9111).
            most_bytes: of one reply, as it is sent and as it is kept.
            allow_private: whether to read from private networks and this machine.
            delay_s: pause between two requests to a host.
            seconds: for one whole reply, redirects apart.
            visits: those before, also of other clients (default: none).
        """
        self._guarded = GuardedTransport(allow_private=allow_private, seconds=seconds)
        self._transport = CacheTransport(self._guarded, _storage(cache, most_bytes), rfc=True)
        self._most_bytes, self._delay = most_bytes, delay_s
        self._visits = visits or Visits()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the connections and the cache."""
        self._transport.close()

    def get(self, address: str) -> Reply:
        """Read an address, and where it redirects to.

        Raises:
            FetchError: with the reason why it was not read.
        """
        moved: tuple[str, ...] = ()
        for _ in range(_REDIRECTS + 1):
            url = _parsed(address)
            self._guarded.check(url)
            self._wait_for_permission(url)
            reply = self._read(url, self._most_bytes)
            if isinstance(reply, Reply):
                if not reply.content:
                    raise FetchError("is empty")
                return replace(reply, moved_from=moved)
            moved = (*moved, str(url)) if reply.for_good else ()
            address = reply.address
        raise FetchError(f"redirects more than {_REDIRECTS} times")

    def _wait_for_permission(self, url: httpx.URL) -> None:
        """Wait until a host may be asked, and refuse what its robots.txt does not allow."""
        host = self._host(url)
        if host.closed:
            raise FetchError(host.closed)
        if host.rules and not host.rules.can_fetch(str(url), AGENT):
            raise FetchError("is not read: the site's robots.txt does not allow it")
        self._visits.refuse_rest(url.host)
        self._visits.wait(url.host, host.delay)

    def _host(self, url: httpx.URL) -> Host:
        place = f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"
        hosts = self._visits.hosts
        if place not in hosts or hosts[place].is_old:
            host = hosts[place] = Host(self._delay)
            try:
                self._read_rules(host, url.copy_with(raw_path=b"/robots.txt", fragment=None))
            except FetchError as exc:
                host.closed = str(exc)
        return hosts[place]

    def _read_rules(self, host: Host, url: httpx.URL) -> None:
        """Read robots.txt: without one all is allowed, with an error of the server nothing."""
        for _ in range(_REDIRECTS + 1):
            self._guarded.check(url)
            self._visits.wait(url.host, host.delay)
            try:
                reply = self._read(url, _ROBOTS_BYTES, cut=True)
            except _StatusError as exc:
                if exc.status >= 500 or exc.status == TOO_OFTEN:
                    raise FetchError(
                        "is not read: the site's robots.txt cannot be read now"
                    ) from exc
                return
            if isinstance(reply, Reply):
                host.rules = Protego.parse(reply.content.decode("utf-8-sig", "replace"))
                asked = host.rules.crawl_delay(AGENT) or 0.0
                host.delay = max(self._delay, min(float(asked), _MOST_DELAY_S))
                return
            url = _parsed(reply.address)

    def _read(self, url: httpx.URL, most_bytes: int, *, cut: bool = False) -> Reply | _Redirect:
        """Return what is there, or where it redirects to.

        No client of httpx is between: that would keep cookies, and send the login of an address.
        """
        response = self._transport.handle_request(httpx.Request("GET", url, headers=_HEADERS))
        try:
            if response.has_redirect_location:
                target = url.join(_parsed(response.headers["location"]))
                return _Redirect(str(target), response.status_code in _FOR_GOOD)
            if response.status_code != 200:
                after = response.headers.get("retry-after", "").strip()
                self._visits.rest(url.host, response.status_code, after)
                raise _StatusError(response.status_code)
            body = _Body(response.headers.get("content-encoding", ""), most_bytes, cut)
            for chunk in response.stream:  # type: ignore[union-attr]
                if not body.take(chunk):
                    break
            content = body.whole()
        finally:
            response.close()
        kind, _, rest = response.headers.get("content-type", "").partition(";")
        charset = rest.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
        return Reply(str(url), content, kind.strip().lower(), charset)


class _StatusError(FetchError):
    """A reply that is neither a page nor a redirect."""

    def __init__(self, status: int) -> None:
        self.status = status
        said = _REASONS.get(status) or ("fails at its site" if status >= 500 else "is not given")
        super().__init__(f"{said} (status {status})")


class _Body:
    """A body as it comes: its compression is undone, and neither form is over the limit."""

    def __init__(self, encoding: str, most_bytes: int, cut: bool) -> None:
        """Take the encoding, the limit, and whether the rest is cut off rather than an error."""
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"is encoded in a way that is not read ({encoding[:20]})")
        self._compressed = name not in ("", "identity")
        self._inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        self._most, self._cut = most_bytes, cut
        self._content = bytearray()
        self._sent = 0

    def take(self, chunk: bytes) -> bool:
        """Take a part; return whether more is wanted."""
        self._sent += len(chunk)
        room = self._most + 1 - len(self._content)
        self._content += self._inflate(chunk, room) if self._compressed else chunk[:room]
        if len(self._content) <= self._most and self._sent <= self._most:
            return True
        if not self._cut:
            raise FetchError(f"is larger than {self._most / 1e6:g} MB (setting max_file_mb)")
        return False

    def whole(self) -> bytes:
        """Return the body; FetchError if its compression ends before its end."""
        if self._compressed and not self._inflater.eof and not self._cut:
            raise FetchError("is damaged: its compression cannot be undone")
        return bytes(self._content[: self._most])

    def _inflate(self, chunk: bytes, room: int) -> bytes:
        out = bytearray()
        try:
            while chunk and len(out) < room:
                if self._inflater.eof:  # a gzip file may have several members
                    self._inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
                out += self._inflater.decompress(chunk, room - len(out))
                chunk = self._inflater.unused_data
        except zlib.error as exc:
            raise FetchError("is damaged: its compression cannot be undone") from exc
        return bytes(out)


def _parsed(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
        _ = url.port, url.host
    except (httpx.InvalidURL, ValueError) as exc:
        raise FetchError("is no web address") from exc
    return url


def _storage(cache: Path, most_bytes: int) -> SqliteStorage:
    """Return the cache in a file; one that is no cache is set aside."""
    try:
        with sqlite3.connect(cache) as opened:
            opened.execute("PRAGMA schema_version")
        opened.close()
        return SqliteStorage(database_path=cache, max_stream_size=most_bytes)
    except (sqlite3.DatabaseError, RuntimeError) as exc:
        if isinstance(exc, sqlite3.OperationalError):  # a full disk, or one that is only read
            raise FetchError(f"is not read: the cache of pages cannot be used ({exc})") from exc
        cache.replace(cache.with_name(f"{cache.name}-damaged"))
        return SqliteStorage(database_path=cache, max_stream_size=most_bytes)
