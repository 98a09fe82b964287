"""Facts of a sentence that a passage lacks; the cases are in facts.jsonl."""

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.grounding.facts import missing_facts, quotations


@pytest.mark.parametrize("case", read_cases(__file__, "facts"))
def test_passage_lacks_the_facts_that_the_table_states(case):
    assert list(missing_facts(case["sentence"], case["passage"])) == case["missing"]


def test_short_words_in_quotation_marks_are_no_quotation():
    assert quotations("He called it “fair play” and «ein Anfang von etwas».") == (
        "ein Anfang von etwas",
    )


@given(st.text(max_size=200))
def test_text_has_all_its_own_facts(text):
    assert missing_facts(text, text) == ()


@given(st.integers(0, 10**9))
def test_number_is_found_with_and_without_commas(number):
    assert missing_facts(f"It was {number:,}.", f"It was {number}.") == ()
