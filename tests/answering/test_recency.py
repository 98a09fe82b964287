"""The newest likely report answers a question about the latest state."""

import pytest
from making import make_article

from qa_bot.answering.recency import newest_first
from qa_bot.datatypes import Evidence, Hit, Passage, Span
from qa_bot.question import understand


def evidence(name, day, probability, text="She coaches the club."):
    article = make_article(name, text, published=day)
    hit = Hit(Passage(article, 0, len(article.text)), 1, 0.8, "fused")
    return Evidence(hit, 0, len(article.text), probability, Span(0, len(article.text)))


OLD, NEW = evidence("old", "2021-11-09", 0.8), evidence("new", "2021-11-19", 0.5)
WEAK, UNDATED = evidence("weak", "2021-12-01", 0.1), evidence("undated", None, 0.6)


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Who is the coach now?", ["new", "old", "undated", "weak"]),
        ("who coaches the club currently", ["new", "old", "undated", "weak"]),
        ("who is the current coach", ["new", "old", "undated", "weak"]),
        ("Who was present?", ["old", "undated", "new", "weak"]),
        ("Who was the first coach?", ["old", "undated", "new", "weak"]),
    ],
)
def test_newest_likely_report_comes_first_for_the_latest_state(question, order):
    found = newest_first(understand(question), [OLD, UNDATED, NEW, WEAK])
    assert [e.article.id for e in found] == order
    assert found[0].probability == 0.8


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("who is the coach of the herons", "likely"),
        ("who's the boss at tarn ferries", "likely"),
        ("kingfishers netball captain", "likely"),
        ("manager of the palais lower danning", "likely"),
        ("county shellfish officer for ellery whats the name", "likely"),
        ("who was the coach of the herons", "old"),
        ("who won the cup", "old"),
        ("herons coach after adeyemi", "old"),
        ("who is the former coach of the herons", "old"),
        ("captain's knee injury", "old"),
        ("what did the mayor of hull say", "old"),
    ],
)
def test_newest_report_that_is_nearly_as_likely_names_the_holder_of_an_office(question, first):
    likely = evidence("likely", "2021-11-18", 0.6)
    found = newest_first(understand(question), [OLD, likely, NEW])
    assert found[0].article.id == first


def test_more_than_a_name_is_no_holder_of_an_office():
    text = "Haldane they drew 1-1 with Wexmoor last Saturday, which makes 10 points."
    found = [OLD, evidence("long", "2021-11-18", 0.7, text)]
    assert newest_first(understand("who is the coach of the herons"), found) == found


def test_report_without_a_day_stays_first():
    found = [evidence("undated", None, 0.8), NEW]
    assert newest_first(understand("Who is the coach now?"), found) == found


def test_no_evidence_stays_none():
    assert newest_first(understand("Who is the coach now?"), []) == []
