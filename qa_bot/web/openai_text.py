"""The text of an answer as a model's reply, whole or shortened as the client wants it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa_bot.answer import Answer
from qa_bot.export import text_with_footnotes
from qa_bot.text import first_tokens

MODEL = "qa-bot"


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The text of a reply.

    Attributes:
        pieces: the text with its footnotes, cut after each sentence.
        is_cut: whether it ends before the answer does, because of the limit of tokens.
    """

    pieces: tuple[str, ...]
    is_cut: bool

    def __str__(self) -> str:
        return "".join(self.pieces)


def shortened(answer: Answer, longest: int | None, stops: Sequence[str]) -> ReplyText:
    """Return the text of an answer, which ends before any stop and has at most some tokens."""
    whole = text_with_footnotes(answer)
    end = min((place for stop in stops if (place := whole.find(stop)) >= 0), default=len(whole))
    text = whole[:end] if longest is None else first_tokens(whole[:end], longest)
    return ReplyText(tuple(_pieces(answer, whole, len(text))), len(text) < end)


def _pieces(answer: Answer, whole: str, end: int) -> Iterator[str]:
    """Yield the text up to a place, cut after each sentence."""
    position = 0
    for sentence in answer.sentences:
        stop = whole.index(str(sentence), position) + len(str(sentence))
        if position < end:
            yield whole[position : min(stop, end)]
        position = stop
    if position < end:
        yield whole[position:end]


def event(value: dict[str, Any], name: str = "") -> str:
    """Return a server-sent event, with its name if it has one."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(value)}\n\n"
