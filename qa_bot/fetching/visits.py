"""When each host was asked last, and how long it is to be left alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from protego import Protego

from qa_bot.fetching.guarded_transport import FetchError

TOO_OFTEN = 429
_UNAVAILABLE = 503
_LONGEST_PAUSE_S = 3_600.0  # that a site may ask for with Retry-After
_PAUSE_S = 60.0  # after "too often" without one


_KNOWN_S = 3_600.0  # for which a robots.txt counts; RFC 9309 allows a day
_CLOSED_S = 600.0  # after which one that could not be read is tried again


@dataclass(slots=True)
class Host:
    """What robots.txt says at one scheme, host and port.

    Attributes:
        delay: pause between two requests, in seconds.
        rules: those of robots.txt; None without one.
        closed: why nothing is read there; empty if something is.
        read: when it was read, in monotonic seconds.
    """

    delay: float
    rules: Protego | None = None
    closed: str = ""
    read: float = field(default_factory=time.monotonic)

    @property
    def is_old(self) -> bool:
        """Return whether robots.txt is to be read again."""
        return time.monotonic() - self.read > (_CLOSED_S if self.closed else _KNOWN_S)


@dataclass(slots=True)
class Visits:
    """When hosts were asked, and what their robots.txt says; several clients may share it.

    Attributes:
        hosts: by scheme, host and port.
        asked: when each host was asked last, in monotonic seconds.
        rests: until when a host asked to be left alone, in monotonic seconds.
        sleep: waits; for tests.
    """

    hosts: dict[str, Host] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)
    rests: dict[str, float] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep

    def wait(self, host: str, delay: float) -> None:
        """Wait until a host may be asked again, whatever the scheme and the port."""
        if host in self.asked:
            self.sleep(max(0.0, self.asked[host] + delay - time.monotonic()))
        self.asked[host] = time.monotonic()

    def refuse_rest(self, host: str) -> None:
        """Raise a FetchError while a host is to be left alone."""
        left = self.rests.get(host, 0.0) - time.monotonic()
        if left > 0:
            raise FetchError(f"is not read: its site asks to be left alone for {left:,.0f} s")

    def rest(self, host: str, status: int, retry_after: str) -> None:
        """Leave a host alone for as long as it asks for, if its reply says so."""
        if status == TOO_OFTEN or (status == _UNAVAILABLE and retry_after):
            asked = _seconds(retry_after)
            pause = min(asked, _LONGEST_PAUSE_S) if asked and asked > 0 else _PAUSE_S
            self.rests[host] = time.monotonic() + pause


def _seconds(retry_after: str) -> float | None:
    """Return the seconds of a Retry-After, which is a number or a date; None for another text."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
