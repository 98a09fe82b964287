"""Feedback is kept in the harness's own form: what readers said can be asked again."""

import json

import pytest

from qa_bot.index.layout import FEEDBACK_NAME
from qa_bot.web.answer_form import AnswerForm
from qa_bot.web.feedback import feedback_record, keep_feedback


def test_feedback_is_replayed_by_the_harness(bot, tmp_path):
    from qa_bot.evaluation.dataset import load

    good = bot.ask("Who was elected mayor of Saltmere?", as_of="2021-12-31").to_dict()
    declined = bot.ask("What is the capital of Australia?").to_dict()
    folder = tmp_path / "said"
    folder.mkdir()
    for answer, verdict in ((good, "good"), (good, "should_have_declined"), (declined, "good")):
        record = feedback_record(AnswerForm.model_validate(answer), verdict, "why\nso")
        keep_feedback(folder / "queries.jsonl", record)
    first, second, third = load(folder, tmp_path).questions
    assert first.answerable and first.groups == ((good["short"],),)
    assert first.options == {"as_of": "2021-12-31"}
    assert first.evidence[0][1] == good["citations"][0]["quote"]
    assert not second.answerable and not third.answerable
    line = json.loads((folder / "queries.jsonl").read_text().splitlines()[0])
    assert line["answer"] == good and line["comment"] == "why\nso"


def test_unknown_verdict_is_refused(bot):
    answer = AnswerForm.of(bot.ask("Who was elected mayor of Saltmere?"))
    with pytest.raises(ValueError, match="must be one of"):
        feedback_record(answer, "lovely", "")
    assert FEEDBACK_NAME.endswith(".jsonl")
