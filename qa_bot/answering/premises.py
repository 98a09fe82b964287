"""Find false premises of a question: names that no article mentions."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.datatypes import Hit
from qa_bot.question import Question
from qa_bot.text import is_function_word, stem, words


def unmentioned_names(question: Question, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names in a question that no retrieved article mentions, in order.

    An article mentions a name if its title, publisher and text have every word of it.
    """
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}.values()
    mentioned = [_stems(f"{a.title} {a.publisher or ''} {a.text}") for a in articles]
    return tuple(
        name
        for name in question.names
        if (needed := _stems(name)) and not any(needed <= one for one in mentioned)
    )


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if len(word) > 1 and not is_function_word(word)}
