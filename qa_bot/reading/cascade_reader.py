"""Read with a small model, again with a large one, and judge what the likeliest passages tell."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.grounding import SupportJudge
from qa_bot.models import sigmoid
from qa_bot.news import corrections_in, with_header
from qa_bot.question import Expects, Question
from qa_bot.reading.span_reader import SpanReader
from qa_bot.retrieval import Query

_READ_AGAIN, _CORRECTIONS = 4, 2  # hits; chosen by hand
MAY_DECIDE = 4  # sentences that are judged; 3 and 6 measure the same
_LEAST, _MOST = 0.02, 0.95  # probability, 0..1; the judge changes next to no decision beyond
_UNLIKELY = 0.001  # probability, 0..1; log odds are not taken of less, nor of more than 1 less it


class CascadeReader:
    """A large reader of the hits in which a small reader finds the most probable evidence.

    ``judge`` decides questions of yes or no, and whether a passage tells the answer to any
    question: the reader finds words of the right kind, and the judge reads question and passage as
    claim and text.
    """

    def __init__(self, small: SpanReader, large: SpanReader, judge: SupportJudge) -> None:
        self._small, self._large = small, large
        self.judge: SupportJudge | None = judge
        self.name = "cascade-reader-3"
        self.threshold = large.threshold
        self._weights, self._yes_no_weights = large.weights_with_judge, large.yes_no_weights
        all_weights = f"{small.fingerprint}{large.fingerprint}{judge.fingerprint}"
        self.fingerprint = hashlib.sha256(all_weights.encode()).hexdigest()

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the large reader's evidence, most probable first; other hits have none."""
        promising = promising_hits(self._small, question, query, hits)
        evidence = self._large.read(question, query, promising)
        if evidence and self._yes_no_weights and question.expects is Expects.YES_NO:
            return self._deciding(question, evidence)
        return self._judged(question, evidence) if evidence and self._weights else evidence

    def _judged(self, question: Question, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Return the evidence with the probability by reader and judge together, in its order.

        The judge reads the passage of the likeliest evidence; the rest keeps its shares of that
        probability, by which evidence is compared.
        """
        likeliest, passage, told = evidence[0].probability, evidence[0].hit.passage, 0.5
        assert self.judge is not None
        if _LEAST <= likeliest <= _MOST:
            pair = question.standalone, with_header(passage.text, passage.article)
            told = 1 - float(self.judge.relations([pair])[0, 2])
        weights = self._weights
        read, judged = weights["read"] * log_odds(likeliest), weights["told"] * log_odds(told)
        together = sigmoid(read + judged + weights["bias"])
        return tuple(
            replace(one, probability=together * one.probability / likeliest) for one in evidence
        )

    def _deciding(self, question: Question, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Return the evidence of a question of yes or no, most probably deciding first.

        The reader finds where it may be decided: it learned to find words, and how probable it
        calls them says little here. Whether a sentence decides is for the judge, which reads the
        likeliest; what it does not read counts as the least of those.
        """
        assert self.judge is not None
        pairs = [(question.standalone, with_header(e.text, e.article)) for e in evidence]
        told = 1 - self.judge.relations(pairs[:MAY_DECIDE])[:, 2]
        judged = list(map(log_odds, told))
        judged += [min(judged)] * (len(evidence) - len(judged))
        likeliest = evidence[0].probability
        deciding = [
            replace(one, probability=self._decides(one_told, one.probability / likeliest))
            for one, one_told in zip(evidence, judged, strict=True)
        ]
        return tuple(sorted(deciding, key=lambda e: -e.probability))

    def _decides(self, told: float, share: float) -> float:
        """Return the probability that a sentence decides a question of yes or no.

        Args:
            told: log odds that it does not leave the question open.
            share: of the reader's probability of the likeliest sentence, above 0 to 1.
        """
        weights = self._yes_no_weights
        together = weights["told"] * told + weights["share"] * math.log(share) + weights["bias"]
        return float(sigmoid(together))


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, 0..1, held between 0.001 and 0.999."""
    within = min(max(probability, _UNLIKELY), 1 - _UNLIKELY)
    return math.log(within / (1 - within))


def promising_hits(
    small: SpanReader, question: Question, query: Query, hits: Sequence[Hit]
) -> tuple[Hit, ...]:
    """Return the hits for the large reader, in the order of retrieval.

    Up to two more have a notice of correction: it may withdraw what the others say.
    """
    if len(hits) <= _READ_AGAIN:
        return tuple(hits)
    best: dict[str, float] = {}
    for evidence in small.read(question, query, hits):
        best.setdefault(evidence.hit.passage.id, evidence.probability)
    promising = sorted(hits, key=lambda h: (-best.get(h.passage.id, 0.0), h.rank))
    corrections = [hit for hit in promising[_READ_AGAIN:] if _has_correction(hit)][:_CORRECTIONS]
    return tuple(sorted([*promising[:_READ_AGAIN], *corrections], key=lambda h: h.rank))


def _has_correction(hit: Hit) -> bool:
    passage = hit.passage
    return bool(corrections_in(passage.article.text, Span(passage.start, passage.end)))
