"""The web application: one FastAPI application with the page, the APIs and the tools."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from qa_bot import __version__
from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.fetching import FetchOptions
from qa_bot.settings import Settings
from qa_bot.web.api import api_routes
from qa_bot.web.concurrency import BusyError, Gate
from qa_bot.web.guard import Guard
from qa_bot.web.loopback import has_one_user
from qa_bot.web.mcp_server import tools_app, tools_server
from qa_bot.web.metrics import Metrics, RequestRecorder
from qa_bot.web.openai_api import openai_routes
from qa_bot.web.openai_errors import APIError, openai_error
from qa_bot.web.page_head import PageHead
from qa_bot.web.page_routes import page_routes
from qa_bot.web.sessions import Sessions, UploadError

if TYPE_CHECKING:
    from mcp.server import MCPServer

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
_MOST_FETCH_S = 60.0  # for an address that the page adds
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (BusyError, 429),
    (UploadError, 422),
    (QABotError, 503),
    (ValueError, 400),
)


def create_app(
    bot: QABot,
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]"),
    *,
    allow_private: bool = False,
) -> FastAPI:
    """Return the application.

    Args:
        bot: answers the questions.
        hosts: answers requests for these hosts only.
        allow_private: whether the page may have addresses of private networks read.
    """
    fetch = FetchOptions(
        allow_private=allow_private,
        most_bytes=round(bot.settings.max_file_mb * 1e6),
        most_seconds=_MOST_FETCH_S,
    )
    sessions, gate, metrics = Sessions(bot, fetch), Gate(), Metrics(bot)
    tools = tools_server(bot, gate)
    app = FastAPI(
        title="qa-bot",
        version=__version__,
        description="Questions about news articles, answered with exact citations.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan(bot, sessions, tools),
    )
    _add_middleware(app, bot.settings, hosts, metrics)
    _add_error_handlers(app)
    app.add_api_route("/metrics", metrics.page, include_in_schema=False)
    app.include_router(api_routes(sessions, gate))
    app.include_router(openai_routes(sessions, gate))
    app.include_router(page_routes(sessions))
    app.router.routes.extend(tools_app(tools).routes)
    _add_documentation(app)
    return _mount_page(app, sessions)


def _add_middleware(
    app: FastAPI, settings: Settings, hosts: tuple[str, ...], metrics: Metrics
) -> None:
    """Put the guard and the recorder before the application; the last one added comes first."""
    app.add_middleware(PageHead)
    upload_bytes = round(settings.upload_mb * 1e6)
    app.add_middleware(Guard, password=settings.password, upload_bytes=upload_bytes)
    app.add_middleware(CORSMiddleware, allow_origins=[])  # Gradio adds none of its own then
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(RequestRecorder, metrics=metrics)


def _mount_page(app: FastAPI, sessions: Sessions) -> FastAPI:
    """Return the application with the Gradio page at its root."""
    _quiet_gradio()
    import gradio as gr

    from qa_bot.web.page import STATIC, build_page, page_options

    app.mount("/page-files", StaticFiles(directory=STATIC), name="page-files")

    page = build_page(sessions)
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
        favicon_path=str(STATIC / "icon.svg"),
        mcp_server=False,
        **page_options(has_one_user(sessions.shared.settings)),
    )
    return mounted


def _add_error_handlers(app: FastAPI) -> None:
    """Answer every error with its status and one sentence, under ``/v1`` in the OpenAI form."""

    def reply(request: Request, status: int, sentence: str) -> JSONResponse:
        if request.url.path.startswith("/v1/"):
            return openai_error(status, sentence)
        return JSONResponse({"error": sentence}, status)

    async def refused(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, APIError)
        return openai_error(exc.status, str(exc), exc.param, exc.code)

    async def raised(request: Request, exc: Exception) -> Response:
        status = next(status for kind, status in _STATUS if isinstance(exc, kind))
        return reply(request, status, str(exc))

    async def invalid(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, RequestValidationError)
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "the body"
        sentence = f"{place}: {first['msg']}"
        if request.url.path.startswith("/v1/"):
            return openai_error(400, sentence, place)
        return reply(request, 422, sentence)

    async def http(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, StarletteHTTPException)
        return reply(request, exc.status_code, str(exc.detail))

    for kind, _ in _STATUS:
        app.add_exception_handler(kind, raised)
    app.add_exception_handler(APIError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)


def _add_documentation(app: FastAPI) -> None:
    """Serve the API's page from files of an installed package, not from another site."""
    import fastapi_offline

    files = Path(fastapi_offline.__file__).parent / "static"
    app.mount("/docs-files", StaticFiles(directory=files), name="docs-files")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="qa-bot API",
            swagger_js_url="/docs-files/swagger-ui-bundle.js",
            swagger_css_url="/docs-files/swagger-ui.css",
            swagger_favicon_url="/docs-files/favicon.png",
        )


def _lifespan(
    bot: QABot, sessions: Sessions, tools: MCPServer
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield
        sessions.close()
        bot.close()

    return lifespan


def _quiet_gradio() -> None:
    """Set Gradio's environment: no telemetry, a private folder, no features from outside."""
    for name in _GRADIO_VARIABLES:
        os.environ.pop(name, None)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="qa-bot-")  # 0700, of this process
