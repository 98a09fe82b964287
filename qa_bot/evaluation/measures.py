"""Measures of retrieval, answers, citations and refusals, as the literature defines them.

Pure functions. A question without hits, or one that failed, scores 0; no question is dropped here.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


# Citations: ALCE (Gao et al. 2023), with any judge of support ---------------------------------


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
#
# One value per question along an axis, so that a bootstrap measures all its resamples at once.

Flags = NDArray[np.bool_]
Values = NDArray[np.float64]


def refusal_precision(declined: Flags, unanswerable: Flags, axis: int = -1) -> Values:
    """Return the share, 0..1, of the declined questions that the articles do not answer."""
    return _share(declined & unanswerable, declined, axis)


def refusal_recall(declined: Flags, unanswerable: Flags, axis: int = -1) -> Values:
    """Return the share, 0..1, of the questions without an answer that were declined."""
    return _share(declined & unanswerable, unanswerable, axis)


def refusal_f1(declined: Flags, unanswerable: Flags, axis: int = -1) -> Values:
    """Return the harmonic mean, 0..1, of the precision and the recall of declining."""
    both = np.stack([declined, unanswerable]).sum(axis=0)
    return _share(2 * (declined & unanswerable), both, axis)


def _share(part: NDArray[Any], whole: NDArray[Any], axis: int) -> Values:
    return np.asarray(part.sum(axis) / np.maximum(1, whole.sum(axis)))


def risk_coverage(confidences: Values, right: Flags) -> Values:
    """Return the risk (share of wrong ones, 0..1) among the 1, 2, … n most confident answers.

    The questions lie along the last axis. Answers of equal confidence are taken together, at
    their common risk.

    >>> risk_coverage(np.array([0.9, 0.8, 0.1]), np.array([True, False, True])).tolist()
    [0.0, 0.5, 0.3333333333333333]
    """
    order = np.argsort(-confidences, axis=-1, kind="stable")
    sorted_confidences = np.take_along_axis(confidences, order, -1)
    wrong = np.cumsum(~np.take_along_axis(right, order, -1), axis=-1)
    n = order.shape[-1]
    # Where a run of equal confidences ends, seen from each of its members.
    is_end = np.ones(order.shape, dtype=bool)
    is_end[..., :-1] = sorted_confidences[..., :-1] != sorted_confidences[..., 1:]
    ends = np.where(is_end, np.arange(n), n)
    ends = np.minimum.accumulate(ends[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray(np.take_along_axis(wrong, ends, -1) / (ends + 1))


def aurc(confidences: Values, right: Flags, answered: Flags, axis: int = -1) -> Values:
    """Return the area under the risk–coverage curve, 0..1, lower is better.

    The mean risk over all coverages of the answered questions (Geifman and El-Yaniv 2017); 0 where
    none was answered. ``axis`` must be the last.
    """
    risks = risk_coverage(np.where(answered, confidences, -np.inf), right)
    n_answered = answered.sum(axis, keepdims=True)
    counted = np.arange(risks.shape[axis]) < n_answered
    return _share(risks * counted, answered, axis)
