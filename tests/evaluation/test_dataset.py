import json
from pathlib import Path

from scored_examples import TEXT

from qa_bot.evaluation.dataset import load
from qa_bot.resources import resource

EVAL = Path(resource("eval"))


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


def test_sample_set_is_what_its_readme_says():
    data = load(EVAL / "datasets" / "sample", EVAL)
    answerable = [question for question in data.questions if question.answerable]
    assert (len(data.questions), len(answerable)) == (227, 161)
    (articles,) = data.articles
    for question in answerable:
        assert question.grades and question.groups and question.evidence
        for article_id, words in question.evidence:
            assert (articles / f"{article_id}.md").read_text(encoding="utf-8").count(words) == 1
