"""The age that stands beside a name answers how old the person is."""

from datetime import date

import pytest
from making import make_article

from qa_bot.datatypes import Hit, Passage, Published
from qa_bot.question import understand
from qa_bot.reading.age_reader import read_ages


def hit(text, article_id="a", day="2021-06-16"):
    article = make_article(article_id, text, published=Published(date.fromisoformat(day)))
    return Hit(Passage(article, 0, len(text)), 1, 0.8, "fused")


@pytest.mark.parametrize(
    "text",
    [
        "Ana Vell, 46, won the vote.",
        "They are Bo Yi, 58, and Ana Vell, 46.",
        "Ana Vell (aged 46) won.",
        "Ana Vell is 46 years old.",
        "The winner was 46-year-old Ana Vell.",
        "The 46-year-old lawyer Ana Vell won.",
    ],
)
def test_age_beside_the_name(text):
    found = read_ages(understand("How old is Ana Vell?"), [hit(text)])
    assert [e.words for e in found] == ["46"]
    assert found[0].text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How old is Ana Vell?", "Bo Yi, 46, beat Ana Vell."),
        ("How old is Ana Vell?", "Ana Vell, 431 votes ahead, won."),
        ("How old is Ana Vell?", "Ana Vell, 46,000 votes ahead, won."),
        ("How old is Ana Vell?", "Ana Vell, 46.5, was third."),
        ("How old is Ana Vell?", "The 58-year-old father of Ana Vell spoke."),
        ("How old is Ana Vell?", "A 58-year-old man hit Vell."),
        ("How old is Ana Vell?", "The 58-year-old beat Ana Vell."),
        ("How old is Ana Vell?", "Goals from Ana Vell (12) and Yi (46) won it."),
        ("How old is Ana Vell?", "They lost to Ana Vell, 12, 11, and went home."),
        ("How old is Ana Vell?", "A son of Ana Vell, 12, won."),
        ("How old is Ana Vell?", "Ben Vell won the race. Vell, 46, is a plumber."),
        ("How old is Helm?", "A man from Helm, 34, won."),
        ("How old is Ana Vell?", "Ana-Maria Vell, 12, won."),
        ("How old is Ana Vell?", "When she began, Ana Vell was 26 years old."),
        ("How old is the mayor of Helm?", "Traders in Helm, 40, won."),
        ("How old is Ana Vell?", "Ana Vell won 46 votes."),
        ("How old is the bridge?", "The bridge, 74 metres long, is shut."),
        ("How old was Ana Vell when she won?", "Ana Vell, 46, won."),
        ("Who is Ana Vell?", "Ana Vell, 46, won."),
    ],
)
def test_no_age_is_made_up(question, text):
    assert not read_ages(understand(question), [hit(text)])


@pytest.mark.parametrize(
    ("text", "ages"), [("Vell, aged 46, won.", ["46"]), ("Ben Vell, aged 46, won.", [])]
)
def test_last_name_alone_counts_and_another_first_name_does_not(text, ages):
    found = read_ages(understand("How old is Ana Vell?"), [hit(text)])
    assert [e.words for e in found] == ages


def test_newest_age_comes_first():
    old, new = hit("Ana Vell, 45, ran."), hit("Ana Vell, 46, won.", "b", "2021-11-01")
    found = read_ages(understand("how old is vell"), [old, new])
    assert [e.words for e in found] == ["46", "45"]
