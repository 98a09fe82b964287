"""Forms in which dates are read and written; the cases of parsing are in calendar.jsonl."""

from datetime import date

import pytest
from cases import read_cases

from qa_bot.datatypes import Published
from qa_bot.text.calendar import parse_date, written_date, written_period


@pytest.mark.parametrize("case", read_cases(__file__, "calendar"))
def test_date_in_metadata_is_parsed_with_its_precision(case):
    found = parse_date(case["value"])
    assert (str(found) if found else None) == case["date"]


def test_date_object_is_taken_as_it_is():
    assert str(parse_date(date(2021, 6, 16))) == "2021-06-16"


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        (Published(date(2020, 2, 3), "day"), date(2020, 2, 3), date(2020, 2, 3)),
        (Published(date(2020, 2, 1), "month"), date(2020, 2, 1), date(2020, 2, 29)),
        (Published(date(2020, 12, 1), "month"), date(2020, 12, 1), date(2020, 12, 31)),
        (Published(date(2020, 1, 1), "year"), date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_imprecise_date_covers_all_days_that_it_can_mean(published, first, last):
    assert (published.first, published.last) == (first, last)


@pytest.mark.parametrize(
    ("iso", "written"),
    [("2021-06-06", "6 June 2021"), ("2021-06", "June 2021"), ("2021", "2021"), (None, "undated")],
)
def test_date_is_written_as_precisely_as_it_is_known(iso, written):
    assert written_date(iso) == written


@pytest.mark.parametrize(
    ("first", "last", "precision", "written"),
    [
        (date(2021, 6, 30), date(2021, 7, 1), "day", "30 June 2021 – 1 July 2021"),
        (date(2021, 6, 16), date(2021, 6, 18), "day", "16–18 June 2021"),
        (date(2021, 6, 16), date(2021, 6, 16), "day", "16 June 2021"),
        (date(2021, 6, 14), date(2021, 6, 20), "week", "the week of 14 June 2021"),
        (date(2020, 12, 1), date(2021, 2, 28), "month", "December 2020 – February 2021"),
        (date(2021, 5, 1), date(2021, 7, 31), "month", "May–July 2021"),
        (date(2021, 5, 1), date(2021, 5, 31), "month", "May 2021"),
        (date(1990, 1, 1), date(1999, 12, 31), "year", "1990–1999"),
        (date(1990, 1, 1), date(1990, 12, 31), "year", "1990"),
    ],
)
def test_period_is_written_as_people_write_it(first, last, precision, written):
    assert written_period(first, last, precision) == written
