"""Measures against hand-computed values and against ir_measures."""

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from qa_bot.evaluation.measures import (
    aurc,
    citation_precision,
    citation_recall,
    contains_answer,
    exact_match,
    ndcg_at,
    normalize_answer,
    recall_at,
    reciprocal_rank,
    refusal_f1,
    refusal_precision,
    refusal_recall,
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


def test_refusal_measures_by_hand():
    declined = np.array([True, True, False, False])
    unanswerable = np.array([True, False, False, False])
    assert refusal_precision(declined, unanswerable) == 1 / 2
    assert refusal_recall(declined, unanswerable) == 1.0
    assert refusal_f1(declined, unanswerable) == 2 / 3


def test_refusal_measures_without_refusals_are_0():
    declined, unanswerable = np.array([False]), np.array([True])
    for measure in (refusal_precision, refusal_recall, refusal_f1):
        assert measure(declined, unanswerable) == 0.0
        assert measure(unanswerable, declined) == 0.0


def area(confidences, right):
    return aurc(np.array(confidences, float), np.array(right, bool), np.ones(len(right), bool))


def test_risk_coverage_by_hand():
    risks = risk_coverage(np.array([0.9, 0.8, 0.1]), np.array([True, False, True]))
    assert risks.tolist() == [0, 1 / 2, 1 / 3]
    assert area([0.9, 0.8, 0.1], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_answers_of_equal_confidence_have_a_common_risk():
    risks = risk_coverage(np.array([0.5, 0.9, 0.5, 0.5]), np.array([True, True, False, True]))
    assert risks.tolist() == [0, 1 / 4, 1 / 4, 1 / 4]
    assert area([0.5, 0.5], [True, False]) == area([0.5, 0.5], [False, True]) == 0.5


def test_better_ordering_has_less_area():
    right = [True, True, False, False]
    assert area([4, 3, 2, 1], right) < area([1, 2, 3, 4], right)


def test_declined_questions_are_outside_the_area():
    confidences, right = np.array([0.9, 0.95, 0.8]), np.array([True, False, False])
    assert aurc(confidences, right, np.array([True, False, True])) == (0 + 1 / 2) / 2
    assert aurc(confidences, right, np.zeros(3, bool)) == 0.0


def test_measures_of_many_samples_equal_those_of_each():
    chance = np.random.default_rng(2)
    confidences = chance.integers(0, 4, (20, 9)) / 4
    right, answered = chance.random((2, 20, 9)) < 0.6
    areas = aurc(confidences, right, answered)
    assert areas.tolist() == [aurc(*row) for row in zip(confidences, right, answered, strict=True)]
