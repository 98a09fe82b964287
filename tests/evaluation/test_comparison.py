import copy

import pytest
from scored_examples import DECLINED, form, make_report, mostly_right

from qa_bot.evaluation.comparison import check, compare


@pytest.mark.parametrize(
    ("fault", "figure"),
    [
        (lambda q: form(), "declined when it should"),
        (lambda q: DECLINED, "contains answer"),
        (lambda q: mostly_right(q) | {"hits": []}, "R@10 articles"),
        (lambda q: _shifted(mostly_right(q)), "quotes exact"),
        (lambda q: {"error": "x"}, "refusal recall"),
    ],
    ids=["always answers", "always declines", "finds nothing", "shifted citations", "broken"],
)
def test_gate_stops_an_injected_fault(fault, figure):
    baseline = make_report(mostly_right)
    assert check(baseline, baseline) == []
    failures = check(make_report(fault), baseline)
    assert any(line.startswith(figure) for line in failures)


def _shifted(answer):
    answer = copy.deepcopy(answer)
    for citation in answer["citations"]:
        citation["start"] += 1
    return answer


def test_gate_refuses_a_baseline_of_other_questions():
    baseline = make_report(mostly_right)
    assert check(baseline | {"digest": "other"}, baseline) == [
        "the baseline is of other questions: x, 80"
    ]


def test_comparison_names_what_changed():
    text = compare(make_report(mostly_right), make_report(lambda q: DECLINED))
    assert "80 questions in both" in text
    assert "better in B: 4  n0 n10 n20 n30" in text
    assert "worse in B: 36" in text
