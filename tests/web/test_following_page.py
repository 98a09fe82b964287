"""Following questions on the page: only where nobody else uses it."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from forms import HOSTILE
from making import make_article
from serving import serving

from qa_bot import QABot
from qa_bot.following import Change, Followed, KeptAnswer
from qa_bot.web.following_views import followed_list

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUESTION = "Who won the race at Hesk?"


def kept(short, at="2026-01-01T11:00:00+00:00"):
    return KeptAnswer(at=at, answered=True, short=short, text=short, timeline=False, quotes=())


def test_list_has_the_answer_now_and_the_last_change():
    followed = [Followed(question="How many?", answer=kept("187"))]
    changes = [
        Change(question="How many?", before=kept("160"), after=kept("187")),
        Change(question="How many?", before=kept("140"), after=kept("160")),
    ]
    shown = followed_list(followed, changes, NOW)
    assert re.findall(r'qb-meta">(.*?)</span>', shown) == [
        "187",
        "changed 1 hour ago; before: 160",
    ]
    assert followed_list([], changes, NOW) == ""


@pytest.mark.parametrize("at", ["soon", "2026-01-01T11:00:00"])
def test_time_that_cannot_be_read_is_unknown(at):
    change = Change(question="Q", before=kept("a"), after=kept("b", at))
    shown = followed_list([Followed(question="Q", answer=kept("b"))], [change], NOW)
    assert "changed at an unknown time; before: a" in shown


def test_words_of_a_question_are_only_text():
    change = Change(question=HOSTILE, before=kept(HOSTILE), after=kept(HOSTILE))
    shown = followed_list([Followed(question=HOSTILE, answer=kept(HOSTILE))], [change], NOW)
    assert set(re.findall(r"<\s*([a-zA-Z]+)", shown)) == {"div", "h", "ul", "li", "button", "span"}


@pytest.mark.slow
def test_question_is_followed_listed_and_stopped(tmp_path):
    bot = QABot.create(tmp_path / "i")
    bot.add([make_article("a", "Anna Brisk won the race at Hesk on Monday.", title="Race")])
    bot.close()
    with serving(tmp_path / "i") as address:
        followed = f"{address}/followed"
        assert httpx.post(followed, json={"question": QUESTION}).status_code == 204
        again = httpx.post(followed, json={"question": QUESTION})
        assert again.status_code == 400 and "is followed already" in again.json()["error"]
        assert "Anna Brisk" in httpx.get(f"{address}/articles").text
        assert httpx.delete(followed, params={"question": QUESTION}).status_code == 204
        assert httpx.delete(followed, params={"question": QUESTION}).status_code == 404
        assert httpx.post(followed, json={"question": " "}).status_code == 400
        assert QUESTION not in httpx.get(f"{address}/articles").text


@pytest.mark.slow
@pytest.mark.parametrize("setting", [{"host": "0.0.0.0"}, {"uploads": "off"}])
def test_page_that_others_use_follows_nothing(tmp_path, setting):
    QABot.create(tmp_path / "i").close()
    with serving(tmp_path / "i", **setting) as address:
        followed = f"{address}/followed"
        reply = httpx.post(followed, json={"question": QUESTION})
        assert reply.status_code == 403 and "qa-bot follow" in reply.json()["error"]
        assert httpx.delete(followed, params={"question": QUESTION}).status_code == 403
        assert ".qb-follow { display: none; }" in httpx.get(address).text
    assert not (tmp_path / "i" / "following.json").exists()
