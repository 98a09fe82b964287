"""Middleware that replaces Gradio's link-preview tags in the head of the page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Callable[[], Awaitable[Message]], Send], Any]

_PREVIEWS = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')
_DESCRIPTION = b"Answers from news articles, each sentence with its source."
_OWN = (
    b'<meta name="description" content="' + _DESCRIPTION + b'" />'
    b'<meta property="og:title" content="qa-bot" /><meta property="og:type" content="website" />'
    b'<meta property="og:description" content="' + _DESCRIPTION + b'" />'
    b'<link rel="icon" type="image/svg+xml" href="page-files/icon.svg" />'
)


class PageHead:
    """Rewrites the head of the page at the root; all other replies pass through."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Send,
    ) -> None:
        """Pass the request on; hold the reply back until its head is rewritten."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = own_head(bytes(body))
                headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
                start["headers"] = [*headers, (b"content-length", str(len(page)).encode())]
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, hold)


def own_head(page: bytes) -> bytes:
    r"""Return a page with previews of our own instead of Gradio's.

    >>> own_head(b'<head><meta property="og:title" content="Gradio" />\n</head>')[-7:]
    b'</head>'
    """
    return _PREVIEWS.sub(b"", page).replace(b"</head>", _OWN + b"</head>", 1)
