"""Dates in fields of files and on pages, in 239 real forms that another person collected.

A form that is still missed is marked, and its test expects that.
"""

from datetime import date

import pytest
from cases import read_cases

from qa_bot.corpus.page_dates import page_date
from qa_bot.corpus.stated_dates import read_stated_date

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize("case", read_cases(__file__, "stated"))
def test_date_in_a_field_is_read_as_its_writer_means_it(case):
    found = read_stated_date(case["value"], TODAY)
    assert (str(found) if found else None) == case["published"]


@pytest.mark.parametrize("case", read_cases(__file__, "pages"))
def test_page_has_the_day_that_it_states_for_machines_or_in_its_byline(read, case):
    (article,), _ = read("a.html", case["html"])
    assert (str(article.published) if article.published else None) == case["published"]


@pytest.mark.parametrize(
    "value", [None, True, "", [], {}, [[]], {"$date": {}}, "9" * 400, float("nan")]
)
def test_what_is_no_date_is_left_open(value):
    assert read_stated_date(value, TODAY) is None


PAGE = """<html><head><title>Pier shut</title></head><body class="single no-sidebar">
<article class="post comments-open"><h1>Pier shut</h1>{}<p>The pier was shut.</p>
</article></body></html>"""


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ('<span class="posted-on">4 May 2021</span>', "2021-05-04"),
        ('<span class="updated">5 May 2021</span>', None),
        ('<p class="event-date">5 May 2021</p>', None),
        ('<div class="comment"><span class="date">6 May 2021</span></div>', None),
        ('<div class="date">03/04/2021</div>', None),
    ],
)
def test_class_of_a_line_tells_whose_day_it_has(line, published):
    found = page_date(PAGE.format(line))
    assert (str(found) if found else None) == published


def test_day_after_today_is_left_open():
    assert str(read_stated_date("2026-11-29", TODAY)) == "2026-11-29"
    assert read_stated_date("2026-11-30", TODAY) is None
