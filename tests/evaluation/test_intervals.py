import numpy as np
import pytest

from qa_bot.evaluation.intervals import Interval, bootstrap, paired_p, percentile
from qa_bot.evaluation.measures import refusal_precision


def test_percentile_interpolates():
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([], 0.5) == 0


def test_bootstrap_covers_the_mean_and_is_the_same_each_time():
    values = np.random.default_rng(3).random(200).tolist()
    interval = bootstrap(values)
    assert interval == bootstrap(values)
    assert interval.low < interval.mean < interval.high and interval.n == 200
    assert interval.mean == pytest.approx(np.mean(values))


@pytest.mark.parametrize(
    ("values", "interval"),
    [
        ([], Interval(0.0, 0.0, 0.0, 0)),
        ([0.5], Interval(0.5, 0.5, 0.5, 1)),
        ([1.0] * 9, Interval(1.0, 1.0, 1.0, 9)),
    ],
)
def test_values_without_spread_have_no_width(values, interval):
    assert bootstrap(values) == interval


def test_interval_of_a_share_is_that_of_the_binomial():
    interval = bootstrap([1.0] * 50 + [0.0] * 50)
    # 0.5 ± 1.96 · sqrt(0.25 / 100)
    assert (interval.low, interval.high) == pytest.approx((0.402, 0.598), abs=0.015)


def test_columns_are_drawn_together():
    declined = np.arange(80) % 4 == 0
    assert bootstrap(declined, declined, statistic=refusal_precision) == Interval(1.0, 1.0, 1.0, 80)


def test_equal_systems_are_rarely_called_different():
    chance = np.random.default_rng(1)
    alarms = sum(paired_p(chance.random(60), chance.random(60)) < 0.05 for _ in range(50))
    assert alarms <= 6  # 2.5 are expected; P(7 or more) = 1 %


def test_different_systems_are_recognised():
    one = np.random.default_rng(1).random(60)
    assert paired_p(one + 0.3, one) < 0.001
    assert paired_p(one, one) == 1.0


def test_few_differences_are_tested_exactly():
    # All five have the same sign in 2 of 32 ways.
    assert paired_p([1, 1, 1, 1, 1, 0.5, 0], [0, 0, 0, 0, 0, 0.5, 0]) == 2 / 32
    assert paired_p([1, 0], [0, 0]) == 1.0
