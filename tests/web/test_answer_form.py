"""Answers that come back from a browser: good ones are parsed without loss, others refused."""

import json

import pytest
from forms import make_answer, make_refusal
from hypothesis import given
from hypothesis import strategies as st
from making import make_article
from pydantic import ValidationError

from qa_bot.web.answer_form import AnswerForm, read_turns

QUESTIONS = (
    "Who was elected mayor of Saltmere?",
    "When was the mayor elected?",
    "What is the capital of Australia?",
    "How did the story of the Old Span develop?",
)


def good_form():
    article = make_article("a", publisher="Wire", published="2021-06-16")
    return make_answer(article, known=("Agnes Lund", None, ("Correction.",))).to_dict()


def changed(path, value):
    """A good form with one value changed, under the names and numbers of a dotted path."""
    form = good_form()
    *places, last = path.split(".")
    holder = form
    for name in places:
        holder = holder[int(name) if name.isdecimal() else name]
    holder[int(last) if last.isdecimal() else last] = value
    return form


def nest(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_of_an_answer_is_kept_to_the_letter(bot, question):
    form = bot.ask(question).to_dict()
    assert json.dumps(AnswerForm.model_validate(form).to_dict()) == json.dumps(form)


@pytest.mark.parametrize("published", ["2021-06-16", "2021-06", "2021", None])
def test_dates_of_every_precision_are_kept(published):
    form = changed("citations.0.published", published)
    assert AnswerForm.model_validate(form).to_dict()["citations"][0]["published"] == published


def test_fields_of_another_version_are_kept_or_have_defaults():
    form = changed("citations.0.colour", "red") | {"mood": {"a": [1]}}
    for name in ("timeline", "narrowed", "withheld", "sources", "note", "models", "weights"):
        del form[name]
    assert AnswerForm.model_validate(form).to_dict() == form
    assert AnswerForm.model_validate(form).timeline is False


NEEDED = (
    "question", "standalone_question", "answered", "short", "text", "sentences", "citations",
    "unresolved", "refusal", "hits", "coverage", "timings_ms",
)  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_an_answer_without_a_needed_field_is_refused_by_its_name(name):
    form = good_form()
    del form[name]
    with pytest.raises(ValidationError) as refused:
        AnswerForm.model_validate(form)
    (error,) = refused.value.errors()
    assert (error["loc"], error["msg"]) == ((name,), "Field required")


RUBBISH = {
    "no answer": None,
    "a number": 3,
    "text": "answer",
    "a list": [],
    "nothing": {},
    "question is a number": changed("question", 7),
    "question is nested": changed("question", {"a": []}),
    "answered is text": changed("answered", "yes"),
    "answered is a number": changed("answered", 1),
    "sentences are text": changed("sentences", "It rained."),
    "sentence is text": changed("sentences.0", "It rained."),
    "supported is text": changed("sentences.0.supported", "true"),
    "cited is text": changed("sentences.0.citations", ["1"]),
    "cited is unknown": changed("sentences.0.citations", [7]),
    "citations are an object": changed("citations", {"0": {}}),
    "citation without a quote": changed("citations.0", {"number": 1}),
    "two citations of a number": changed("citations", good_form()["citations"] * 2),
    "number is true": changed("citations.0.number", True),
    "start is text": changed("citations.0.start", "0"),
    "start is negative": changed("citations.0.start", -1),
    "end is huge": changed("citations.0.end", 10**30),
    "end is a fraction": changed("citations.0.end", 1.5),
    "published is no date": changed("citations.0.published", "soon"),
    "published is no day": changed("citations.0.published", "2021-02-30"),
    "published is a week": changed("citations.0.published", "2021-W05-1"),
    "published is a number": changed("citations.0.published", 2021),
    "published is an object": changed("citations.0.published", {"day": "2021-06-16"}),
    "notices are text": changed("citations.0.notices", "Correction."),
    "copies are numbers": changed("citations.0.copies", [1]),
    "coverage is missing": changed("coverage", None),
    "coverage has no day": changed("coverage.from", "x"),
    "coverage has a month": changed("coverage.from", "2021-06"),
    "coverage has a number": changed("coverage.to", 5),
    "time is text": changed("timings_ms", {"total": "1"}),
    "time is no number": changed("timings_ms", {"total": float("nan")}),
    "refusal is text": changed("refusal", "no"),
    "answered and refused": changed("refusal", make_refusal().to_dict()["refusal"]),
    "neither answered nor refused": changed("answered", False),
    "hits are numbers": changed("hits", [3]),
    "filter is no day": changed("narrowed", {"as_of": "soon"}),
    "sources are text": changed("sources", {"articles": "many", "independent": 1}),
    "withheld is an object": changed("withheld", {"a": 1}),
    "suggestions are numbers": changed("suggestions", [1]),
    "nested in a known field": changed("index", {"a": nest(5_000)}),
    "nested in an unknown field": changed("more", nest(100)),
}


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_from_a_browser_is_refused_and_the_other_turns_stay(rubbish):
    with pytest.raises(ValidationError):
        AnswerForm.model_validate(rubbish)
    turns = read_turns([good_form(), rubbish, make_refusal().to_dict()])
    assert [turn.answered for turn in turns] == [True, False]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("citations.0.published", "soon", "Input should be a date like 2021-06-16 or 2021-06"),
        ("coverage.from", "2021-06", "Input should be a day like 2021-06-16"),
        ("citations.0.start", "0", "Input should be a valid integer"),
        ("index", nest(40), "The answer is nested too deeply"),
        ("answered", False, "The answer must have sentences or a refusal"),
        ("sentences.0.citations", [7], "A sentence must cite citations of the answer"),
    ],
)
def test_refusal_is_one_clear_sentence_and_names_the_place(path, value, message):
    with pytest.raises(ValidationError) as refused:
        AnswerForm.model_validate(changed(path, value))
    (error,) = refused.value.errors()
    assert error["msg"] == message
    assert ".".join(map(str, error["loc"])) in (path, "")


@pytest.mark.parametrize("kept", [None, 3, "turns", {}, {"0": good_form()}, [[good_form()]]])
def test_what_is_no_conversation_has_no_turns(kept):
    assert read_turns(kept) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
PLACES = sorted({*NEEDED, "citations.0", "sentences.0", "coverage.from", "narrowed", "when", "x"})


@given(st.sampled_from(PLACES), JSON)
def test_any_value_in_any_place_is_parsed_without_loss_or_refused(place, value):
    form = changed(place, value)
    try:
        parsed = AnswerForm.model_validate(form)
    except ValidationError:
        return
    assert AnswerForm.model_validate(parsed.to_dict()) == parsed


def test_fields_that_the_contract_gains_later_are_kept():
    form = good_form() | {"sources": {"articles": 3, "independent": 1, "publishers": 2}}
    assert AnswerForm.model_validate(form).to_dict()["sources"]["publishers"] == 2
