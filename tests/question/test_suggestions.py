"""Starter questions are answered by the articles they were made from, and kept with the index."""

import json

from qa_bot.index.layout import STARTERS_NAME
from qa_bot.question.suggestions import find_starters, turned_round


def test_each_starter_of_the_sample_articles_is_answered_from_its_article(bot):
    starters = bot.starters()
    assert len(starters) >= 4
    assert len({one.article_id for one in starters}) == len(starters)
    for one in starters:
        answer = bot.ask(one.question)
        assert answer.citations[0].article.id == one.article_id
        assert one.published == answer.citations[0].article.published.last.isoformat()


def test_starters_are_found_once_for_a_state_of_the_index(bot, monkeypatch):
    kept = bot.starters()
    monkeypatch.setattr(bot, "ask", None)  # asking again would fail
    assert bot.starters() == kept


def test_damaged_file_of_starters_is_made_again(bot):
    kept = bot.starters()
    path = bot.collection.folder / STARTERS_NAME
    for damage in ("{", json.dumps({"state": "other", "starters": []}), json.dumps([1])):
        path.write_text(damage)
        assert bot.starters() == kept


def test_question_that_is_not_answered_is_not_kept(bot):
    assert find_starters(bot.articles(), lambda q: bot.ask("How deep is the sea on Mars?")) == []


def test_what_leans_on_another_sentence_is_not_turned_round():
    assert turned_round("It was elected to the board of the harbour, he said.") == []
    assert turned_round("Rain.") == []
