"""The stored form of an answer, and the comparison of two answers to one question."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from qa_bot.answer import DECISIONS, Answer
from qa_bot.text import numbers, overlap_coefficient, terms

_SAME = 0.5  # share, 0..1, of the shorter one's terms that makes two clauses the same
_CLAUSE = 4  # terms from which an answer is a clause, and not a name or a figure


class KeptQuote(BaseModel):
    """A quotation of an answer, by its article."""

    model_config = ConfigDict(frozen=True)

    article_id: str
    title: str
    publisher: str | None
    published: str | None
    quote: str


class KeptAnswer(BaseModel):
    """An answer in the form that is stored.

    Attributes:
        at: time of asking, ISO, UTC.
        short: the short answer, if it has one.
        text: its sentences, or why it was declined.
        timeline: whether the quotes are events in order.
        quotes: in order of their numbers; none of a refusal.
    """

    model_config = ConfigDict(frozen=True)

    at: str
    answered: bool
    short: str | None
    text: str
    timeline: bool
    quotes: tuple[KeptQuote, ...]

    @classmethod
    def of(cls, answer: Answer, at: str) -> Self:
        """Return the stored form of an answer."""
        quotes = tuple(
            KeptQuote(
                article_id=c.article_id,
                title=c.title,
                publisher=c.publisher,
                published=str(c.published) if c.published else None,
                quote=" ".join(c.quote.split()),
            )
            for c in answer.citations
        )
        return cls(
            at=at,
            answered=answer.answered,
            short=answer.short,
            text=answer.text,
            timeline=answer.timeline,
            quotes=quotes,
        )

    @property
    def gist(self) -> str:
        """Return the short answer, the newest event, or the first quote."""
        if self.short or not self.quotes:
            return self.short or self.text
        return self.quotes[-1 if self.timeline else 0].quote


class Change(BaseModel):
    """A new answer to a followed question, and the one that it replaces."""

    model_config = ConfigDict(frozen=True)

    question: str
    before: KeptAnswer
    after: KeptAnswer

    def __str__(self) -> str:
        """Return question, earlier and new answer in one line each."""
        new = self.after.quotes[-1 if self.after.timeline else 0] if self.after.quotes else None
        by = ", ".join(filter(None, (new.publisher, new.published))) if new else ""
        return (
            f"{self.question}\n  before: {self.before.gist}\n"
            f"  now: {self.after.gist}{f' ({by})' if by else ''}"
        )


def differs(before: KeptAnswer, after: KeptAnswer) -> bool:
    """Return whether the later answer has another content, and not only another wording.

    A refusal never differs: when articles are added, the probability of an answer may fall below
    the threshold.
    """
    if not after.answered:
        return False
    if not before.answered:
        return True
    if before.timeline and after.timeline:
        return not _alike(before.gist, after.gist)
    decisions = [f"{one.short}." in DECISIONS for one in (before, after)]
    if any(decisions):
        return before.short != after.short if all(decisions) else False
    if figures_differ(before.gist, after.gist):
        return True
    return not _alike(before.gist, after.gist)


def figures_differ(one: str, other: str) -> bool:
    """Return whether two texts have numbers, and each some that the other lacks.

    >>> figures_differ("About 140 homes", "187"), figures_differ("187 homes", "187")
    (True, False)
    >>> figures_differ("16 June 2021", "17 June 2021")
    True
    """
    first, second = numbers(one), numbers(other)
    return bool(first and second) and not (first <= second or second <= first)


def _alike(one: str, other: str) -> bool:
    """Return whether a name is in the other one, or clauses share half of their terms."""
    first, second = set(terms(one)), set(terms(other))
    if min(len(first), len(second)) < _CLAUSE:
        return first <= second or second <= first
    return overlap_coefficient(first, second) >= _SAME
