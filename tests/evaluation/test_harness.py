"""The harness: loaders, scores, resuming, the gate, comparisons, and faults that it must notice."""

import copy
import json
from pathlib import Path

import pytest

from qa_bot.evaluation.dataset import Question, load
from qa_bot.evaluation.gate import check, compare
from qa_bot.evaluation.harness import main
from qa_bot.evaluation.scoring import by_type, figures, outcome
from qa_bot.evaluation.scoring import score as score_by
from qa_bot.grounding.judge import Verdict
from qa_bot.resources import resource

EVAL = Path(resource("eval"))

TEXT = "Rain fell. The ferry sank in the bay on Tuesday. All were saved."
QUESTION = Question(
    id="q1",
    text="Where did the ferry sink?",
    type="where",
    answerable=True,
    groups=(("the bay", "bay"), ("Tuesday",)),
    short=("the bay",),
    grades={"a": 2, "b": 1},
    evidence=(("a", "The ferry sank in the bay on Tuesday."),),
)
NOTHING = Question(id="q2", text="Who is king?", type="off_topic", answerable=False)


def judge(pairs):
    """Support to the letter: a judge that needs no model."""
    said = [sentence in passage for sentence, passage in pairs]
    return [Verdict(yes, float(yes), 0.0, "supported" if yes else "not_told") for yes in said]


def score(question, answer, texts):
    return score_by(question, answer, texts, judge)


def cite(number, start, end, article_id="a"):
    known = {"title": "T", "publisher": None, "published": None}
    place = {"number": number, "article_id": article_id, "start": start, "end": end}
    return known | place | {"quote": TEXT[start:end]}


def form(**changes):
    """An answer in the JSON form: right, sourced and exact."""
    citation = cite(1, 11, 48)
    return {
        "answered": True,
        "short": None,
        "text": f"{TEXT[11:48]} [1]",
        "sentences": [{"text": TEXT[11:48], "citations": [1], "supported": True}],
        "citations": [citation],
        "hits": [{"article_id": "a", "start": 0, "end": 64, "text": TEXT}],
        "confidence": 0.9,
        "timings_ms": {"total": 5.0},
    } | changes


DECLINED = {"answered": False, "text": "No.", "sentences": [], "citations": [], "hits": []}


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


def make_report(forms):
    questions = [Question(**{**_fields(QUESTION), "id": f"q{n}"}) for n in range(40)]
    questions += [Question(**{**_fields(NOTHING), "id": f"n{n}"}) for n in range(40)]
    rows = [score(question, forms(question), {"a": TEXT}) for question in questions]
    return {
        "dataset": "x",
        "digest": "d",
        "n": len(rows),
        "figures": {name: vars_of(interval) for name, interval in figures(rows).items()},
        "rows": rows,
    }


def _fields(question):
    return {name: getattr(question, name) for name in Question.__slots__}


def vars_of(interval):
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n}


def mostly_right(question):
    """Right for 9 of 10, of both kinds."""
    wrong = question.id.endswith("0")
    if question.answerable:
        return form(text="It sank.") if wrong else form()
    return form(confidence=0.2) if wrong else DECLINED


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


def test_figures_by_type_have_their_n():
    types = by_type(make_report(mostly_right)["rows"])
    assert {name: interval.n for name, interval in types.items()} == {"off_topic": 40, "where": 40}
    assert types["where"].mean == 0.9


def test_squad_file_is_read(tmp_path):
    asked = [
        {"id": "1", "question": "Where?", "answers": [{"text": "bay", "answer_start": 1}] * 2},
        {"id": "2", "question": "Who?", "answers": [], "is_impossible": True},
    ]
    page = {"title": "T", "paragraphs": [{"context": TEXT, "qas": asked}]}
    (tmp_path / "s.json").write_text(json.dumps({"data": [page]}))
    data = load(tmp_path / "s.json", tmp_path)
    assert [(q.answerable, q.short, q.grades) for q in data.questions] == [
        (True, ("bay",), {"T/0": 1}),
        (False, (), {}),
    ]
    assert json.loads(data.articles[0].read_text())["text"] == TEXT


@pytest.fixture
def folder(tmp_path):
    """A BEIR folder of two questions."""
    made = tmp_path / "tiny"
    (made / "qrels").mkdir(parents=True)
    (made / "corpus.jsonl").write_text(json.dumps({"_id": "a", "title": "Ferry", "text": TEXT}))
    queries = [
        {"_id": "1", "text": "Where did the ferry sink?", "answers": [["bay"]]},
        {"_id": "2", "text": "Who governs Zanzibar?", "answerable": False},
    ]
    (made / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (made / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t2\n")
    return made


def run(folder, tmp_path, *more):
    light = [
        "--set",
        "embedder=hashing-256",
        "--set",
        "answer_threshold=0.05",
        "--set",
        "reader=none",
    ]
    return main([str(folder), "--out", str(tmp_path / "out"), *light, *more])


def test_run_writes_answers_and_figures_and_goes_on_where_it_was(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--accept", str(tmp_path / "base.json")) == 0
    assert "tiny, 2 questions" in capsys.readouterr().out
    first = json.loads((tmp_path / "out" / "report.json").read_text())
    (answers,) = (tmp_path / "out").glob("answers-*.jsonl")
    lines = answers.read_text().splitlines()
    answers.write_text(lines[0] + "\n" + lines[1][:20])  # killed while it wrote the second
    assert run(folder, tmp_path, "--check", str(tmp_path / "base.json")) == 0
    again = json.loads((tmp_path / "out" / "report.json").read_text())
    assert again["figures"] == first["figures"]
    assert [json.loads(line)["id"] for line in answers.read_text().splitlines()] == ["1", "2"]
    assert first["figures"]["contains answer"]["mean"] == 1.0
    assert first["figures"]["declined when it should"]["mean"] == 1.0


def test_report_is_one_page_that_shows_what_went_wrong_in_its_place(folder, tmp_path):
    queries = folder / "queries.jsonl"
    wrong = {"_id": "3", "text": "When did the ferry <sink>?", "answers": [["1842"]]}
    queries.write_text(queries.read_text() + "\n" + json.dumps(wrong))
    assert run(folder, tmp_path) == 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert "://" not in page and "<script" not in page
    assert "When did the ferry &lt;sink&gt;?" in page
    assert "<mark>The ferry sank in the bay on Tuesday.</mark> All were saved." in page
    assert page.count("<polyline") == 3 and page.count("<rect") == 24
    assert "answer_threshold" in page and "MB at most" in page


def test_sweep_runs_every_combination_on_one_index(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--set", "k=1,2", "--set", "dense_weight=0,1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5 and lines[1].startswith("embedder=hashing-256")
    assert "1.000 (1.000..1.000)" in lines[1]
    assert len(list(Path("eval-runs").glob("index-*"))) == 1


def test_wrong_call_is_one_sentence(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "is no data set" in capsys.readouterr().err


def test_sample_set_is_what_its_readme_says():
    data = load(EVAL / "datasets" / "sample", EVAL)
    answerable = [question for question in data.questions if question.answerable]
    assert (len(data.questions), len(answerable)) == (227, 161)
    (articles,) = data.articles
    for question in answerable:
        assert question.grades and question.groups and question.evidence
        for article_id, words in question.evidence:
            assert (articles / f"{article_id}.md").read_text(encoding="utf-8").count(words) == 1
