"""Metrics of requests and answers at ``/metrics``, and log lines in JSON with request ids.

Neither contains a question, a text of an article, or a key.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from contextvars import ContextVar
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from pythonjsonlogger.json import JsonFormatter
from starlette.responses import Response

from qa_bot.bot import ASKED, EVENTS, QABot
from qa_bot.errors import QABotError
from qa_bot.web.guard import Application, Message, Receive, Scope, Send

_REQUEST_ID = ContextVar("request_id", default="")
_GIVEN_ID = re.compile(rb"[\w.-]{1,64}")
_ROUTES = ("/api/ask", "/api/search", "/v1/chat/completions", "/v1/models", "/mcp", "/panel",
           "/articles", "/feedback", "/export", "/healthz", "/readyz", "/metrics")  # fmt: skip
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s"

log = logging.getLogger(EVENTS)


class Metrics(logging.Handler):
    """Counts requests, and the answers that the bot logs; safe to use from several threads."""

    def __init__(self, bot: QABot) -> None:
        """Count for one application."""
        super().__init__(logging.INFO)
        self._bot = bot
        own = self.registry = CollectorRegistry()
        ProcessCollector(registry=own)
        self.requests = Counter(
            "qa_bot_requests", "HTTP requests.", ["route", "status"], registry=own
        )
        self.seconds = Histogram(
            "qa_bot_request_seconds",
            "Time of a request.",
            ["route"],
            buckets=_SECONDS,
            registry=own,
        )
        self.answers = Counter(
            "qa_bot_answers", "Questions asked, by outcome.", ["outcome"], registry=own
        )
        self.stages = Histogram(
            "qa_bot_stage_seconds", "Time of a stage.", ["stage"], buckets=_SECONDS, registry=own
        )
        self.articles = Gauge("qa_bot_articles", "Articles in the index.", registry=own)
        events = logging.getLogger(EVENTS)
        events.addHandler(self)
        events.setLevel(logging.INFO)
        events.propagate = False  # only the handlers of this logger get them

    def emit(self, record: logging.LogRecord) -> None:
        """Count an answer that the bot logged."""
        if record.getMessage() == ASKED:
            fields: dict[str, Any] = record.__dict__
            self.answers.labels(fields["outcome"]).inc()
            for stage, milliseconds in fields["timings_ms"].items():
                self.stages.labels(stage).observe(milliseconds / 1000)

    def page(self) -> Response:
        """Return all metrics in Prometheus's text form."""
        try:
            self.articles.set(self._bot.coverage().in_index)
        except QABotError:
            log.warning("the index cannot be read for its figures")
        return Response(generate_latest(self.registry), media_type="text/plain; version=0.0.4")


class RequestRecorder:
    """ASGI middleware that gives each request an id, times it, counts it and logs it."""

    def __init__(self, app: Application, metrics: Metrics) -> None:
        """Record the requests of an application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and send its id as ``x-request-id``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given.decode() if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        _REQUEST_ID.set(request_id)
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []), (b"x-request-id", request_id.encode()),
                ]  # fmt: skip
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            route, took = _route(scope["path"]), time.perf_counter() - began
            self._metrics.requests.labels(route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(took)
            fields = {"method": scope["method"], "route": route, "status": status}
            log.info("request", extra=fields | {"ms": round(took * 1000, 1)})


def write_logs(kind: str) -> None:
    """Write the log of qa-bot to stderr as JSON lines, for "auto" only if that is no terminal."""
    if kind == "off" or (kind == "auto" and sys.stderr.isatty()):
        return
    handler = logging.StreamHandler()
    handler.addFilter(_with_id)
    handler.setFormatter(JsonFormatter(_FIELDS, json_ensure_ascii=False))
    logging.getLogger(EVENTS).addHandler(handler)
    own = logging.getLogger("qa_bot")
    own.addHandler(handler)
    own.propagate = False


def _with_id(record: logging.LogRecord) -> bool:
    record.request_id = _REQUEST_ID.get()
    return True


def _route(path: str) -> str:
    """Return the route of a path: one of a few names, so that metrics stay few."""
    for route in _ROUTES:
        if path == route or path.startswith(f"{route}/"):
            return route
    return "page"
