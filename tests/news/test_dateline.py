"""Datelines and publication dates; the cases are in datelines, published and agencies.jsonl."""

from datetime import date

import pytest
from cases import read_cases
from making import make_article

from qa_bot.news.dateline import agency, find_dateline, find_published

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("case", read_cases(__file__, "published"))
def test_publication_date_is_found_where_the_text_has_it(case):
    found = find_published(case["text"], TODAY)
    assert (str(found) if found else None) == case["published"]


@pytest.mark.parametrize("case", read_cases(__file__, "first_lines"))
def test_first_lines_of_real_articles_give_their_day_or_none(case):
    """Another person collected the 83 beginnings, half of them with a day of something else."""
    found = find_published(case["text"], date(2026, 11, 29))
    assert (str(found) if found else None) == case["published"]


def test_date_says_how_it_was_found():
    found = find_published("GENEVA, June 16. /TASS/. He said so on Wednesday.", TODAY)
    assert found.how == "dateline “GENEVA, June 16. /TASS/.”, the year from “on Wednesday”"


def test_day_after_today_is_never_taken():
    text = "GENEVA, June 16. /TASS/. He said so on Wednesday."
    assert str(find_published(text, date(2021, 6, 15))) == "2010-06-16"


@pytest.mark.parametrize("case", read_cases(__file__, "datelines"))
def test_dateline_names_place_and_agency(case):
    found = find_dateline(case["text"])
    assert (found and found.place, found and found.agency) == (case["place"], case["agency"])


@pytest.mark.parametrize("case", read_cases(__file__, "agencies"))
def test_agency_is_that_of_the_dateline_unless_it_is_the_publisher(case):
    assert agency(make_article("a", case["text"], publisher=case["publisher"])) == case["agency"]
