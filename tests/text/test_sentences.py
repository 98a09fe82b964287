"""Sentences of a text; the cases are in sentences.jsonl."""

from itertools import pairwise

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.text.sentences import split_sentences


def sentences(text):
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize("case", read_cases(__file__, "sentences"))
def test_text_is_split_at_its_sentences(case):
    assert sentences(case["text"]) == case["sentences"]


def test_wrapped_lines_are_joined_into_sentences():
    text = (
        "The council voted on Tuesday evening to replace the old\n"
        "Span bridge, which has carried traffic since 1908 across\n"
        "Saltmere harbour, after a debate that lasted five hours\n"
        "and ended shortly before midnight in the town hall there.\n"
        "Eleven members voted for it."
    )
    assert len(sentences(text)) == 2


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_every_word_is_in_exactly_one_sentence_for_any_text(text):
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    outside = list(text)
    for span in spans:
        outside[span.start : span.end] = " " * (span.end - span.start)
    assert not "".join(outside).strip()
