import pytest
from scored_examples import DECLINED, NOTHING, QUESTION, TEXT, cite, form, score

from qa_bot.evaluation.scoring import outcome


def test_right_answer_scores_in_full():
    row = score(QUESTION, form(), {"a": TEXT})
    for name in ("contains", "source", "right", "exact", "RR", "R@10 passages"):
        assert row[name] == 1.0, name
    assert row["R@10"] == 0.5 and outcome(row) == 1.0


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"text": "It sank at noon."}, "contains"),
        ({"text": "It sank in Bayonne on Tuesday"}, "contains"),
        ({"citations": [form()["citations"][0] | {"article_id": "z"}]}, "source"),
        ({"citations": [form()["citations"][0] | {"start": 12, "end": 49}]}, "exact"),
        ({"sentences": [{"text": "x", "citations": [2], "supported": True}]}, "exact"),
        ({"hits": []}, "R@10"),
        ({"hits": [{"article_id": "a", "text": "The ferry sank in"}]}, "R@10 passages"),
    ],
)
def test_fault_moves_its_own_figure(changes, name):
    assert score(QUESTION, form(**changes), {"a": TEXT})[name] == 0.0


def sentence(text, *citations):
    return {"text": text, "citations": list(citations), "supported": True}


@pytest.mark.parametrize(
    ("sentences", "recall", "precision"),
    [
        ([sentence("Rain fell.", 1)], 1.0, 1.0),
        ([sentence("Rain fell.", 2)], 0.0, 0.0),
        ([sentence("Rain fell.", 1, 2)], 1.0, 0.5),  # the second is not needed
        ([sentence("Rain fell.", 1), sentence("Snow fell.", 1)], 0.5, 0.5),
        ([sentence("Rain fell.")], 0.0, 0.0),
    ],
)
def test_citation_recall_and_precision_by_hand(sentences, recall, precision):
    cited = [cite(1, 0, 10), cite(2, 49, 64)]
    row = score(QUESTION, form(sentences=sentences, citations=cited), {"a": TEXT})
    assert (row["citation recall"], row["citation precision"]) == (recall, precision)


def test_declined_answer_has_no_citation_quality_and_counts_in_f1():
    assert score(NOTHING, DECLINED, {})["citation recall"] is None
    assert score(NOTHING, DECLINED, {})["F1 or declined"] == 1.0
    assert score(QUESTION, DECLINED, {})["F1 or declined"] == 0.0
    assert score(QUESTION, form(short="bay"), {"a": TEXT})["F1 or declined"] == 1.0


def test_evidence_found_late_lowers_depth_and_rank():
    hits = [{"article_id": "b", "text": "Rain."}, form()["hits"][0]]
    row = score(QUESTION, form(hits=hits), {"a": TEXT})
    assert row["depth passages"][:3] == [0.0, 1.0, 1.0]
    assert row["RR passages"] == 0.5 and 0 < row["nDCG@10 passages"] < 1


def test_failed_question_counts_as_wrong_and_is_no_refusal():
    for question in (QUESTION, NOTHING):
        row = score(question, {"error": "it broke"}, {})
        assert outcome(row) == 0.0 and row["declined"] == 0.0


def test_declining_is_right_only_where_nothing_answers():
    assert outcome(score(NOTHING, DECLINED, {})) == 1.0
    assert outcome(score(QUESTION, DECLINED, {})) == 0.0
    assert outcome(score(NOTHING, form(), {"a": TEXT})) == 0.0
