"""Time expressions, resolved from the day of publication; cases are in times.jsonl.

A longer list is in eval/datasets/moments.
"""

import re
from datetime import date
from itertools import pairwise

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.datatypes import Published
from qa_bot.news.times import find_moments
from qa_bot.resources import resource
from qa_bot.text.calendar import parse_date


def times(text, published):
    return {text[slice(*m.words)]: m.iso for m in find_moments(text, published)}


def rows():
    lines = (resource("eval") / "datasets" / "moments" / "moments.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in lines.splitlines()]


def is_right(published, marked, meant):
    found = times(re.sub(r"[\[\]]", "", marked), parse_date(published))
    if meant == "-":
        return not found
    words = re.search(r"\[(.+?)\]", marked)[1]
    return any(iso == meant and (words in w or w in words) for w, iso in found.items())


def test_the_list_has_150_expressions_and_all_but_a_few_are_resolved():
    right = [is_right(*row) for row in rows()]
    assert len(right) >= 150
    assert sum(right) / len(right) >= 0.97


@pytest.mark.parametrize("case", read_cases(__file__, "times"))
def test_a_text_has_the_times_that_the_table_states(case):
    published = parse_date(case["published"]) if case["published"] else None
    assert times(case["text"], published) == case["times"]


PIECES = [
    "on ", "last ", "next ", "May ", "June ", "Monday ", "12 ", "31 ", "2021 ", "in ", "the ",
    "ago ", "days ", "a ", "year ", "9999 ", "week ", "later ", ". ", "29 February ", "0 ", "–",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join),
    st.dates(date(1600, 1, 1), date(2200, 12, 31)),
)
def test_any_text_and_any_day_give_times_in_order(text, day):
    moments = find_moments(text, Published(day))
    assert all(m.first <= m.last and m.iso and str(m) for m in moments)
    spans = [m.words for m in moments]
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize(
    "text", ["yesterday", "next month", "this weekend", "on Monday", "last summer", "in two days"]
)
def test_the_ends_of_the_calendar_end_nothing_else(text, day):
    assert all(m.iso for m in find_moments(f"It will be {text}.", Published(day)))
