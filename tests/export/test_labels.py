"""Labels give the names, dates and remarks of a citation."""

import pytest
from making import make_article

from qa_bot.answer import Citation, Sources
from qa_bot.datatypes import Published
from qa_bot.export import agreement_line, date_label, origin, remarks, source_line


@pytest.mark.parametrize(
    ("publisher", "agency", "label"),
    [
        ("Radio Oslo", None, "Radio Oslo"),
        ("Radio Oslo", "Northline", "Radio Oslo (from Northline)"),
        (None, "Northline", "(from Northline)"),
        (None, None, ""),
    ],
)
def test_origin_names_publisher_and_agency(publisher, agency, label):
    assert origin(publisher, agency) == label


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        (None, ""),
        (Sources(1, 1), ""),
        (Sources(2, 1), "said by 1 independent source in 2 articles"),
        (Sources(5, 3), "said by 3 independent sources in 5 articles"),
    ],
)
def test_agreement_line_needs_several_articles(sources, line):
    assert agreement_line(sources) == line


def test_inferred_date_names_its_source():
    day = make_article(published="2021-06-16").published.day
    found = Published(day, "month", "from the file name")
    citation = Citation(1, make_article("a", published=found), 0, 4)
    assert source_line(citation) == "June 2021 (from the file name) · Title of a"
    assert source_line(Citation(1, make_article("a"), 0, 4)) == "undated · Title of a"
    assert date_label(found) == "June 2021" and date_label(None) == "undated"


def test_plain_citation_has_no_remarks():
    assert remarks(Citation(1, make_article(), 0, 4)) == []
