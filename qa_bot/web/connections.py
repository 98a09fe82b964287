"""HTTP connections that cannot hold the service up by sending slowly, or nothing.

A client has so many seconds to send its request, and more the more it sends, by the rule of
Apache's mod_reqtimeout. Of the connections that wait for their clients, the oldest are closed when
there are too many: a usual request arrives in milliseconds and is never among them.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

_OPEN_FILES = 8192


def allow_many_connections() -> None:
    """Raise the limit of open files as far as the system allows: each connection takes one."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class LimitedProtocol(H11Protocol):
    """HTTP/1.1 with limits on the time of a request, and on the connections that wait.

    Attributes:
        HEADERS_S: seconds for a request's headers.
        BODY_S: seconds for its body, and a second more for every ``BYTES_PER_S`` received.
        REPLY_S: seconds in which it reads something of a reply that is ready.
        MOST_WAITING: connections that wait for their clients, at most.
    """

    HEADERS_S: ClassVar[float] = 20
    BODY_S: ClassVar[float] = 20
    BYTES_PER_S: ClassVar[int] = 500
    REPLY_S: ClassVar[float] = 60
    MOST_WAITING: ClassVar[int] = 400
    _waiting: ClassVar[dict[LimitedProtocol, None]] = {}  # the oldest first

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take what uvicorn gives its protocols."""
        super().__init__(*arguments, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._begun = 0.0
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        self._stop_reading_limit()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request; wait on until it is whole."""
        if self._timer is None:
            self._wait()
        self._received += len(data)
        super().data_received(data)
        if self.cycle and not self.cycle.response_complete and not self.cycle.more_body:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next request; uvicorn closes a connection that stays idle."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self._note_waiting()

    def pause_writing(self) -> None:
        """Give the client a limited time to read its reply."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.REPLY_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        self._stop_reading_limit()

    def _stop_reading_limit(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None

    def _wait(self) -> None:
        self._begun, self._received = self.loop.time(), 0
        self._timer = self.loop.call_later(self.HEADERS_S, self._check_time)
        self._note_waiting()

    def _note_waiting(self) -> None:
        self._waiting.pop(self, None)
        self._waiting[self] = None
        if len(self._waiting) > self.MOST_WAITING:
            oldest = next(iter(self._waiting))
            oldest._close()

    def _stop_waiting(self) -> None:
        self._waiting.pop(self, None)
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _check_time(self) -> None:
        """Close the connection if its client is too slow; else look again when it would be."""
        deadline = self._begun + self.HEADERS_S
        if self.cycle and not self.cycle.response_complete:  # the headers are there
            deadline = self._begun + self.BODY_S + self._received / self.BYTES_PER_S
        if self.flow.read_paused:  # the program reads slowly, not the client
            deadline = self.loop.time() + self.BODY_S
        if self.loop.time() >= deadline:
            self._close()
        else:
            self._timer = self.loop.call_at(deadline, self._check_time)

    def _close(self) -> None:
        self._stop_waiting()
        self.transport.close()
