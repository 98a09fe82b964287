"""One value holds the kind, parts, names, terms and times of a question."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.datatypes import Turn
from qa_bot.question import Kind, clean_question, understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who won?", Kind.FACT),
        ("When did it happen?", Kind.FACT),
        ("What happened?", Kind.FACT),
        ("What happened to the operator?", Kind.FACT),
        ("How did the strike develop?", Kind.TIMELINE),
        ("What happened in Geneva on 16 June?", Kind.TIMELINE),
        ("What happened on 16 June?", Kind.DAY),
        ("Any news from last week?", Kind.DAY),
        ("Where was the report filed from?", Kind.DATELINE),
        ("Where did he report?", Kind.FACT),
    ],
)
def test_words_decide_the_kind_of_a_question(text, kind):
    assert understand(text).kind is kind


def test_parts_are_complete_questions():
    asked = understand("When and where did the leaders meet?")
    assert [part.standalone for part in asked.parts] == [
        "When did the leaders meet?",
        "Where did the leaders meet?",
    ]
    assert [part.expects for part in asked.each] == ["time", "place"]
    assert understand("Who won?").parts == ()
    assert [one.standalone for one in understand("Who won?").each] == ["Who won?"]


def test_completed_follow_up_keeps_the_typed_text():
    asked = understand("And when  did he\nresign?", [Turn("Who is Carl Noor?", "The mayor.")])
    assert asked.text == "And when  did he\nresign?"
    assert asked.standalone == "When did Carl Noor resign?"
    assert asked.names == ("Carl Noor",)


def test_completion_by_a_model_replaces_the_rules():
    asked = understand("And when?", [Turn("Who won?", "Ann Lee.")], standalone="When did Ann win?")
    assert asked.standalone == "When did Ann win?"


def test_question_has_names_acronyms_quotations_years_and_terms():
    asked = understand("Did NATO call Marta Wołczyk’s plan “a bad barbecue” in June 2021?")
    assert asked.names == ("Marta Wołczyk",)
    assert asked.acronyms == ("NATO",)
    assert asked.quotations == ("a bad barbecue",)
    assert asked.years == (2021,)
    assert asked.topic == "Did NATO call Marta Wołczyk’s plan “a bad barbecue” ?"
    assert {"plan", "barbecu"} <= asked.subject_terms
    assert "nato" in asked.terms and "nato" not in asked.subject_terms


def test_times_are_not_names_and_depend_on_the_day_of_asking():
    asked = understand("Who met Ann Lee in June?", today=date(2021, 12, 1))
    assert asked.names == ("Ann Lee",)
    assert asked.time_range == (date(2021, 6, 1), date(2021, 6, 30))


@pytest.mark.parametrize(
    ("text", "message"),
    [(" \n\x00", "The question is empty"), ("who? " * 9, "has 44 characters; at most 40")],
)
def test_empty_or_too_long_question_raises_one_clear_sentence(text, message):
    with pytest.raises(ValueError, match=message):
        clean_question(text, 40)


@given(st.text(max_size=200))
def test_any_text_becomes_a_question_in_one_line(text):
    asked = understand(text, today=date(2021, 6, 16))
    assert asked.text == text
    assert "\n" not in asked.standalone


def test_part_that_leans_on_the_first_one_gets_its_topic():
    question = understand("Who owns the culvert and when was it last repaired?")
    assert question.each[1].standalone == "When was it last repaired (owns culvert)?"
    counted = understand("How many people died in 2019 and how many in 2020?")
    assert counted.each[1].years == (2020,)
