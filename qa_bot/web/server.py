"""The bot → a web server on loopback: our own FastAPI application with the page mounted in it."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import tempfile
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from qa_bot.bot import QABot
from qa_bot.datatypes import Span
from qa_bot.web import render
from qa_bot.web.guard import Guard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_GRADIO_VARIABLES = (
    "GRADIO_SHARE",
    "GRADIO_ALLOWED_PATHS",
    "GRADIO_MCP_SERVER",
    "GRADIO_VIBE_MODE",
    "GRADIO_WATCH_DIRS",
    "GRADIO_LOCAL_DEV_MODE",
    "GRADIO_DEBUG",
    "GRADIO_PROFILING",
    "GRADIO_SSR_MODE",
    "GRADIO_NUM_WORKERS",
    "GRADIO_ROOT_PATH",
    "GRADIO_NODE_PATH",
)
_SpanText = Annotated[str, Query(pattern=r"^\d{1,9}-\d{1,9}$")]


def create_app(bot: QABot, hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")) -> FastAPI:
    """Return the application; ``hosts`` are the names under which it answers."""
    _quiet_gradio()
    import gradio as gr

    from qa_bot.web.page import build_page, page_options

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_closing(bot))
    app.add_middleware(Guard)
    app.add_middleware(CORSMiddleware, allow_origins=[])  # with it, Gradio's own stands down
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))

    @app.get("/panel", response_class=HTMLResponse)
    def panel(
        id: str,
        cite: Annotated[list[_SpanText] | None, Query(max_length=50)] = None,
        active: _SpanText | None = None,
    ) -> str:
        article = bot.article(id)
        if article is None:
            raise HTTPException(404, "There is no such article in the index any more.")
        cited = [_span(text) for text in cite or []]
        return render.article_panel(article, cited, _span(active) if active else None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    page = build_page(bot)
    page.queue(api_open=False, max_size=64, default_concurrency_limit=8, status_update_rate=5)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        show_error=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        max_file_size="5mb",
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        **page_options(),
    )
    return mounted


def serve(bot: QABot, host: str, port: int) -> None:
    """Serve the chat page until told to stop; print its address.

    Raises:
        OSError: the address or the port cannot be listened on.
    """
    import uvicorn

    listening = _listen(host, port)
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    hosts = ("127.0.0.1", "localhost", "[::1]", shown) if _is_loopback(host) else ("*",)
    app = create_app(bot, hosts)
    print(f"qa-bot is at http://{shown}:{port} (stop it with Ctrl-C)", file=sys.stderr, flush=True)
    if not _is_loopback(host):
        print("Anyone who can reach this machine can ask: there is no login.", file=sys.stderr)
    config = uvicorn.Config(
        app,
        timeout_graceful_shutdown=15,
        limit_concurrency=400,
        timeout_keep_alive=30,
        server_header=False,
        log_level="warning",
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as exc:
        listening.close()
        raise OSError(
            f"The address {host}:{port} cannot be used ({exc.strerror}). "
            f"Choose another with: qa-bot chat --port {port + 1 if port < 65535 else 7861}",
        ) from exc
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _closing(bot: QABot) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        bot.close()

    return lifespan


def _quiet_gradio() -> None:
    """Set what Gradio reads from the environment: no calls home, a private folder, no surprises."""
    for name in _GRADIO_VARIABLES:
        os.environ.pop(name, None)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="qa-bot-")  # 0700, of this process


def _span(text: str) -> Span:
    start, end = text.split("-")
    return Span(int(start), int(end))
