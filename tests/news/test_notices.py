"""Notices of corrections and updates; the cases are in notices.jsonl."""

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.news.notices import find_notices


@pytest.mark.parametrize("case", read_cases(__file__, "notices"))
def test_a_text_has_the_notice_that_the_table_states_or_none(case):
    text = case["text"]
    found = [(text[slice(*n.words)].strip("()"), n.kind) for n in find_notices(text)]
    assert found == ([(case["notice"], case["kind"])] if case["notice"] else [])


PIECES = ["Correction: ", "This article was ", "amended", "(Updates ", ")", "\n", ". ", "—"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join))
def test_notices_of_any_text_lie_within_it(text):
    assert all(0 <= n.words.start < n.words.end <= len(text) for n in find_notices(text))
