"""What is known of an answer before a language model writes it."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.answer import Citation, Difference, Refusal, Sentence, Sources, When


@dataclass(frozen=True, slots=True)
class Draft:
    """The part of an answer that evidence decides: sentences and citations, or a refusal.

    ``written`` says that a language model wrote the sentences; ``withheld`` are those of its
    sentences that nothing supports, ``unresolved`` markers of it that name no passage, and
    ``note`` says why the articles' own words stand in its place. ``timeline`` says that the
    sentences are events, each led by its time.
    """

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    short: str | None = None
    refusal: Refusal | None = None
    confidence: float = 0.0
    written: bool = False
    withheld: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    note: str | None = None
    when: tuple[When, ...] = ()
    sources: Sources | None = None
    difference: Difference | None = None
    timeline: bool = False
