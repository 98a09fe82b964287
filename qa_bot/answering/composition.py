"""The answer as composed from the evidence, before any language model."""

from __future__ import annotations

from dataclasses import dataclass

from qa_bot.answer import Citation, Difference, PartKind, Refusal, Sentence, Sources, When
from qa_bot.news import with_header


@dataclass(frozen=True, slots=True)
class Composition:
    """Sentences of the articles with their citations, or a refusal.

    ``confidence`` is the probability, 0..1, that the articles answer, also for a refusal;
    ``timeline`` marks the sentences as events, each led by its day.
    """

    confidence: float
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    short: str | None = None
    refusal: Refusal | None = None
    when: tuple[When, ...] = ()
    sources: Sources | None = None
    difference: Difference | None = None
    timeline: bool = False

    @property
    def is_quoted(self) -> bool:
        """Return whether it answers with sentences of articles that do not differ."""
        if not self.citations or self.difference or self.timeline:
            return False
        return all(one.kind is not PartKind.PUBLICATION for one in self.sentences)

    @property
    def open_parts(self) -> tuple[Sentence, ...]:
        """Return the statements of the parts of a question that are not answered."""
        return tuple(one for one in self.sentences if one.kind is PartKind.OPEN)

    @property
    def quoted_short(self) -> str | None:
        """Return the short answer, unless it is a yes or no, or a day that words stand for."""
        decided = any(one.kind is PartKind.DECISION for one in self.sentences)
        resolved = any(one.written == self.short != one.words for one in self.when)
        return None if decided or resolved else self.short


def headed_quote(citation: Citation) -> str:
    """Return a quote under the header of its article."""
    return with_header(citation.quote, citation.article)
