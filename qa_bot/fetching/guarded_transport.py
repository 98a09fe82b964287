"""An HTTP transport that connects to public addresses only, with a deadline for each reply."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from qa_bot.errors import QABotError

_PORTS = {"http": 80, "https": 443}
_CONNECTIONS = 4
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
# Networks that the standard library calls global, and that lead to private ones or nowhere:
# the IETF's protocol assignments, 6to4's relays, Azure's host service, documentation, SRv6.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "3fff::/20", "5f00::/16"),
    )
)
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


class FetchError(QABotError):
    """An address was not read; the message says why, without the address."""


class GuardedTransport(httpx.BaseTransport):
    """Sends requests one at a time, each to a public address of its host, or to any if allowed.

    The addresses of a host are checked where the connection is made, and the connection goes to
    one that was checked: a name that means another address a moment later ("DNS rebinding") gains
    nothing.
    """

    def __init__(self, *, allow_private: bool = False, seconds: float = 30.0) -> None:
        """Take whether private addresses are allowed, and the time for a whole reply."""
        self._seconds = seconds
        self._backend = _GuardedBackend(allow_private)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=_CONNECTIONS,
            network_backend=self._backend,
        )

    def check(self, url: httpx.URL) -> None:
        """Raise FetchError for an address that must not be read."""
        if url.scheme not in _PORTS or not url.host:
            raise FetchError("is not read: it leads to no http or https address")
        if url.userinfo:
            raise FetchError("is not read: there is a login in it")
        self._backend.addresses(url.host, url.port or _PORTS[url.scheme])

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            FetchError: its address must not be read, or there is no whole reply in time; also
                while the body is read.
        """
        self._backend.end = time.monotonic() + self._seconds
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
        )
        try:
            reply = self._pool.handle_request(asked)
        except _FAILURES as exc:
            raise _fetch_error(exc, self._seconds) from exc
        assert isinstance(reply.stream, Iterable)
        return httpx.Response(
            reply.status, headers=reply.headers, stream=_Body(reply, self._seconds)
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response, seconds: float) -> None:
        self._reply, self._seconds = reply, seconds

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._reply.iter_stream()
        except _FAILURES as exc:
            raise _fetch_error(exc, self._seconds) from exc

    def close(self) -> None:
        self._reply.close()


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were checked; ``end`` is when the present reply is given up."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = httpcore.SyncBackend()
        self.end = float("inf")

    def left(self, timeout: float | None = None) -> float:
        """Return the seconds that are left, at most the timeout; ReadTimeout if none are."""
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the time for the reply is over")
        return seconds if timeout is None else min(timeout, seconds)

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; FetchError if one of them must not be used."""
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            raise FetchError(f"cannot be found: {host[:80]} has no address") from exc
        names = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._allow_private and not all(map(is_public, names)):
            raise FetchError(
                f"is not read: {host[:80]} is in a private network (--allow-private allows it)"
            )
        return names

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers."""
        failed: Exception = httpcore.ConnectError("no address")
        for address in self.addresses(host, port):
            try:
                inner = self._inner.connect_tcp(
                    address, port, min(self.left(timeout), 10.0), local_address, socket_options
                )
                return _TimedStream(inner, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failed = exc
        raise failed


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no single wait is longer than the time left for the reply."""

    def __init__(self, inner: httpcore.NetworkStream, backend: _GuardedBackend) -> None:
        self._inner, self._backend = inner, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._backend.left(timeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(inner, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _fetch_error(error: Exception, seconds: float) -> FetchError:
    """Return the error that says in words why a request failed."""
    if isinstance(error, httpcore.TimeoutException):
        return FetchError(f"does not answer in full within {seconds:g} seconds")
    if isinstance(error, httpcore.ConnectError):
        return FetchError("cannot be reached, or its certificate is not valid")
    return FetchError(f"cannot be read ({type(error).__name__})")


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet.

    >>> [is_public(one) for one in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    >>> [is_public(one) for one in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "224.0.0.1", "fec0::1")]
    [False, False, False, False]
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        inner = ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip not in _UNICAST or (inner is not None and not is_public(str(inner))):
            return False
    return ip.is_global and not ip.is_multicast
