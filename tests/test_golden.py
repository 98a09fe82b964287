"""Compare whole outputs with golden files; UPDATE_GOLDEN=1 rewrites them, for review as a diff."""

import json
import os
from pathlib import Path

from making import TESTS

from qa_bot.cli.main import parser
from qa_bot.web.answer_form import AnswerForm
from qa_bot.web.answer_views import answer_card

GOLDEN = TESTS / "golden"


def compare(name, text):
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_help(monkeypatch):
    monkeypatch.setenv("COLUMNS", "90")
    compare("help.txt", parser().format_help())


def whole(bot, question):
    form = bot.ask(question).to_dict() | {"timings_ms": {}, "index": {}}
    for citation in form["citations"]:
        citation["path"] = Path(citation["path"]).name
    del form["hits"], form["confidence"]  # their scores differ between processors
    if form["refusal"]:
        del form["refusal"]["nearest"]
    return json.dumps(form, indent=1, ensure_ascii=False) + "\n"


def test_answer(bot):
    compare("answer.json", whole(bot, "What will the replacement of the Old Span cost?"))


def test_refusal(bot):
    compare("refusal.json", whole(bot, "What is the capital of Australia?"))


def test_card(bot):
    import dataclasses

    answer = bot.ask("Who was appointed manager of Saltmere Rovers?")
    answer = dataclasses.replace(answer, timings_ms={"total": 100.0}, index={}, hits=())
    answer = dataclasses.replace(answer, confidence=0.5)
    form = answer.to_dict()
    for citation in form["citations"]:
        citation["path"] = Path(citation["path"]).name
    compare("card.html", answer_card(AnswerForm.model_validate(form)) + "\n")
