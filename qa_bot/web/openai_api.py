"""Answers from the articles in the two OpenAI forms, chat completions and responses.

The last user message is the question and earlier messages are its history. System messages and
sampling parameters have no effect. The text has the citations as footnotes; the extra field
``qa_bot`` has the whole answer in the JSON form of the contract.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from qa_bot.answer import Answer
from qa_bot.web.concurrency import Gate
from qa_bot.web.openai_chat import chat_completion, chat_events
from qa_bot.web.openai_errors import APIError, openai_error
from qa_bot.web.openai_responses import response_events, response_object
from qa_bot.web.openai_text import MODEL, shortened
from qa_bot.web.request_bodies import Completion, Generation, Message, ResponseRequest
from qa_bot.web.sessions import Sessions

_Ask = Callable[[Request, Generation, Sequence[Message]], Awaitable[Answer]]
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_KNOWN = {"models": "GET", "chat/completions": "POST", "responses": "POST"}


def openai_routes(sessions: Sessions, gate: Gate) -> APIRouter:
    """Return the routes below ``/v1``."""
    routes = APIRouter(prefix="/v1")

    async def ask(request: Request, body: Generation, messages: Sequence[Message]) -> Answer:
        _check(body)
        question, history = _conversation(messages)
        if not question.strip():
            raise APIError(400, "The last user message is empty: it must be the question.")
        bot = sessions.bot(sessions.id_of(request.cookies))
        return await gate.run(partial(bot.ask, question, history=history, **body.filters()))

    _add_models(routes)
    _add_chat(routes, ask)
    _add_responses(routes, ask)
    _add_refusals(routes)  # the last one: it takes every path
    return routes


def _add_models(routes: APIRouter) -> None:
    model = {"id": MODEL, "object": "model", "created": int(time.time()), "owned_by": "qa-bot"}

    @routes.get("/models/", include_in_schema=False)
    @routes.get("/models", summary="The one model there is")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @routes.get("/models/{name}", summary="What is known of it")
    async def one_model(name: str) -> dict[str, Any]:
        _check_model(name)
        return model


def _add_chat(routes: APIRouter, ask: _Ask) -> None:
    @routes.post("/chat/completions/", include_in_schema=False, response_model=None)
    @routes.post("/chat/completions", summary="Answer the last message", response_model=None)
    async def complete(body: Completion, request: Request) -> dict[str, Any] | StreamingResponse:
        _check_format("response_format", body.response_format)
        answer = await ask(request, body, body.messages)
        text = shortened(answer, body.longest, body.stops)
        prompt = _prompt(body.messages)
        if not body.stream:
            return chat_completion(answer, text, prompt)
        wants_usage = bool(body.stream_options and body.stream_options.include_usage)
        return _stream(chat_events(answer, text, prompt, wants_usage))


def _add_responses(routes: APIRouter, ask: _Ask) -> None:
    @routes.post("/responses/", include_in_schema=False, response_model=None)
    @routes.post("/responses", summary="Answer the last input", response_model=None)
    async def respond(
        body: ResponseRequest, request: Request
    ) -> dict[str, Any] | StreamingResponse:
        _check_format("text.format", (body.text or {}).get("format"))
        if body.previous_response_id:
            sentence = "Responses are not kept here. Send the earlier messages as the input."
            raise APIError(400, sentence, "previous_response_id")
        messages, longest = body.messages(), body.max_output_tokens
        answer = await ask(request, body, messages)
        text = shortened(answer, longest, ())
        prompt = _prompt(messages)
        if not body.stream:
            return response_object(answer, text, prompt, longest)
        return _stream(response_events(answer, text, prompt, longest))


def _add_refusals(routes: APIRouter) -> None:
    @routes.api_route("/{path:path}", methods=_METHODS, include_in_schema=False)
    async def unknown(path: str, request: Request) -> JSONResponse:
        method = _KNOWN.get(path.rstrip("/"))
        if method:
            return openai_error(405, f"/v1/{path} takes {method}, not {request.method}.")
        return openai_error(404, f"There is no /v1/{path}. See /docs.", code="unknown_url")


def _check(body: Generation) -> None:
    """Refuse what qa-bot cannot do.

    Raises:
        APIError: another model, or a tool that must be called.
    """
    if body.model is not None:
        _check_model(body.model)
    if body.forces_tool():
        raise APIError(400, "qa-bot calls no tools. Leave tool_choice out.", "tool_choice")


def _check_model(name: str) -> None:
    if name != MODEL:
        sentence = f"There is no model {name!r}; use {MODEL!r}."
        raise APIError(404, sentence, "model", "model_not_found")


def _check_format(param: str, wanted: dict[str, Any] | None) -> None:
    if wanted and wanted.get("type", "text") != "text":
        raise APIError(400, "qa-bot answers in text only, not in JSON.", param)


def _conversation(messages: Sequence[Message]) -> tuple[str, list[dict[str, str]]]:
    """Return the last question, and the turns before it."""
    turns: list[dict[str, str]] = []
    for message in messages:
        if message.role == "user":
            turns.append({"question": message.words(), "answer": ""})
        elif message.role == "assistant" and turns:
            turns[-1]["answer"] = message.words()
    if not turns or messages[-1].role != "user":
        return "", []
    return turns[-1]["question"], turns[:-1]


def _prompt(messages: Sequence[Message]) -> str:
    return "\n".join(message.words() for message in messages)


def _stream(events: AsyncIterator[str]) -> StreamingResponse:
    return StreamingResponse(events, media_type="text/event-stream")
