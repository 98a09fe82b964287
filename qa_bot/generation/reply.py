"""A language model's reply, as far as the articles support it."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.answering import Composition


@dataclass(frozen=True, slots=True)
class Reply:
    """The composition to show, and what became of the model's own sentences.

    Attributes:
        composition: the model's supported sentences, or the articles' own.
        written: whether the model wrote the sentences of the composition.
        withheld: its sentences that nothing supports.
        unresolved: its markers that name no passage.
        note: why the articles' own sentences are shown in its place.
    """

    composition: Composition
    written: bool = False
    withheld: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    note: str | None = None
