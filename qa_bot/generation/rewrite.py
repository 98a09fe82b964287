"""Let a language model complete a follow-up question, and keep only what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from qa_bot.datatypes import Turn
from qa_bot.errors import GeneratorError
from qa_bot.generation.client import Generator
from qa_bot.generation.prompts import as_data, fill
from qa_bot.question import leans, plain_answer
from qa_bot.text import terms

_LONGEST_CHARS = 400
_TURNS = 3  # shown to the model


def rewrite_question(question: str, turns: Sequence[Turn], generator: Generator) -> str | None:
    """Return a follow-up question as the model completes it, if it adds nothing of its own.

    None where the question stands alone already, the model fails, or it writes anything else.
    """
    asked = [turn for turn in turns if turn.question.strip()]
    if not asked or not leans(question):
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
    said = set(terms(" ".join([question, *(f"{t.question} {t.answer}" for t in asked)])))
    kept = set(terms(question)) <= set(terms(line))
    fits = line.endswith("?") and len(line) <= _LONGEST_CHARS
    return line if fits and kept and set(terms(line)) <= said and not leans(line) else None
