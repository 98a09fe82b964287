"""A language model's reply after its check against the articles."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.answering import Composition


@dataclass(frozen=True, slots=True)
class Reply:
    """The composition to show, and the parts of the model's reply that are not in it.

    Attributes:
        composition: the model's supported sentences, or quoted ones.
        written: whether the model wrote the sentences of the composition.
        withheld: the model's unsupported sentences.
        unresolved: the model's markers that match no passage.
        note: the reason to show quoted sentences instead of the model's.
    """

    composition: Composition
    written: bool = False
    withheld: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    note: str | None = None
