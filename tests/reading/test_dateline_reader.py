"""Questions about the place of a report, answered from its dateline."""

import pytest
from making import make_article

from qa_bot.datatypes import Hit, Passage
from qa_bot.question import understand
from qa_bot.reading.dateline_reader import read_dateline

LONDON = "Ferry talks end\n\nLONDON, May 5. /TASS/. The talks ended."
LIMA = "LIMA (Reuters) - The talks went on."
NONE = "The talks went on without a word."


def hit(text, rank, publisher=None):
    article = make_article(f"a{rank}", text, publisher=publisher)
    return Hit(Passage(article, 0, len(text)), rank, 1 / rank, "fused")


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Where was the report on the talks filed from?", "LIMA"),
        ("Where was TASS's report on the talks filed from?", "LONDON"),
        ("From which city was the Reuters story sent?", "LIMA"),
        ("What does the dateline of the Courier's article name?", "LONDON"),
    ],
)
def test_best_article_of_the_named_source_gives_its_place(question, place):
    hits = [hit(NONE, 1), hit(LIMA, 2), hit(LONDON, 3, "Courier")]
    (found,) = read_dateline(understand(question), hits)
    assert found.article.text[slice(*found.answer)] == place
    assert place in found.text


def test_articles_without_a_dateline_give_nothing():
    assert read_dateline(understand("Where was the report filed from?"), [hit(NONE, 1)]) == ()


@pytest.mark.parametrize(
    "question",
    ["Where was the bridge built?", "Who wrote the report?", "Where were the talks reported?"],
)
def test_other_questions_do_not_ask_for_the_dateline(question):
    assert read_dateline(understand(question), [hit(LIMA, 1)]) == ()
