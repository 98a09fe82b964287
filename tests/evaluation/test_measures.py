"""Measures against hand-computed values and against the public tool."""

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from qa_bot.evaluation.measures import (
    PrecisionRecall,
    aurc,
    bootstrap,
    bootstrap_of,
    citation_precision,
    citation_recall,
    contains_answer,
    exact_match,
    ndcg_at,
    normalize_answer,
    paired_p,
    percentile,
    recall_at,
    reciprocal_rank,
    refusal_quality,
    risk_coverage,
    token_f1,
)

IDS = "abcdefghij"
rankings = st.permutations(list(IDS)).flatmap(lambda p: st.integers(0, 10).map(lambda n: p[:n]))
judgements = st.dictionaries(st.sampled_from(IDS + "xyz"), st.integers(0, 3), min_size=1)


@given(rankings, judgements, st.integers(1, 12))
def test_retrieval_measures_equal_ir_measures(ranking, grades, k):
    qrels = [Qrel("q", one, grade) for one, grade in grades.items()]
    run = [ScoredDoc("q", one, 100.0 - rank) for rank, one in enumerate(ranking)]
    run = run or [ScoredDoc("q", "nothing", 1.0)]
    theirs = ir_measures.calc_aggregate([nDCG @ k, R @ k, RR], qrels, run)
    assert ndcg_at(ranking, grades, k) == pytest.approx(theirs[nDCG @ k], abs=1e-9)
    assert reciprocal_rank(ranking, grades) == pytest.approx(theirs[RR], abs=1e-9)
    if any(grades.values()):
        assert recall_at(ranking, grades, k) == pytest.approx(theirs[R @ k], abs=1e-9)


def test_retrieval_by_hand():
    grades = {"a": 2, "b": 1}
    assert ndcg_at(["b", "x", "a"], grades, 10) == pytest.approx(2 / (2 + 1 / math.log2(3)))
    assert recall_at(["b", "x", "a"], grades, 2) == 0.5
    assert reciprocal_rank(["x", "b"], grades) == 0.5
    assert (ndcg_at([], grades, 10), recall_at([], grades, 9), reciprocal_rank([], grades)) == (
        0,
    ) * 3


@pytest.mark.parametrize(
    ("answer", "golds", "em", "f1"),
    [
        ("The 16th of June.", ["16th June"], 0, 4 / 5),
        ("the June 16", ["June 16"], 1, 1.0),
        ("", [], 1, 1.0),
        ("June", [], 0, 0.0),
        ("", ["June"], 0, 0.0),
        ("June June", ["June 16"], 0, 0.5),
        ("in Geneva", ["Vienna", "Geneva, Switzerland", "Geneva"], 0, 2 / 3),
    ],
)
def test_answers_score_as_the_squad_script_does(answer, golds, em, f1):
    assert (exact_match(answer, golds), token_f1(answer, golds)) == (em, pytest.approx(f1))


def test_normalising_is_squads():
    assert normalize_answer("  An Old,  (the) A-team!") == "old ateam"


def test_every_group_must_be_there():
    assert contains_answer("On 16  June\nin GENEVA", [["June 16", "16 june"], ["Geneva"]])
    assert not contains_answer("On 16 June", [["16 June"], ["Geneva"]])
    assert contains_answer("anything", [])
    assert not contains_answer("Of 131 homes", [["31"]])


def test_citation_measures_are_shares():
    assert citation_recall([True, False, True]) == pytest.approx(2 / 3)
    assert citation_precision([True, False]) == 0.5
    assert (citation_recall([]), citation_precision([])) == (0, 0)


def test_refusal_quality_by_hand():
    found = refusal_quality([True, True, False, False], [True, False, True, False])
    assert found == PrecisionRecall(0.5, 0.5) and found.f1 == 0.5
    assert refusal_quality([False], [True]) == PrecisionRecall(0.0, 0.0)
    assert refusal_quality([False], [True]).f1 == 0.0


def test_risk_coverage_by_hand():
    assert risk_coverage([0.9, 0.8, 0.1], [True, False, True]) == [0, 1 / 2, 1 / 3]
    assert aurc([0.9, 0.8, 0.1], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert aurc([0.5, 0.5], [True, False]) == aurc([0.5, 0.5], [False, True]) == 0.5
    assert aurc([], []) == 0


def test_better_ordering_has_less_area():
    right = [True, True, False, False]
    assert aurc([4, 3, 2, 1], right) < aurc([1, 2, 3, 4], right)


def test_percentile_interpolates():
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([], 0.5) == 0


def test_bootstrap_covers_the_mean_and_is_the_same_each_time():
    values = np.random.default_rng(3).random(200).tolist()
    interval = bootstrap(values)
    assert interval == bootstrap(values)
    assert interval.low < interval.mean < interval.high and interval.n == 200
    assert interval.mean == pytest.approx(np.mean(values))
    assert bootstrap([1.0] * 9).low == bootstrap([1.0] * 9).high == 1.0
    assert bootstrap([]).n == 0


def test_bootstrap_of_a_statistic_equals_the_one_of_means():
    values = np.random.default_rng(0).random(80)
    interval = bootstrap_of(lambda rows: float(values[list(rows)].mean()), 80, resamples=2000)
    assert interval.low == pytest.approx(bootstrap(values.tolist()).low, abs=1e-12)


def test_equal_systems_are_rarely_called_different():
    chance = np.random.default_rng(1)
    alarms = sum(paired_p(chance.random(60), chance.random(60)) < 0.05 for _ in range(100))
    assert alarms <= 9  # 5 are expected; P(10 or more) < 3 %


def test_different_systems_are_told_apart():
    one = np.random.default_rng(1).random(60)
    assert paired_p(one + 0.3, one) < 0.001
    assert paired_p(one, one) == 1.0
