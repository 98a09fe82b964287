import pytest
from making import make_article

from qa_bot.answering.margins import lacks_margin, with_margin
from qa_bot.datatypes import Evidence, Hit, Passage, Span
from qa_bot.question import understand

ASKED = understand("by how many votes did Ana Vell win")


def answered(text, answer):
    article = make_article(text=text)
    start = text.index(answer)
    hit = Hit(Passage(article, 0, len(text)), 1, 0.8, "fused")
    return Evidence(hit, 0, len(text), 0.9, Span(start, start + len(answer)))


@pytest.mark.parametrize(
    ("text", "answer", "is_margin"),
    [
        ("Vell won by 63 votes.", "63", True),
        ("Vell won by a majority of 63.", "63", True),
        ("Yi finished 63 votes behind.", "63 votes", True),
        ("Vell is 112 ahead.", "112", True),
        ("Vell got 63 votes more than Yi.", "63", True),
        ("Vell received 11,659 votes.", "11,659", False),
        ("Vell took 431 votes and Yi, who fell behind early, 368.", "431", False),
        ("The council refused by a show of hands; 21 voted.", "21", False),
        ("She won comfortably.", "comfortably", True),
        ("Vell received 431 votes, 12 more than in 2017.", "12", False),
        ("Vell won with 431 votes, ahead of Yi on 368.", "368", False),
        ("Vell won in a count by 40 officials.", "40", False),
        ("It was announced by 10 pm.", "10", False),
        ("The judges threw it out by three votes to none.", "three votes", False),
        ("Only 63 votes separated them.", "63 votes", True),
    ],
)
def test_margin_is_told_by_the_words_around_it(text, answer, is_margin):
    assert lacks_margin(ASKED, answered(text, answer)) != is_margin


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("how far behind was Yi", True),
        ("How big was Ana Vell's lead?", True),
        ("how many votes did she lose by", True),
        ("By what margin did she win?", True),
        ("by how many votes was the plan carried", True),
        ("How far behind schedule is the bridge?", False),
        ("How many people vote by post?", False),
        ("How many officers are sent ahead of the summit?", False),
        ("How much does the lead singer earn?", False),
        ("How many votes did Ana Vell win?", False),
        ("By how much did the fare rise?", False),
        ("How many seats did the party lose?", False),
    ],
)
def test_only_a_question_for_a_margin_needs_one(question, asks):
    assert lacks_margin(understand(question), answered("Vell got 431 votes.", "431")) is asks


def test_margin_of_the_same_sentence_answers():
    text = "Vell got 31,256 votes and Yi 31,144, a margin of 112."
    assert with_margin(ASKED, answered(text, "31,256")).words == "112"
    other = answered("Vell got 31,256 votes and Yi 31,144.", "31,256")
    assert with_margin(ASKED, other) is other
