from datetime import date

import pytest

from qa_bot.datatypes import Published
from qa_bot.news.dateline import find_dateline, find_published
from qa_bot.text.calendar import parse_date

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GENEVA, June 16. /TASS/. He said on Wednesday that it rained.", "2021-06-16"),
        ("LONDON, May 5. /TASS/. In an interview, published on Tuesday, he said so.", "2021-05-05"),
        ("MOSCOW, Sept. 1, 2020. /TASS/. Schools opened.", "2020-09-01"),
        ("SALTMERE, March 3 (Tidewater Wire) — It opened on Wednesday.", "2021-03-03"),
        ("PORT ELLERY, 16 June 2021 — It rained.", "2021-06-16"),
        ("A title\n\n16:25 GMT 21.10.2021 (Updated: 16:49 GMT 21.10.2021)\nText.", "2021-10-21"),
        (" date 2021-12-29 The president allowed a meeting.", "2021-12-29"),
        ("Published: Thursday, 21 October 2021\nText.", "2021-10-21"),
        ("By A. Writer\nJune 3, 2020 10:21 AM\nText.", "2020-06-03"),
        ("A title\n3 January 2019\nText.", "2019-01-03"),
        ("They met in Washington on Monday 7 June. He said so.", "2021-06-07"),
        ("They spoke on Tuesday, December 28, and again later.", "2021-12-28"),
        ("GENEVA, Feb 30, 2021. /X/. No such day.", None),
        ("In May, he met John, who was born on 3 March 1960.", None),
        ("GENEVA, June 16. /TASS/. Nothing says which year.", None),
        ("", None),
    ],
)
def test_publication_date_is_found_where_the_text_has_it(text, expected):
    found = find_published(text, TODAY)
    assert (str(found) if found else None) == expected


def test_date_says_how_it_was_found():
    found = find_published("GENEVA, June 16. /TASS/. He said so on Wednesday.", TODAY)
    assert found.how == "dateline “GENEVA, June 16. /TASS/.”, the year from “on Wednesday”"


def test_day_after_today_is_never_taken():
    text = "GENEVA, June 16. /TASS/. He said so on Wednesday."
    assert str(find_published(text, date(2021, 6, 15))) == "2010-06-16"


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("WASHINGTON (Reuters) - The president said", "WASHINGTON", "Reuters"),
        ("All news\n\nTitle\n\nLONDON, May 5. /TASS/. A meeting", "LONDON", "TASS"),
        ("NEW YORK, N.Y., March 3 — A meeting", "NEW YORK, N.Y.", None),
    ],
)
def test_dateline_names_place_and_agency(text, place, agency):
    found = find_dateline(text)
    assert (found.place, found.agency) == (place, agency)


def test_sentence_with_a_date_is_no_dateline():
    assert find_dateline("In Geneva, June 16 was a warm day.") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-06-16", "2021-06-16"),
        ("2021-06-16T10:00:00Z", "2021-06-16"),
        ("Wed, 16 Jun 2021 10:00:00 GMT", "2021-06-16"),
        ("16.06.2021", "2021-06-16"),
        ("June 2021", "2021-06"),
        ("2021/06/16", "2021-06-16"),
        ("2021-6-5", "2021-06-05"),
        ("16/06/2021", "2021-06-16"),
        ("6/16/2021", "2021-06-16"),
        ("03/04/2021", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("-2021-06-16", None),
        ("99999-01-01", None),
        ("2021-06", "2021-06"),
        (2021, "2021"),
        (date(2021, 6, 16), "2021-06-16"),
        ("soon", None),
        ("2021-13-45", None),
        ([1, 2], None),
    ],
)
def test_stated_date_is_parsed_with_its_precision(value, expected):
    found = parse_date(value)
    assert (str(found) if found else None) == expected


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
