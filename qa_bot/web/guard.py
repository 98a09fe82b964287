"""Requests → Gradio, but for those that must not reach it; what it forbids is plain 4xx JSON.

ASGI middleware. It stops writes from other sites, endpoints of Gradio that we do not use (some of
them fetch outside addresses or write files), bodies over the limit, and tracebacks; and it sets
the headers that keep a page from loading anything from elsewhere.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1_000_000
_FORBIDDEN = re.compile(
    r"^/(?:gradio_api/(?:upload|file[=/](?:https?:|//)|proxy=|process_recording|deep_link|"
    r"component_server|stream/|vibe-|undo-vibe|runs|run-history)|monitoring|pwa_icon)",
    re.IGNORECASE,
)
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; "
        "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'; worker-src 'self' blob:"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}

log = logging.getLogger(__name__)


class _TooLargeError(Exception):
    """The body grew over the limit while it was read."""


class Guard:
    """Wraps an application; see the module."""

    def __init__(self, app: Application, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        """Guard the application, with this limit for the body of one request."""
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with 403, 404 or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        refusal = self._refusal(scope, headers)
        if refusal:
            await _reply(_with_headers(send), *refusal)
            return
        await self._pass_on(scope, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return status and sentence for a request that must not go on."""
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and _from_elsewhere(headers):
            return 403, "Requests from other sites are not accepted."
        if _FORBIDDEN.match(unquote(unquote(scope["path"]))):
            return 404, "There is nothing here."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._max_body_bytes:
            return 413, f"The request is over the limit of {self._max_body_bytes:,} bytes."
        return None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_body_bytes:
                raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await _with_headers(send)(message)

        try:
            await self._app(scope, counted, _without_500(scope, watched))
        except _TooLargeError:
            if not started:
                sentence = f"The request is over the limit of {self._max_body_bytes:,} bytes."
                await _reply(watched, 413, sentence)
        except Exception as exc:  # the last wall: no traceback goes to a client or into the log
            log.error("%s %s failed: %s", scope["method"], scope["path"], type(exc).__name__)
            if not started:
                await _reply(watched, 500, "Something failed here; your articles are safe.")


def _from_elsewhere(headers: dict[str, str]) -> bool:
    """Return whether a browser says that another site sent the request."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _with_headers(send: Send) -> Send:
    """Add our headers to the start of the response."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0].decode().lower() not in _HEADERS]
            ours = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            message = {**message, "headers": kept + ours}
        await send(message)

    return sending


def _without_500(scope: Scope, send: Send) -> Send:
    """Turn Gradio's plain 500 for malformed calls of its API into 400 with a sentence."""
    replaced = False

    async def sending(message: Message) -> None:
        nonlocal replaced
        starts = message["type"] == "http.response.start"
        if starts and message["status"] == 500 and scope["path"].startswith("/gradio_api/"):
            replaced = True
            await _reply(send, 400, "The call is malformed or names something unknown.")
        elif not replaced:
            await send(message)

    return sending


async def _reply(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
