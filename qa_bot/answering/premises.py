"""Refuse a false premise: a question about a name that no retrieved article mentions."""

from __future__ import annotations

from collections.abc import Sequence

from qa_bot.answer import Refusal, RefusalReason
from qa_bot.datatypes import Article, Hit
from qa_bot.news import is_role
from qa_bot.question import Question
from qa_bot.reading import is_named
from qa_bot.text import is_function_word, stem, words


def refuse_false_premise(
    question: Question, hits: Sequence[Hit], nearest: tuple[Article, ...]
) -> Refusal | None:
    """Return the refusal of a question with names that no retrieved article mentions, or None."""
    names = unmentioned_names(question, hits)
    if not names:
        return None
    message = f"The articles don't say: none of those found mentions {' or '.join(names)}."
    return Refusal(RefusalReason.FALSE_PREMISE, message, nearest)


def unmentioned_names(question: Question, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names in a question that no retrieved article mentions, in order.

    An article mentions a name if its title, publisher and text have every word of it; the person of
    "who is NAME" only if the words stand together, or the last name alone.
    """
    if question.intent.person and not is_named(question, hits):
        return (question.intent.person,)
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}.values()
    mentioned = [_stems(f"{a.title} {a.publisher or ''} {a.text}") for a in articles]
    return tuple(
        name
        for name in question.names
        if (needed := _stems(_without_role(name))) and not any(needed <= one for one in mentioned)
    )


def _without_role(name: str) -> str:
    """Return a name without what the person is: articles may write "Rep." for "Congressman"."""
    return " ".join(word for word in name.split() if not is_role(word)) or name


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if len(word) > 1 and not is_function_word(word)}
