"""Judge whether a passage supports a sentence, by a trained model and by exact checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from qa_bot.grounding.facts import missing_facts
from qa_bot.models import CrossEncoder, Window, sigmoid
from qa_bot.resources import model_folder
from qa_bot.text import coverage, terms

Reason = Literal["supported", "fact_missing", "contradicted", "not_told"]
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
    """A trained model of support, with the exact checks."""

    def __init__(self, folder: Path, threshold: float = 0.5) -> None:
        """Load the model in a folder.

        Raises:
            ModelError: the model is damaged, or weights that it builds on are missing.
        """
        self._model = CrossEncoder(folder)
        plain = {"logit": 1.0, "share": 0.0, "bias": 0.0}
        self._weights: dict[str, float] = self._model.config.get("calibration", plain)
        self._threshold = threshold

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return the verdict on each sentence by its passage, in order.

        Args:
            pairs: sentence and passage; the passage begins with the header of its article.
        """
        read = self._model.read(pairs)
        return [
            self._verdict(windows, term_share(sentence, passage), missing_facts(sentence, passage))
            for (sentence, passage), windows in zip(pairs, read, strict=True)
        ]

    def _verdict(
        self, windows: Sequence[Window], share: float, missing: tuple[str, ...]
    ) -> Verdict:
        logits = max((w.pair for w in windows), key=lambda pair: float(pair[0] - max(pair[1:])))
        raw = float(logits[0] - np.logaddexp(logits[1], logits[2]))
        weights = self._weights
        logit = weights["logit"] * raw + weights["share"] * share + weights["bias"]
        probability = sigmoid(logit) * (_LACKING if missing else 1)
        against = sigmoid(float(logits[1] - logits[2])) * (1 - probability)
        supported = probability >= self._threshold
        reason: Reason = "contradicted" if against >= (1 - probability) / 2 else "not_told"
        if supported or missing:
            reason = "supported" if supported else "fact_missing"
        return Verdict(supported, probability, against, reason, missing, raw)


def term_share(sentence: str, passage: str) -> float:
    """Return the share, 0..1, of the terms of a sentence that the passage has; 1 for no terms.

    >>> term_share("The ferry sank on Monday.", "On Monday a ferry left.")
    0.6666666666666666
    """
    return coverage(set(terms(sentence)), set(terms(passage)))


@cache
def load_grounding() -> SupportJudge:
    """Return the judge with the bundled model, loaded at the first call.

    Raises:
        ModelError: the model is missing or damaged.
    """
    return SupportJudge(model_folder("grounding"))
