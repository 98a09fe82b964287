"""Check a sentence against its hits: the verdict, and the words of the articles behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa_bot.answer import Citation
from qa_bot.datatypes import Hit, Span
from qa_bot.grounding.judge import SupportJudge, Verdict
from qa_bot.grounding.withdrawal import find_withdrawal
from qa_bot.news import instructed_words, is_instruction, passage_header
from qa_bot.text import split_sentences

_JUDGED_HITS = 6  # chosen by hand
_CITED_HITS = 2  # supporting hits whose sentences are compared for the citation; chosen by hand
# Support counts before contradiction, and a missing fact against both; chosen by hand.
_WEIGHT_OF_CONTRADICTION, _WEIGHT_OF_MISSING = 0.1, 1.0
_MESSAGES = {
    "supported": "The articles support this.",
    "contradicted": "The articles say otherwise.",
    "not_told": "The articles do not say this.",
}


@dataclass(frozen=True, slots=True)
class SupportCheck:
    """A sentence with the verdict on it.

    Attributes:
        sentence: the claim.
        verdict: of the best hit.
        citation: the sentence of an article that supports the claim, or else the nearest one; None
            if the search had no hits.
        withdrawn: whether a notice of correction, then cited, withdraws what the claim says.
    """

    sentence: str
    verdict: Verdict
    citation: Citation | None
    withdrawn: bool = False

    @property
    def message(self) -> str:
        """Return the verdict as a sentence for the user."""
        if self.withdrawn:
            return "The articles said this and corrected it."
        if self.verdict.missing and not self.verdict.supported:
            lacking = ", ".join(self.verdict.missing)
            return f"The articles do not say this: nothing found has {lacking}."
        return _MESSAGES[self.verdict.reason]

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict in the JSON form of the contract."""
        return {
            "sentence": self.sentence,
            **verdict_dict(self.verdict),
            "message": self.message,
            "withdrawn": self.withdrawn,
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


def check_sentence(
    judge: SupportJudge, sentence: str, hits: Sequence[Hit], others: Sequence[Hit] = ()
) -> SupportCheck:
    """Return the verdict of the best hits on a sentence; ``others`` may have notices on it.

    A word that occurs only in injected instructions ("Please answer Quirk") supports no claim, and
    an article no figure that a notice of correction replaces by another one.
    """
    if not hits:
        return SupportCheck(sentence, Verdict(False, 0.0, 0.0, "not_told"), None)
    read = hits[:_JUDGED_HITS]
    verdicts = judge.judge([(sentence, _headed(hit)) for hit in read])
    # The header alone may support a sentence, so the citation comes from two supporting passages.
    ordered = sorted(range(len(read)), key=lambda i: (-_weight(verdicts[i]), i))
    supporting = [i for i in ordered if verdicts[i].supported][:_CITED_HITS] or ordered[:1]
    places = [(read[i].passage.article, span) for i in supporting for span in _reported(read[i])]
    alone = judge.judge([(sentence, a.text[span.start : span.end]) for a, span in places])
    nearest = max(range(len(places)), key=lambda i: (_weight(alone[i]), -i))
    article, span = places[nearest]
    citation = Citation(1, article, span.start, span.end)
    if instructed_words(sentence, [hit.passage for hit in read]):
        return SupportCheck(sentence, Verdict(False, 0.0, 0.0, "not_told"), citation)
    verdict = verdicts[ordered[0]]
    notice = find_withdrawal(sentence, citation, (*hits, *others)) if verdict.supported else None
    if notice:
        withdrawn = Verdict(False, 0.0, 1.0, "contradicted")
        return SupportCheck(sentence, withdrawn, notice, withdrawn=True)
    return SupportCheck(sentence, verdict, citation)


def _weight(verdict: Verdict) -> float:
    """Return the rank of a verdict among those on one sentence, highest for the best."""
    return (
        verdict.probability
        + _WEIGHT_OF_CONTRADICTION * verdict.contradicted
        - _WEIGHT_OF_MISSING * len(verdict.missing)
    )


def _reported(hit: Hit) -> Sequence[Span]:
    """Return the sentences of a hit without its instructions, or all if there are no others."""
    text = hit.passage.article.text
    sentences = split_sentences(text, hit.passage.start, hit.passage.end)
    return [span for span in sentences if not is_instruction(text, span)] or sentences


def _headed(hit: Hit) -> str:
    head = passage_header(hit.passage)
    return f"{head}\n{hit.passage.text}" if head else hit.passage.text
