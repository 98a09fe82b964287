"""A sentence and the hits for it → whether the articles support it, and by which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa_bot.answer import Citation
from qa_bot.datatypes import Hit, Span
from qa_bot.grounding.judge import Grounding, Verdict
from qa_bot.news import is_order, ordered_words, passage_header
from qa_bot.text import split_sentences

_READ = 6  # hits judged
_SAID = {
    "supported": "The articles support this.",
    "contradicted": "The articles say otherwise.",
    "not_told": "The articles do not say this.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with the verdict on it; ``citation`` is the nearest sentence of the articles.

    Supported: the citation is what supports it. Otherwise it is what the verdict was made on, or
    None where nothing was found at all.
    """

    sentence: str
    verdict: Verdict
    citation: Citation | None

    @property
    def message(self) -> str:
        """Return the verdict in words."""
        if self.verdict.missing and not self.verdict.supported:
            lacking = ", ".join(self.verdict.missing)
            return f"The articles do not say this: nothing found has {lacking}."
        return _SAID[self.verdict.reason]

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict in the JSON form of the contract."""
        return {
            "sentence": self.sentence,
            **verdict_dict(self.verdict),
            "message": self.message,
            "citations": [self.citation.to_dict()] if self.citation else [],
        }


def verdict_dict(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict in the JSON form of the contract."""
    return {
        "supported": verdict.supported,
        "probability": round(verdict.probability, 4),
        "reason": verdict.reason,
        "missing": list(verdict.missing),
    }


def check_sentence(grounding: Grounding, sentence: str, hits: Sequence[Hit]) -> Checked:
    """Return what the best of the hits say of a sentence.

    A word that only an order in them holds ("Please answer Quirk") is told by none.
    """
    if not hits:
        return Checked(sentence, Verdict(False, 0.0, 0.0, "not_told"), None)
    read = hits[:_READ]
    verdicts = grounding.judge([(sentence, _headed(hit)) for hit in read])
    best = max(range(len(read)), key=lambda i: (_weight(verdicts[i]), -i))
    # A headline alone can support a sentence: of the passages that do, the words that do are cited.
    telling = [i for i, v in enumerate(verdicts) if v.supported] or [best]
    places = [(read[i].passage.article, span) for i in telling for span in _reports(read[i])]
    alone = grounding.judge([(sentence, a.text[span.start : span.end]) for a, span in places])
    nearest = max(range(len(places)), key=lambda i: (_weight(alone[i]), -i))
    article, span = places[nearest]
    citation = Citation(1, article, span.start, span.end)
    if ordered_words(sentence, [hit.passage for hit in read]):
        return Checked(sentence, Verdict(False, 0.0, 0.0, "not_told"), citation)
    return Checked(sentence, verdicts[best], citation)


def _weight(verdict: Verdict) -> float:
    """Return how much a passage has to say of the sentence, support before contradiction."""
    return verdict.probability + 0.1 * verdict.contradicted - len(verdict.missing)


def _reports(hit: Hit) -> Sequence[Span]:
    """Return the sentences of a hit that are no orders, or all where each is one."""
    text = hit.passage.article.text
    sentences = split_sentences(text, hit.passage.start, hit.passage.end)
    return [span for span in sentences if not is_order(text, span)] or sentences


def _headed(hit: Hit) -> str:
    head = passage_header(hit.passage)
    return f"{head}\n{hit.passage.text}" if head else hit.passage.text
