"""An answer as a chat completion of the OpenAI form."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from qa_bot.answer import Answer
from qa_bot.text import count_tokens
from qa_bot.web.openai_text import MODEL, ReplyText, event


def chat_completion(answer: Answer, text: ReplyText, prompt: str) -> dict[str, Any]:
    """Return the whole completion."""
    message = {"role": "assistant", "content": str(text), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": _finish(text), "logprobs": None}
    return {
        **_head("chat.completion"),
        "choices": [choice],
        "usage": _usage(prompt, str(text)),
        "qa_bot": answer.to_dict(),
    }


async def chat_events(
    answer: Answer, text: ReplyText, prompt: str, wants_usage: bool
) -> AsyncIterator[str]:
    """Yield the answer sentence by sentence, its footnotes, and the end."""
    head = _head("chat.completion.chunk")
    yield event({**head, "choices": [_delta({"role": "assistant", "content": ""})]})
    for piece in text.pieces:
        yield event({**head, "choices": [_delta({"content": piece})]})
    last = {**head, "choices": [_delta({}, _finish(text))], "qa_bot": answer.to_dict()}
    yield event(last)
    if wants_usage:
        yield event({**head, "choices": [], "usage": _usage(prompt, str(text))})
    yield "data: [DONE]\n\n"


def _finish(text: ReplyText) -> str:
    return "length" if text.is_cut else "stop"


def _head(kind: str) -> dict[str, Any]:
    made = int(time.time())
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": made, "model": MODEL}


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}


def _usage(prompt: str, text: str) -> dict[str, int]:
    asked, written = count_tokens(prompt), count_tokens(text)
    return {"prompt_tokens": asked, "completion_tokens": written, "total_tokens": asked + written}
