"""ASGI middleware that refuses unsafe requests with a 4xx status and one sentence of JSON.

It refuses writes from other sites, endpoints of Gradio that the page does not use (some of them
fetch outside addresses or write files), bodies over the limit, and callers without the password
where one is set. It hides tracebacks, and sets the headers that keep a page from loading anything
from another site.
"""

from __future__ import annotations

import json
import logging
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from qa_bot.web.openai_errors import error_body
from qa_bot.web.sessions import Sessions, set_cookie

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1_000_000
MAX_REQUESTS = 800  # at once, those that are still being sent included
_OPEN = ("/healthz",)  # monitoring asks it without the password
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


class Guard:
    """Guards an application; the module lists the requests that it refuses."""

    def __init__(self, app: Application, password: str = "", upload_bytes: int = 0) -> None:
        """Guard the application; ``upload_bytes`` is the limit of one uploaded article file."""
        self._app = app
        self._password = password.encode()
        self._upload_bytes = upload_bytes
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with 401, 403, 404, 413 or 429."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if not self._is_allowed(scope, headers):
            sentence = "A password is needed: as the password of a login, or as a bearer token."
            await _reply(scope, _with_headers(send), 401, sentence)
            return
        refusal = self._refusal(scope, headers)
        if refusal:
            await _reply(scope, _with_headers(send), *refusal)
            return
        await self._pass_on(scope, receive, send)

    def _is_allowed(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Return whether no password is needed, or the caller gave it (HTTP Basic or Bearer)."""
        if not self._password or scope["path"] in _OPEN:
            return True
        kind, _, given = headers.get("authorization", "").partition(" ")
        try:
            password = (
                b64decode(given).partition(b":")[2]
                if kind.lower() == "basic"
                else given.encode("latin-1")  # the bytes as they were sent
            )
        except ValueError:
            return False
        return compare_digest(password, self._password)

    def _limit(self, scope: Scope) -> int:
        """Return the limit of a request's body, in bytes."""
        is_upload = scope["path"] == "/articles" and scope["method"] == "POST"
        return self._upload_bytes if is_upload else MAX_BODY_BYTES

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return status and sentence for a request that is refused; None for others."""
        if self._inside >= MAX_REQUESTS and scope["path"] not in _OPEN:
            return 429, "Too many requests at once. Try again in a moment."
        safe = scope["method"] in ("GET", "HEAD", "OPTIONS")
        if not safe and _is_from_another_site(headers, scope["scheme"]):
            return 403, "Requests from other sites are not accepted."
        if _FORBIDDEN.match(unquote(unquote(scope["path"]))):
            return 404, "There is nothing here."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(scope):
            return 413, f"The request is over the limit of {self._limit(scope):,} bytes."
        return None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _CountedBody(receive, self._limit(scope))
        reply = _CheckedReply(scope, _with_headers(send, _new_cookie(scope)), body)
        self._inside += 1
        try:
            await self._app(scope, body.receive, reply.send)
        except Exception as exc:  # no traceback goes to a client or into the log
            if not body.too_large:
                log.error("%s %s failed: %s", scope["method"], scope["path"], type(exc).__name__)
            if not reply.started:
                await reply.send({"type": "http.response.start", "status": 500, "headers": []})
        finally:
            self._inside -= 1


class _CountedBody:
    """A request's body; it raises an error once it is over the limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.limit = limit
        self.too_large = False
        self._receive = receive
        self._read = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self.limit:
            self.too_large = True
            raise ValueError("the body is over the limit")
        return message


class _CheckedReply:
    """A reply; a plain one replaces it if the body was too large or the application failed."""

    def __init__(self, scope: Scope, send: Send, body: _CountedBody) -> None:
        self.started = False
        self._scope = scope
        self._gradio = scope["path"].startswith("/gradio_api/")
        self._send = send
        self._body = body
        self._replaced = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            replacement = self._replacement(message["status"])
            if replacement:
                self._replaced = True
                await _reply(self._scope, self._send, *replacement)
        if not self._replaced:
            await self._send(message)

    def _replacement(self, status: int) -> tuple[int, str] | None:
        if self._body.too_large:
            return 413, f"The request is over the limit of {self._body.limit:,} bytes."
        if status == 503 and self._gradio:  # its queue is full
            return 429, "Too many questions are waiting already. Ask again in a moment."
        if status == 500 and self._gradio:  # Gradio's answer to unknown functions
            return 400, "The call is malformed or names something unknown."
        if status == 500:
            return 500, "Something failed here; your articles are safe."
        return None


_RETRY_AFTER_S = b"5"


def _is_from_another_site(headers: dict[str, str], scheme: str) -> bool:
    """Return whether the browser's headers name another site as the sender.

    A page of http is another site than a service of https. The other way round, a proxy in front of
    the service may speak https for it.
    """
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    sent_by = urlsplit(origin)
    insecure = scheme == "https" and sent_by.scheme == "http"
    return insecure or sent_by.netloc != headers.get("host")


def _new_cookie(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return the cookie header of a new session, for a browser that opens the page without one."""
    request = Request(scope)
    if request.url.path != "/" or Sessions.id_of(request.cookies):
        return []
    given = Response()
    set_cookie(given, Sessions.new_id())
    return [(name, value) for name, value in given.raw_headers if name == b"set-cookie"]


def _with_headers(send: Send, more: Sequence[tuple[bytes, bytes]] = ()) -> Send:
    """Return ``send`` with the security headers, and ``more``, added to the start of a response."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0].decode().lower() not in _HEADERS]
            secure = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            busy = [(b"retry-after", _RETRY_AFTER_S)] if message["status"] == 429 else []
            message = {**message, "headers": [*kept, *secure, *more, *busy]}
        await send(message)

    return sending


async def _reply(scope: Scope, send: Send, status: int, sentence: str) -> None:
    """Send an error, below ``/v1`` in the OpenAI form."""
    openai = scope["path"].startswith("/v1/")
    body = json.dumps(error_body(status, sentence) if openai else {"error": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="qa-bot", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
