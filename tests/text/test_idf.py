from math import log

import pytest

from qa_bot.text.idf import fts5_idf, idf


def test_term_that_is_nowhere_weighs_most():
    assert idf(0, 100) > idf(1, 100) > idf(50, 100) > idf(100, 100) >= 0


@pytest.mark.parametrize(
    ("frequency", "weight"), [(1, log(99.5 / 1.5)), (50, 1e-6), (100, 1e-6), (101, 1e-6)]
)
def test_frequent_term_keeps_the_least_weight_of_fts5(frequency, weight):
    assert fts5_idf(frequency, 100) == pytest.approx(weight)
