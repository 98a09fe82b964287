"""Serve at once, and pass requests on to an application as soon as it is made."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from fastapi import FastAPI

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="1">
<title>qa-bot</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 90vh; margin: 0; padding: 1rem; }
</style>
</head>
<body>
<main role="status">
<p>qa-bot is loading its models and articles. This page opens by itself.</p>
</main>
</body>
</html>
"""
_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Opening:
    """An ASGI application that makes another one in a thread, and passes requests on to it.

    Until then it says that the process lives (``/healthz``) and is not ready (``/readyz``), and
    shows browsers a page that opens by itself; other requests wait.

    Attributes:
        error: what ended the making, or None.
    """

    def __init__(self, make: Callable[[], FastAPI], stop: Callable[[], None]) -> None:
        """Take what makes the application, and what stops the server if that fails."""
        self.error: Exception | None = None
        self._make = make
        self._stop = stop
        self._app: FastAPI | None = None
        self._made = asyncio.Event()
        self._closing = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def give_up(self) -> None:
        """Answer the requests that wait, if the application is not made yet; for a signal."""
        if self._loop and not self._app:
            self._loop.call_soon_threadsafe(self._made.set)

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        """Live from start to stop, or answer a request."""
        if scope["type"] == "lifespan":
            await receive()
            self._loop = asyncio.get_running_loop()
            living = asyncio.create_task(self._live())
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._closing.set()
            await living
            await send({"type": "lifespan.shutdown.complete"})
            return
        reply = None if self._app else _early_reply(scope)
        if not reply:
            await self._made.wait()
        if self._app:
            await self._app(scope, receive, send)
            return
        status, kind, body = reply or (503, b"application/json", b'{"error": "It is stopping."}')
        headers = [
            (b"content-type", kind),
            (b"content-length", b"%d" % len(body)),
            (b"content-security-policy", _POLICY),
            (b"cache-control", b"no-store"),
            (b"retry-after", b"1"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self) -> None:
        """Make the application, and keep it until the server stops."""
        making = self._make_in_thread()
        closing = asyncio.create_task(self._closing.wait())
        both: set[asyncio.Future[Any]] = {making, closing}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        try:
            if making.done():
                app = making.result()
                async with app.router.lifespan_context(app):
                    self._app = app
                    self._made.set()
                    await closing
        except Exception as exc:
            self.error = exc
            self._stop()
        finally:
            self._made.set()
            closing.cancel()

    def _make_in_thread(self) -> asyncio.Future[FastAPI]:
        """Make the application in a thread that does not keep a stopped program alive."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[FastAPI] = loop.create_future()

        def settle(app: FastAPI | None, exc: Exception | None) -> None:
            if future.cancelled():
                return
            if exc:
                future.set_exception(exc)
            elif app:
                future.set_result(app)

        def run() -> None:
            made: FastAPI | None = None
            error: Exception | None = None
            try:
                made = self._make()
            except Exception as exc:
                error = exc
            with suppress(RuntimeError):  # the loop is closed: the program is stopping
                loop.call_soon_threadsafe(settle, made, error)

        threading.Thread(target=run, name="opening", daemon=True).start()
        return future


def _early_reply(scope: MutableMapping[str, Any]) -> tuple[int, bytes, bytes] | None:
    """Return status, type and body for a request that is answered before the application."""
    if scope["path"] == "/healthz":
        return 200, b"application/json", json.dumps({"status": "ok"}).encode()
    if scope["path"] == "/readyz":
        state = {"status": "not ready", "reason": "The models and articles are loading."}
        return 503, b"application/json", json.dumps(state).encode()
    accepted = dict(scope["headers"]).get(b"accept", b"")
    if scope["path"] == "/" and b"text/html" in accepted:
        return 503, b"text/html; charset=utf-8", _PAGE.encode()
    return None
