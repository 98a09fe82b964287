"""The way to the web: only to public addresses, and to the very address that was checked."""

from __future__ import annotations

import ipaddress
import socket
from functools import partial

import httpx

from qa_bot.errors import QABotError

_WEB = {"http": 80, "https": 443}


class FetchError(QABotError):
    """An address was not read; the message says why, without the address."""


class GuardedTransport(httpx.BaseTransport):
    """Sends each request to an address of its host that is public, or to any if allowed.

    The host is resolved once and the connection made to the address that was checked: a name
    that resolves to another address a moment later ("DNS rebinding") gains nothing. The
    certificate is checked against the name.
    """

    def __init__(
        self, *, allow_private: bool = False, inner: httpx.BaseTransport | None = None
    ) -> None:
        """Take whether private and loopback addresses are allowed, and what sends requests."""
        self._allow_private = allow_private
        self._inner = inner or httpx.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            FetchError: the scheme is another than http and https, the host has no address, or one
                that is not public.
            httpx.TransportError: the connection failed.
        """
        url = request.url
        if url.scheme not in _WEB:
            raise FetchError("is not read: it leads to no http or https address")
        address = self._checked(url.host, url.port or _WEB[url.scheme])
        pinned = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return self._inner.handle_request(pinned)

    def _checked(self, host: str, port: int) -> str:
        """Return an address of a host; all of them must be allowed."""
        look_up = partial(socket.getaddrinfo, type=socket.SOCK_STREAM)
        try:
            found = [str(entry[4][0]) for entry in look_up(host, port)]
        except (OSError, UnicodeError) as exc:
            raise FetchError(f"cannot be found: {host} has no address") from exc
        for one in found:
            if not self._allow_private and not is_public(one):
                raise FetchError(
                    f"is not read: {host} is in a private network (--allow-private allows it)"
                )
        return found[0]

    def close(self) -> None:
        """Close all connections."""
        self._inner.close()


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet.

    >>> [is_public(one) for one in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    >>> is_public("::ffff:127.0.0.1"), is_public("64:ff9b::7f00:1"), is_public("224.0.0.1")
    (False, False, False)
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
