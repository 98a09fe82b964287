"""Speakers of sentences; the cases are in speakers.jsonl."""

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.news.speakers import is_attributed, speaker_of
from qa_bot.text.sentences import split_sentences


def speakers(text):
    return [speaker_of(text, sentence) for sentence in split_sentences(text)]


@pytest.mark.parametrize("case", read_cases(__file__, "speakers"))
def test_each_sentence_has_the_speaker_that_the_table_states(case):
    assert speakers(case["text"]) == case["speakers"]


PIECES = [
    "said ",
    "he ",
    "Carl Noor",
    ", ",
    "“",
    "”",
    '"',
    ". ",
    "\n",
    "in the words of ",
    "According to ",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join))
def test_any_text_has_speakers_with_a_name_or_none(text):
    assert all(name is None or name.strip() for name in speakers(text))


def test_a_sentence_names_its_own_speaker_or_not():
    assert is_attributed("“It is late,” said Agnes Lund.")
    assert not is_attributed("“It is late,” she said.")
    assert not is_attributed("“It was so before.”")
