"""Chat completions in the OpenAI form, answered from the articles, under ``/v1``.

The last user message is the question and earlier messages are its history. System messages and
sampling parameters have no effect. The text has the citations as footnotes; the extra field
``qa_bot`` has the whole answer in the JSON form of the contract.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from qa_bot.answer import Answer
from qa_bot.export import text_with_footnotes
from qa_bot.text import count_tokens
from qa_bot.web.concurrency import Gate
from qa_bot.web.request_bodies import Completion, Message
from qa_bot.web.sessions import Sessions

MODEL = "qa-bot"


def completion_routes(sessions: Sessions, gate: Gate) -> APIRouter:
    """Return the routes ``/v1/models`` and ``/v1/chat/completions``."""
    routes = APIRouter(prefix="/v1")
    began = int(time.time())
    model = {"id": MODEL, "object": "model", "created": began, "owned_by": "qa-bot"}

    @routes.get("/models", summary="The one model there is")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [model]}

    @routes.get("/models/{name}", summary="What is known of it")
    async def one_model(name: str) -> JSONResponse:
        if name != MODEL:
            return openai_error(404, f"There is no model {name!r}; use {MODEL!r}.")
        return JSONResponse(model)

    @routes.post("/chat/completions", summary="Answer the last message", response_model=None)
    async def complete(
        body: Completion, request: Request
    ) -> dict[str, Any] | StreamingResponse | JSONResponse:
        question, history = _conversation(body.messages)
        if not question.strip():
            return openai_error(400, "The last user message is empty: it must be the question.")
        bot = sessions.bot(sessions.id_of(request.cookies))
        filters = body.qa_bot.filters() if body.qa_bot else {}
        call = partial(bot.ask, question, history=history, **filters)
        answer = await gate.run(call)
        prompt = "\n".join(message.words() for message in body.messages)
        if not body.stream:
            return _whole(answer, prompt)
        wants_usage = bool(body.stream_options and body.stream_options.include_usage)
        return StreamingResponse(
            _events(answer, prompt, wants_usage), media_type="text/event-stream"
        )

    return routes


def openai_error(status: int, message: str) -> JSONResponse:
    """Return an error in the OpenAI form."""
    kind = {429: "rate_limit_error", 401: "authentication_error"}.get(
        status, "invalid_request_error" if status < 500 else "server_error"
    )
    error = {"message": message, "type": kind, "param": None, "code": None}
    return JSONResponse({"error": error}, status)


def _conversation(messages: list[Message]) -> tuple[str, list[dict[str, str]]]:
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


def _whole(answer: Answer, prompt: str) -> dict[str, Any]:
    text = text_with_footnotes(answer)
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {
        **_head("chat.completion"),
        "choices": [choice],
        "usage": _usage(prompt, text),
        "qa_bot": answer.to_dict(),
    }


async def _events(answer: Answer, prompt: str, wants_usage: bool) -> AsyncIterator[str]:
    """Yield the answer sentence by sentence, its footnotes, and the end."""
    head = _head("chat.completion.chunk")
    yield _event({**head, "choices": [_delta({"role": "assistant", "content": ""})]})
    text = text_with_footnotes(answer)
    for piece in _pieces(answer, text):
        yield _event({**head, "choices": [_delta({"content": piece})]})
    last = {**head, "choices": [_delta({}, "stop")], "qa_bot": answer.to_dict()}
    yield _event(last)
    if wants_usage:
        yield _event({**head, "choices": [], "usage": _usage(prompt, text)})
    yield "data: [DONE]\n\n"


def _pieces(answer: Answer, text: str) -> Iterator[str]:
    """Yield the text with its footnotes, cut after each sentence."""
    position = 0
    for sentence in answer.sentences:
        end = text.index(str(sentence), position) + len(str(sentence))
        yield text[position:end]
        position = end
    if position < len(text):
        yield text[position:]


def _head(kind: str) -> dict[str, Any]:
    made = int(time.time())
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": made, "model": MODEL}


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}


def _usage(prompt: str, text: str) -> dict[str, int]:
    asked, written = count_tokens(prompt), count_tokens(text)
    return {"prompt_tokens": asked, "completion_tokens": written, "total_tokens": asked + written}


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value)}\n\n"
