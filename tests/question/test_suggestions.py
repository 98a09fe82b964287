"""The bot suggests questions that its articles answer, and saves them with the index."""

import json

import pytest

from qa_bot.index.layout import STARTERS_NAME
from qa_bot.question.suggestions import find_starters, questions_from


def test_article_of_each_starter_answers_it(bot):
    starters = bot.starters()
    assert len(starters) >= 4
    assert len({one.article_id for one in starters}) == len(starters)
    for one in starters:
        answer = bot.ask(one.question)
        cited = [citation.article.id for citation in answer.citations]
        assert one.article_id == cited[-1 if answer.timeline else 0]
        assert one.published == bot.article(one.article_id).published.last.isoformat()


def test_story_of_several_articles_comes_first_and_every_question_names_something(bot):
    first, *others = (one.question for one in bot.starters())
    assert first == "What happened with the Old Span?" and bot.ask(first).timeline
    assert all(any(word[0].isupper() for word in one.split()[1:]) for one in others)


def test_starters_are_found_once_per_state_of_the_index(bot, monkeypatch):
    kept = bot.starters()
    monkeypatch.setattr(bot, "ask", None)  # asking again would fail
    assert bot.starters() == kept


def test_damaged_file_of_starters_is_rebuilt(bot):
    kept = bot.starters()
    path = bot.collection.folder / STARTERS_NAME
    for damage in ("{", json.dumps({"state": "other", "starters": []}), json.dumps([1])):
        path.write_text(damage)
        assert bot.starters() == kept


def test_unanswered_question_is_not_suggested(bot):
    assert find_starters(bot.articles(), lambda q: bot.ask("How deep is the sea on Mars?")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The Orrin Trust was established in June 1978 to preserve and show the mill.",
        "The Harbour Act currently has 23 backers and was introduced on May 3.",
        "Ana Vell was sworn in at Orrin to serve and protect the town.",
    ],
)
def test_sentence_whose_parts_are_out_of_place_makes_no_question(sentence):
    assert questions_from(sentence) == []


def test_person_to_whom_something_happened_is_asked_for():
    made = questions_from("Ana Vell was re-elected in the town of Orrin.")
    assert made == ["Who was re-elected in the town of Orrin?"]


def test_sentence_with_a_pronoun_makes_no_question():
    assert questions_from("It was elected to the board of the harbour, he said.") == []
    assert questions_from("Rain.") == []
