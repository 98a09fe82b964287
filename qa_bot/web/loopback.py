"""Whether only this machine can reach the service, so that its page may change more."""

from __future__ import annotations

import ipaddress

from qa_bot.settings import Settings


def has_one_user(settings: Settings) -> bool:
    """Return whether only this machine's user has the page, and may change what it shows.

    That user may follow questions, and have the server read web addresses.
    """
    return is_loopback(settings.host) and settings.uploads != "off"


def is_loopback(host: str) -> bool:
    """Return whether an address to listen on is one of this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
