"""Let a language model complete a follow-up question in words of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from qa_bot.datatypes import Turn
from qa_bot.errors import GeneratorError
from qa_bot.generation.client import Generator
from qa_bot.generation.prompts import as_data, fill
from qa_bot.question import needs_context, plain_answer
from qa_bot.text import terms

_LONGEST_CHARS = 400
_TURNS = 3  # turns in the prompt


def rewrite_question(question: str, turns: Sequence[Turn], generator: Generator) -> str | None:
    """Return a follow-up question as the model completes it, if it adds no term of its own.

    Return None if the question needs no completion, if the model fails, or if its reply is not such
    a question.
    """
    asked = [turn for turn in turns if turn.question.strip()]
    if not asked or not needs_context(question):
        return None
    history = "\n".join(
        f"Question: {as_data(t.question)}\nAnswer: {as_data(plain_answer(t.answer))}"
        for t in asked[-_TURNS:]
    )
    messages = fill("followup.txt", {"history": history, "question": as_data(question)})
    try:
        with closing(generator.stream(messages)) as pieces:  # type: ignore[type-var]
            text = "".join(pieces)
    except GeneratorError:
        return None
    line = " ".join(text.split("\n", 1)[0].split()).strip('"“”')
    if not line.endswith("?") or len(line) > _LONGEST_CHARS or needs_context(line):
        return None
    conversation = " ".join([question, *(f"{t.question} {t.answer}" for t in asked)])
    fits = set(terms(question)) <= set(terms(line)) <= set(terms(conversation))
    return line if fits else None
