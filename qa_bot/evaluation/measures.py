"""Judgements and outcomes → figures: retrieval, answers, citations, refusals, and their intervals.

Pure functions. A question without hits, or that failed, scores 0; none is dropped here.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Retrieval: as trec_eval and ir_measures compute them ----------------------------------------


def recall_at(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Return R@k, 0..1: the share of the relevant ids (grade 1 or more) among the first k.

    >>> recall_at(["b", "x", "a"], {"a": 2, "b": 1}, 2)
    0.5
    """
    relevant = {one for one, grade in grades.items() if grade > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def ndcg_at(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Return nDCG@k, 0..1: Σ grade / log₂(rank + 1) over the same sum of the best ranking.

    Linear gain, as trec_eval has it (Järvelin and Kekäläinen 2002).
    """
    gains = [max(0, grades.get(one, 0)) for one in dict.fromkeys(ranking)]
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    ideal = _discounted(best[:k])
    return _discounted(gains[:k]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return RR, 0..1: 1 / rank of the first relevant id, 0 if there is none."""
    for rank, one in enumerate(ranking, start=1):
        if grades.get(one, 0) > 0:
            return 1 / rank
    return 0.0


# Answers: as the SQuAD 2.0 script defines them (Rajpurkar et al. 2016, 2018) -----------------

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """Return the text in lower case without ASCII punctuation, articles and extra white space.

    >>> normalize_answer("The  U.S.-led talks")
    'usled talks'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """Return 1.0 if the answer equals one of the right ones once normalised, else 0.0.

    Without right answers (unanswerable), an empty answer is the right one.
    """
    return float(normalize_answer(answer) in {normalize_answer(gold) for gold in golds or [""]})


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """Return the best F1, 0..1, of the answer's tokens against those of a right answer."""
    return max(_token_f1(answer, gold) for gold in golds or [""])


def _token_f1(answer: str, gold: str) -> float:
    given, right = normalize_answer(answer).split(), normalize_answer(gold).split()
    if not given or not right:
        return float(given == right)
    common = sum((Counter(given) & Counter(right)).values())
    return 2 * common / (len(given) + len(right))


def contains_answer(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Return whether the text has at least one alternative of every group, as whole words.

    Case does not matter.

    >>> contains_answer("On 16 June in Geneva", [["June 16", "16 June"], ["Geneva"]])
    True
    """
    folded = _folded(text)
    return all(
        any(re.search(rf"(?<!\w){re.escape(_folded(one))}(?!\w)", folded) for one in group)
        for group in groups
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


# Citations: ALCE (Gao et al. 2023), with whatever judges support ------------------------------


def citation_recall(supported: Sequence[bool]) -> float:
    """Return the share, 0..1, of sentences that all their citations together support.

    A sentence without citations counts as not supported; an answer without sentences scores 0.
    """
    return sum(supported) / len(supported) if supported else 0.0


def citation_precision(needed: Sequence[bool]) -> float:
    """Return the share, 0..1, of citations that are not irrelevant.

    A citation is irrelevant if it does not support its sentence alone and the sentence's other
    citations support it without it, or if the sentence is not supported at all.
    """
    return sum(needed) / len(needed) if needed else 0.0


# Refusals ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """Precision, recall and F1, each 0..1; 0 where there is nothing to divide by."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def refusal_quality(declined: Sequence[bool], unanswerable: Sequence[bool]) -> PrecisionRecall:
    """Return how well declining finds the unanswerable questions."""
    right = sum(d and u for d, u in zip(declined, unanswerable, strict=True))
    return PrecisionRecall(right / max(1, sum(declined)), right / max(1, sum(unanswerable)))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[float]:
    """Return the risk (share of wrong ones, 0..1) among the 1, 2, … n most confident answers.

    Answers of equal confidence are taken together, at their common risk.
    """
    order = sorted(range(len(right)), key=lambda i: -confidences[i])
    risks: list[float] = []
    wrong = start = 0
    while start < len(order):
        end = start
        while end < len(order) and confidences[order[end]] == confidences[order[start]]:
            wrong += not right[order[end]]
            end += 1
        risks += [wrong / end] * (end - start)
        start = end
    return risks


def aurc(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the area under the risk–coverage curve, 0..1, lower is better.

    The mean risk over all coverages (Geifman and El-Yaniv 2017); 0 for no questions.
    """
    risks = risk_coverage(confidences, right)
    return sum(risks) / len(risks) if risks else 0.0


# Statistics ----------------------------------------------------------------------------------


_FLIPS = 10_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its interval and the number of values that it stands on."""

    mean: float
    low: float
    high: float
    n: int


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share (0..1) lies, interpolated linearly; 0 for none."""
    return float(np.quantile(values, share)) if len(values) else 0.0


def bootstrap(
    values: Sequence[float], level: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Interval:
    """Return the mean with its percentile bootstrap interval (Efron 1979), over whole questions."""
    if not len(values):
        return Interval(0.0, 0.0, 0.0, 0)
    sample = np.asarray(values, dtype=np.float64)
    chosen = np.random.default_rng(seed).integers(0, len(sample), (resamples, len(sample)))
    means = sample[chosen].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(sample.mean()), float(low), float(high), len(sample))


def bootstrap_of(
    statistic: Callable[[Sequence[int]], float],
    n: int,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Return the interval of a statistic that is no mean, given the positions of n questions."""
    if not n:
        return Interval(0.0, 0.0, 0.0, 0)
    chosen = np.random.default_rng(seed).integers(0, n, (resamples, n))
    values = [statistic(row.tolist()) for row in chosen]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(statistic(range(n)), float(low), float(high), n)


def paired_p(one: Sequence[float], other: Sequence[float], seed: int = 0) -> float:
    """Return the p-value, 0..1, that two systems' values on the same questions differ by chance.

    Two-sided paired randomisation test (Fisher 1935; Smucker et al. 2007), 10,000 sign flips;
    the observed assignment counts as one of them, so p is never 0.
    """
    differences = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    if not differences.any():
        return 1.0
    chance, observed = np.random.default_rng(seed), abs(differences.sum()) - 1e-12
    as_large = 0
    for _ in range(_FLIPS // 1000):  # in parts, so that memory stays small
        signs = chance.choice([-1.0, 1.0], (1000, len(differences)))
        as_large += int(np.sum(np.abs(signs @ differences) >= observed))
    return (1 + as_large) / (1 + _FLIPS)
