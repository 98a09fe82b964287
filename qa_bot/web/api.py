"""The HTTP API: questions and searches in JSON, and the health of the service."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from qa_bot.errors import QABotError
from qa_bot.web.concurrency import Gate
from qa_bot.web.request_bodies import Ask, Search
from qa_bot.web.sessions import Sessions
from qa_bot.web.source_views import states_of


def api_routes(sessions: Sessions, gate: Gate) -> APIRouter:
    """Return the routes ``/api/ask``, ``/api/search``, ``/healthz`` and ``/readyz``."""
    routes = APIRouter()

    @routes.post("/api/ask", summary="Answer a question, or decline with a reason")
    async def ask(body: Ask, request: Request) -> dict[str, Any]:
        bot = sessions.bot(sessions.id_of(request.cookies))
        history = [turn.model_dump() for turn in body.history]
        call = partial(bot.ask, body.question, history=history, **body.filters())
        return (await gate.run(call)).to_dict()

    @routes.post("/api/search", summary="Return the passages found for a query")
    async def search(body: Search, request: Request) -> dict[str, Any]:
        bot = sessions.bot(sessions.id_of(request.cookies))
        hits = await gate.run(partial(bot.search, body.query, **body.filters()))
        return {"hits": [hit.to_dict() for hit in hits]}

    @routes.get("/healthz", summary="Is the service alive?")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz", summary="Can it answer?")
    def readyz() -> JSONResponse:
        try:
            coverage = sessions.shared.coverage()
        except QABotError as exc:
            return JSONResponse({"status": "not ready", "reason": str(exc)}, 503)
        failing = [
            {
                "source": one.outlet or one.shown,
                "problem": one.problem,
                "read": one.read.isoformat(),
            }
            for one in states_of(sessions.shared)
            if one.problem
        ]
        state = {"status": "ready", "articles": coverage.articles}
        return JSONResponse(state | ({"failing_sources": failing} if failing else {}))

    return routes
