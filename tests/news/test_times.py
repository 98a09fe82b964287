"""Words that tell a time, resolved from the day of publication."""

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.datatypes import Published
from qa_bot.news.times import find_moments, written_moment
from qa_bot.resources import resource
from qa_bot.text.calendar import parse_date

WEDNESDAY = Published(date(2021, 6, 16))


def told(text, published=WEDNESDAY):
    return {text[slice(*m.words)]: m.iso for m in find_moments(text, published)}


def rows():
    lines = (resource("eval") / "datasets" / "moments" / "moments.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in lines.splitlines()]


def is_right(published, marked, meant):
    found = told(re.sub(r"[\[\]]", "", marked), parse_date(published))
    if meant == "-":
        return not found
    words = re.search(r"\[(.+?)\]", marked)[1]
    return any(iso == meant and (words in w or w in words) for w, iso in found.items())


def test_the_list_has_150_expressions_and_all_but_a_few_are_resolved():
    right = [is_right(*row) for row in rows()]
    assert len(right) >= 150
    assert sum(right) / len(right) >= 0.97


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It opened on Friday.", {"on Friday": "2021-06-11"}),
        ("It will open on Friday.", {"on Friday": "2021-06-18"}),
        ("She said on Tuesday it would open on Friday.",
         {"on Tuesday": "2021-06-15", "on Friday": "2021-06-18"}),
        ("He stayed until October.", {"until October": "2020-10"}),
        ("Bids are due by October.", {"by October": "2021-10"}),
        ("Mrs May said they may march.", {}),
        ("On June 3, 2019 it opened. The next day it shut.",
         {"On June 3, 2019": "2019-06-03", "The next day": "2019-06-04"}),
        ("The next day it shut.", {}),
        ("Two years later it shut.", {}),
        ("The final is on FRİDAY, thıs week, laſt week or tonıght in Auguſt.", {}),
        ("In March 12 soldiers were killed. It fell on 29 February 2021.", {}),
    ],
)  # fmt: skip
def test_resolves(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize("published", [None, Published(date(2021, 1, 1), "year")])
def test_without_an_exact_day_only_what_can_be_told(published):
    assert told("On Monday, and on 3 May 2011, and in June.", published) == {
        "on 3 May 2011": "2011-05-03"
    }


def test_written_as_people_write():
    first, last = date(2021, 6, 30), date(2021, 7, 1)
    assert written_moment(first, last, "day") == "30 June 2021 – 1 July 2021"
    assert written_moment(date(2020, 12, 1), date(2021, 2, 28), "month") == (
        "December 2020 – February 2021"
    )
    assert written_moment(date(1990, 1, 1), date(1999, 12, 31), "year") == "1990–1999"


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
