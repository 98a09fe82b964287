"""Misspelt words of a question are mended; names and rare words are left as they are."""

import pytest

from qa_bot.question import correct_spelling, unknown_words
from qa_bot.text import english_words

ARTICLES = [
    "thackrow",
    "wo\u0142czyk",
    "culvert",
    "saltmere",
    "dialysis",
    "ostrey",
    "hesk",
    "dasek",
]


def mended(question, articles=ARTICLES):
    unknown = [word for word in unknown_words(question, english_words()) if word not in articles]
    return correct_spelling(question, unknown, articles, english_words())


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("why is the new brige late", "why is the new bridge late"),
        ("where did the kids have lesons", "where did the kids have lessons"),
        ("wich town is it", "which town is it"),
        ("Wich town is it?", "Which town is it?"),
        ("tannery lane culvret", "tannery lane culvert"),
        ("when does the dialisys unit open", "when does the dialysis unit open"),
        ("how many homes were evacutaed", "how many homes were evacuated"),
        ("who is Thackrov?", "who is Thackrow?"),
        ("was anyone arested", "was anyone arrested"),
        ("acording to the enginer", "according to the engineer"),
    ],
)
def test_slip_is_mended(asked, meant):
    assert mended(asked) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "whats the ferry fare for kids",
        "didnt he concede and wheres the lens",
        "how many ppl came",
        "Harbrow resigned when?",
        "Who is Kowalsky?",  # everyday English has Kowalski, the articles have not
        "who said \u201cbrige\u201d",
        "did NATOO accept",
        "What did D\u00e1\u0161ek say in Saltmere?",
        "ferrymen and shopkeepers, bakeries, repainting, unhappily",
        "is the Ostrey county inquiry over",
        "zzyzx road",
        "1234 14.2m",
    ],
)
def test_what_may_be_meant_is_left_alone(asked):
    assert mended(asked) == asked


def test_words_of_the_articles_come_first():
    assert mended("the harber", ["harbor"]) == "the harbor"
    assert correct_spelling("the costle", ["costle"], ["castle"], {"hostle": 1}) == "the castle"


def test_question_is_answered_as_it_was_meant_and_says_so(bot):
    answer = bot.ask("who was elcted mayor of saltmere")
    assert answer.standalone_question == "who was elected mayor of saltmere"
    assert answer.question == "who was elcted mayor of saltmere" and "Wołczyk" in answer.text
