"""Headers: the metadata of an article on one line or as a sentence."""

from datetime import date

import pytest
from making import make_article

from qa_bot.datatypes import Passage, Published
from qa_bot.news.passage_header import exact_day, header_line, passage_header, publication_statement

DAY = date(2021, 6, 16)


@pytest.mark.parametrize(
    ("title", "publisher", "day", "header"),
    [
        ("Leaders  meet\n", "TASS", DAY, "Leaders meet | TASS | Wednesday, 16 June 2021"),
        ("T", None, None, "T"),
        ("", "TASS", None, "TASS"),
        ("", None, None, ""),
    ],
)
def test_header_has_what_is_known(title, publisher, day, header):
    assert header_line(title, publisher, day) == header


def test_month_of_publication_is_in_no_header():
    article = make_article("a", title="T", published=Published(date(2021, 6, 1), "month"))
    assert exact_day(article) is None
    assert passage_header(Passage(article, 0, 4)) == "T"


@pytest.mark.parametrize(
    ("title", "publisher", "published", "statement"),
    [
        ("T", "TASS", "2021-06-16", "“T” was published by TASS on Wednesday, 16 June 2021."),
        ("", None, None, "The article was published."),
    ],
)
def test_statement_says_what_the_header_says(title, publisher, published, statement):
    article = make_article("a", title=title, publisher=publisher, published=published)
    assert publication_statement(article) == statement
