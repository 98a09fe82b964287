import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.grounding.facts import missing_facts, quotations

PASSAGE = (
    "GENEVA, June 16. About 187 homes, twenty-five boats and €12.4 million were lost on Wednesday. "
    "“There is a genuine prospect to improve relations,” he said of the 1,200 troops."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "It happened on 16 June.",
        "On the 16th of June, 187 homes were lost.",
        "25 boats and 12.4 mln euros were lost.",
        "It cost 12,400,000 euros.",
        "It cost €12.4m.",
        "He spoke of 1200 troops on Wednesday.",
        'He saw "a genuine prospect to improve".',
        "He saw “a GENUINE prospect — to improve relations”.",
        "It was one of the first times.",
        "They may march.",
    ],
)
def test_other_notation_is_found(sentence):
    assert missing_facts(sentence, PASSAGE) == ()


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("It happened on 17 June.", ("17",)),
        ("It happened on 16 July.", ("July",)),
        ("It happened on Thursday.", ("Thursday",)),
        ("About 140 homes were lost.", ("140",)),
        ("Twenty-six boats were lost.", ("Twenty-six",)),
        ("It cost 12.4 billion.", ("12.4 billion",)),
        ("Two hundred boats.", ("Two hundred",)),
        ("He saw “no prospect at all to improve”.", ("no prospect at all to improve",)),
    ],
)
def test_other_fact_is_missing(sentence, missing):
    assert missing_facts(sentence, PASSAGE) == missing


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


@pytest.mark.parametrize(
    ("sentence", "passage", "missing"),
    [
        ("At least 900 tonnes fell.", "900 tonnes of rock fell.", ("At least 900",)),
        ("More than five died.", "Over 5 people died.", ()),
        ("Up to €3 million was paid.", "They paid no more than €3 million.", ()),
        ("Less than 40 came.", "More than forty came.", ("Less than 40",)),
        ("No more than 12 came.", "At most twelve people came.", ()),
        ("More than 12 came.", "No more than 12 came.", ("More than 12",)),
        ("Not less than 12 came.", "At least 12 came.", ()),
        ("Less than 12 came.", "No less than 12 came.", ("Less than 12",)),
        ("It rained over 12 days.", "It rained for 12 days.", ()),
        ("More than a mill burned.", "A mill burned.", ()),
    ],
)
def test_a_bound_must_be_one_in_the_passage_too(sentence, passage, missing):
    assert missing_facts(sentence, passage) == missing
