"""A client that reads pages as a guest: what robots.txt allows, slowly, and what changed only."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from hishel import SqliteStorage
from hishel.httpx import CacheTransport
from protego import Protego

from qa_bot.fetching.guarded_transport import FetchError, GuardedTransport

AGENT = f"qa-bot/{version('qa-bot')}"
_REDIRECTS = 5
_ROBOTS_BYTES = 500_000  # RFC 9309 asks for at least so many
_MOST_DELAY_S = 30.0  # of a Crawl-delay
_STEP = 65_536
_REASONS = {401: "asks for a login", 403: "refuses to be read", 404: "is not there", 410: "is gone"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What was read at an address.

    Attributes:
        address: after redirects.
        content: without its transfer encodings.
        media_type: as the server names it, in lower case without parameters.
        is_new: False if the cache had it, fresh or confirmed by the server.
    """

    address: str
    content: bytes
    media_type: str
    is_new: bool


@dataclass(slots=True)
class _Host:
    """What is known of a host: its rules, and when it was asked last (monotonic seconds)."""

    rules: Protego | None = None
    closed: str = ""
    asked: float | None = None
    delay: float = field(default=0.0)


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
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open a cache.

        Args:
            cache: file that keeps what was read, with its validators (RFC 9111).
            most_bytes: of one reply.
            allow_private: whether to read from private networks and this machine.
            delay_s: pause between two requests to a host.
            seconds: for one reply, redirects apart.
            sleep: waits; for tests.
        """
        storage = SqliteStorage(database_path=cache, max_stream_size=most_bytes)
        guarded = GuardedTransport(allow_private=allow_private)
        self._client = httpx.Client(
            transport=CacheTransport(guarded, storage, rfc=True),
            headers={"user-agent": AGENT, "accept-encoding": "identity"},
            timeout=min(seconds, 10.0),
            trust_env=False,
        )
        self._most_bytes, self._delay, self._seconds = most_bytes, delay_s, seconds
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the connections and the cache."""
        self._client.close()

    def get(self, address: str) -> Reply:
        """Read an address, and where it redirects to.

        Raises:
            FetchError: with the reason why it was not read.
        """
        for _ in range(_REDIRECTS + 1):
            try:
                url = httpx.URL(address)
            except (httpx.InvalidURL, ValueError) as exc:
                raise FetchError("is no web address") from exc
            self._knock(url)
            reply = self._read(url, self._most_bytes)
            if isinstance(reply, Reply):
                return reply
            address = reply
        raise FetchError(f"redirects more than {_REDIRECTS} times")

    def _knock(self, url: httpx.URL) -> None:
        """Wait until a host may be asked, and refuse what its robots.txt does not allow."""
        host = self._host(url)
        if host.closed:
            raise FetchError(host.closed)
        if host.rules and not host.rules.can_fetch(str(url), AGENT):
            raise FetchError("is not read: the site's robots.txt does not allow it")
        self._wait(host)

    def _host(self, url: httpx.URL) -> _Host:
        place = f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"
        if place not in self._hosts:
            host = self._hosts[place] = _Host(delay=self._delay)
            try:
                self._read_rules(host, url.copy_with(raw_path=b"/robots.txt"))
            except FetchError as exc:
                host.closed = str(exc)
        return self._hosts[place]

    def _read_rules(self, host: _Host, url: httpx.URL) -> None:
        """Read robots.txt: without one all is allowed, with an error of the server nothing."""
        self._wait(host)
        try:
            reply = self._read(url, _ROBOTS_BYTES)
        except _StatusError as exc:
            if exc.status >= 500:
                raise FetchError("is not read: the site's robots.txt cannot be read now") from exc
            return
        if isinstance(reply, Reply):
            host.rules = Protego.parse(reply.content.decode("utf-8", "replace"))
            asked = host.rules.crawl_delay(AGENT) or 0.0
            host.delay = max(self._delay, min(float(asked), _MOST_DELAY_S))

    def _wait(self, host: _Host) -> None:
        if host.asked is not None:
            self._sleep(max(0.0, host.asked + host.delay - time.monotonic()))
        host.asked = time.monotonic()

    def _read(self, url: httpx.URL, most_bytes: int) -> Reply | str:
        """Return what is there, or the address that it redirects to."""
        try:
            with self._client.stream("GET", url) as response:
                if response.has_redirect_location:
                    return str(url.join(response.headers["location"]))
                if response.status_code != 200:
                    raise _StatusError(response.status_code)
                content = self._content(response, most_bytes)
                status = response.extensions["caching"]
        except httpx.TimeoutException as exc:
            raise FetchError("does not answer in time") from exc
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
            raise FetchError(f"cannot be read ({type(exc).__name__})") from exc
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(str(url), content, media_type, not status["from_cache"])

    def _content(self, response: httpx.Response, most_bytes: int) -> bytes:
        """Return the body, or raise FetchError beyond the limits of size and time."""
        expand = _expander(response.headers.get("content-encoding", ""))
        end = time.monotonic() + self._seconds
        content = bytearray()
        for chunk in response.iter_raw(_STEP):
            content += expand(chunk, most_bytes + 1 - len(content))
            if len(content) > most_bytes:
                raise FetchError(f"is larger than {most_bytes / 1e6:g} MB (setting max_file_mb)")
            if time.monotonic() > end:
                raise FetchError(f"takes longer than {self._seconds:g} seconds")
        return bytes(content)


class _StatusError(FetchError):
    """A reply that is neither a page nor a redirect."""

    def __init__(self, status: int) -> None:
        self.status = status
        said = _REASONS.get(status) or ("fails at its site" if status >= 500 else "is not given")
        super().__init__(f"{said} (status {status})")


def _expander(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what undoes a content encoding, up to a number of bytes: a bomb stays small."""
    if encoding.strip().lower() in ("", "identity"):
        return lambda chunk, most: chunk[:most]
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"is encoded in a way that is not read ({encoding[:20]})")
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)

    def expand(chunk: bytes, most: int) -> bytes:
        try:
            return inflater.decompress(chunk, max(1, most))
        except zlib.error as exc:
            raise FetchError("is damaged: its compression cannot be undone") from exc

    return expand
