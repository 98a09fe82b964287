"""An answer as a response of the newer OpenAI form, with one message of one text."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

from qa_bot.answer import Answer
from qa_bot.text import count_tokens
from qa_bot.web.openai_text import MODEL, ReplyText, event


def response_object(
    answer: Answer, text: ReplyText, prompt: str, longest: int | None
) -> dict[str, Any]:
    """Return the whole response; ``longest`` is the limit of tokens in the request."""
    return _finished(_begun(longest), _message(text, str(text)), answer, text, prompt)


async def response_events(
    answer: Answer, text: ReplyText, prompt: str, longest: int | None
) -> AsyncIterator[str]:
    """Yield the events of a response whose text comes sentence by sentence."""
    for number, one in enumerate(_events(answer, text, prompt, longest)):
        yield event({**one, "sequence_number": number}, one["type"])


def _events(
    answer: Answer, text: ReplyText, prompt: str, longest: int | None
) -> Iterator[dict[str, Any]]:
    begun, whole = _begun(longest), str(text)
    message = _message(text, whole)
    empty = {**message, "status": "in_progress", "content": []}
    item = {"output_index": 0, "item_id": message["id"], "content_index": 0}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    yield {"type": "response.output_item.added", "output_index": 0, "item": empty}
    yield {"type": "response.content_part.added", **item, "part": _part("")}
    for piece in text.pieces:
        yield {"type": "response.output_text.delta", **item, "delta": piece, "logprobs": []}
    yield {"type": "response.output_text.done", **item, "text": whole, "logprobs": []}
    yield {"type": "response.content_part.done", **item, "part": _part(whole)}
    yield {"type": "response.output_item.done", "output_index": 0, "item": message}
    last = _finished(begun, message, answer, text, prompt)
    yield {"type": f"response.{last['status']}", "response": last}


def _begun(longest: int | None) -> dict[str, Any]:
    """Return a response without output."""
    return {
        "id": f"resp_{uuid.uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "model": MODEL,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": longest,
        "metadata": {},
        "output": [],
        "parallel_tool_calls": False,
        "previous_response_id": None,
        "store": False,
        "temperature": None,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": None,
    }


def _finished(
    begun: dict[str, Any], message: dict[str, Any], answer: Answer, text: ReplyText, prompt: str
) -> dict[str, Any]:
    asked, written = count_tokens(prompt), count_tokens(str(text))
    return {
        **begun,
        "status": _status(text),
        "incomplete_details": {"reason": "max_output_tokens"} if text.is_cut else None,
        "output": [message],
        "usage": {
            "input_tokens": asked,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": asked + written,
        },
        "qa_bot": answer.to_dict(),
    }


def _message(text: ReplyText, words: str) -> dict[str, Any]:
    return {
        "id": f"msg_{uuid.uuid4().hex}",
        "type": "message",
        "role": "assistant",
        "status": _status(text),
        "content": [_part(words)],
    }


def _part(words: str) -> dict[str, Any]:
    return {"type": "output_text", "text": words, "annotations": [], "logprobs": []}


def _status(text: ReplyText) -> str:
    return "incomplete" if text.is_cut else "completed"
