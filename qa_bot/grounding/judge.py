"""Judge whether a passage supports a sentence, by a trained model and by exact checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.grounding.facts import missing_facts
from qa_bot.models import CrossEncoder, prefer_large, sigmoid
from qa_bot.resources import model_folder
from qa_bot.text import coverage, split_sentences, squeeze, terms

Reason = Literal["supported", "fact_missing", "contradicted", "not_told"]
Floats = NDArray[np.float32]
_LACKING = 0.1  # factor, 0..1, on the probability if a fact is missing; chosen by hand


@dataclass(frozen=True, slots=True)
class Verdict:
    """The relation of a passage to a sentence.

    Attributes:
        supported: whether the probability reaches the threshold.
        probability: calibrated probability, 0..1, that the passage supports the sentence.
        contradicted: probability, 0..1, that the passage contradicts the sentence.
        reason: the code of the reason.
        missing: the numbers, dates and quotations of the sentence that the passage lacks.
        logit: log odds of support by the model alone, before calibration and exact checks.
    """

    supported: bool
    probability: float
    contradicted: float
    reason: Reason
    missing: tuple[str, ...] = ()
    logit: float = 0.0


class SupportJudge:
    """A trained model of support, with the exact checks.

    A passage supports each of its own sentences, whatever the model's scores. ``fingerprint`` is
    the SHA-256 of the trained weights.
    """

    def __init__(self, folder: Path) -> None:
        """Load the model in a folder.

        Raises:
            ModelError: the model is damaged, or weights that it builds on are missing.
        """
        self._model = CrossEncoder(folder)
        self.fingerprint = self._model.fingerprint
        plain = {"logit": 1.0, "share": 0.0, "bias": 0.0}
        self._weights: dict[str, float] = self._model.config.get("calibration", plain)
        self._threshold = float(self._model.config.get("threshold", 0.5))

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each sentence by its passage, in order.

        Args:
            pairs: sentence and passage; the passage begins with the header of its article.
        """
        return [
            Verdict(True, 1.0, 0.0, "supported", (), _log_odds(scores))
            if has_whole(sentence, passage)
            else self._verdict(
                scores, term_share(sentence, passage), missing_facts(sentence, passage)
            )
            for (sentence, passage), scores in zip(pairs, self._scores(pairs), strict=True)
        ]

    def relations(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return the probabilities (n, 3) of yes, no and not told, by the model alone.

        Args:
            pairs: a question that can be answered with yes or no, or a sentence, and a passage
                that begins with the header of its article.
        """
        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        read = self._model.read(pairs)
        # Of a long passage the window counts that leaves least open.
        scores = np.array([min((w.pair for w in windows), key=_open) for windows in read])
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Floats = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def _scores(self, pairs: Sequence[tuple[str, str]]) -> list[Floats]:
        """Return the (3,) scores of each pair, of its window that supports most."""
        return [
            max((w.pair for w in windows), key=lambda pair: float(pair[0] - max(pair[1:])))
            for windows in self._model.read(pairs)
        ]

    def _verdict(self, scores: Floats, share: float, missing: tuple[str, ...]) -> Verdict:
        raw = _log_odds(scores)
        weights = self._weights
        logit = weights["logit"] * raw + weights["share"] * share + weights["bias"]
        probability = sigmoid(logit) * (_LACKING if missing else 1)
        against = sigmoid(float(scores[1] - scores[2])) * (1 - probability)
        supported = probability >= self._threshold
        likelier = max(probability, (1 - probability) / 2)
        reason: Reason = "contradicted" if against >= likelier else "not_told"
        if supported or missing:
            reason = "supported" if supported else "fact_missing"
        return Verdict(supported, probability, against, reason, missing, raw)


def has_whole(sentence: str, passage: str) -> bool:
    """Return whether a text is one or more whole sentences of a passage, word for word.

    A question is no statement, so no passage has it.

    >>> has_whole("Rain  fell.", "The day was cold. Rain fell. The ferry ran.")
    True
    >>> has_whole("the ferry ran", "He denied that the ferry ran.")
    False
    """
    said = squeeze(sentence)
    if not said or said.endswith("?") or said not in squeeze(passage):
        return False
    parts = [squeeze(passage[span.start : span.end]) for span in split_sentences(passage)]
    return any(
        said == " ".join(parts[first:last])
        for first in range(len(parts))
        for last in range(first + 1, len(parts) + 1)
        if said.startswith(parts[first]) and said.endswith(parts[last - 1])
    )


def _open(scores: Floats) -> float:
    """Return the log odds that a passage does not tell."""
    return float(scores[2] - np.logaddexp(scores[0], scores[1]))


def _log_odds(scores: Floats) -> float:
    """Return the log odds of support against contradiction and silence together."""
    return float(scores[0] - np.logaddexp(scores[1], scores[2]))


def term_share(sentence: str, passage: str) -> float:
    """Return the share, 0..1, of the terms of a sentence that the passage has; 1 for no terms.

    >>> term_share("The ferry sank on Monday.", "On Monday a ferry left.")
    0.6666666666666666
    """
    return coverage(set(terms(sentence)), set(terms(passage)))


def load_grounding(size: str = "auto") -> SupportJudge:
    """Return the judge of a size, loaded at the first call.

    Args:
        size: "large", "auto" for the large one if its base is installed, or else the small one.

    Raises:
        ModelError: the model is damaged, or weights that it builds on are missing.
    """
    large = size == "large" or (size == "auto" and prefer_large())
    return _judge("grounding-large" if large else "grounding")


@cache
def _judge(folder: str) -> SupportJudge:
    return SupportJudge(model_folder(folder))
