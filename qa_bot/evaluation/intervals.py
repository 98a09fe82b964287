"""Means and other statistics over questions, with their intervals, and a test of differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

_SEED = 0
_LEVEL = 0.95
_RESAMPLES = 2000
_FLIPS = 10_000
_BATCH_VALUES = 1_000_000  # drawn at a time, so that memory stays small


@dataclass(frozen=True, slots=True)
class Interval:
    """A statistic with its 95 % interval and the number of questions behind it."""

    mean: float
    low: float
    high: float
    n: int


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share (0..1) lies, interpolated linearly; 0 for none."""
    return float(np.quantile(values, share)) if len(values) else 0.0


def bootstrap(*columns: ArrayLike, statistic: Callable[..., Any] = np.mean) -> Interval:
    """Return a statistic with its percentile bootstrap interval (Efron 1979), over whole questions.

    Args:
        columns: values of the questions, a column for each argument of the statistic.
        statistic: takes the columns and an ``axis``, along which the questions lie.
    """
    data = [np.asarray(column) for column in columns]
    n = len(data[0])
    if not n:
        return Interval(0.0, 0.0, 0.0, 0)
    found = float(statistic(*data, axis=-1))
    if n == 1:
        return Interval(found, found, found, 1)
    interval = stats.bootstrap(
        data,
        statistic,
        paired=True,
        vectorized=True,
        n_resamples=_RESAMPLES,
        batch=_batch(n),
        confidence_level=_LEVEL,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return Interval(found, float(interval.low), float(interval.high), n)


def paired_p(one: ArrayLike, other: ArrayLike) -> float:
    """Return the p-value, 0..1, that two systems' values on the same questions differ by chance.

    Two-sided paired randomisation test (Fisher 1935; Smucker et al. 2007) with 10,000 random
    flips of the signs, or with all flips where there are fewer. The observed signs count as one
    of them, so p is never 0.
    """
    differences = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    differences = differences[differences != 0]  # the sign of 0 changes nothing
    if len(differences) < 2:
        return 1.0
    tested = stats.permutation_test(
        (differences,),
        lambda flipped, axis: np.abs(flipped.sum(axis)),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_FLIPS,
        batch=_batch(len(differences)),
        alternative="greater",
        rng=np.random.default_rng(_SEED),
    )
    return float(tested.pvalue)


def _batch(n: int) -> int:
    return max(1, _BATCH_VALUES // n)
