"""What the page and ``/readyz`` say of the sources that are watched."""

import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from forms import HOSTILE
from making import make_article
from serving import serving

from qa_bot import QABot
from qa_bot.watching import SourceState, SourceStates
from qa_bot.web.page import _current
from qa_bot.web.source_views import elapsed, newest_line, source_list

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def state(name="https://news.example/feed", ago=3, **known):
    read = NOW - timedelta(minutes=ago)
    return SourceState(name=name, read=read, due=NOW, **known)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_time_is_said_in_its_largest_unit(time, words):
    assert elapsed(time) == words


def test_sources_are_listed_with_those_that_failed_first():
    found = source_list(
        [state(outlet="Aa Herald"), state("folder", ago=90, problem="there is no such folder")], NOW
    )
    rows = re.findall(r"<li>(.*?) <span[^>]*>(.*?)</span>", found)
    assert rows == [
        ("folder", "could not be read 1 hour ago: there is no such folder"),
        ("Aa Herald", "read 3 minutes ago"),
    ]
    assert source_list([], NOW) == newest_line([], NOW) == newest_line([state()], NOW) == ""


def test_words_of_a_source_are_only_text():
    found = source_list([state(HOSTILE, problem=HOSTILE)], NOW)
    assert set(re.findall(r"<\s*([a-zA-Z]+)", found)) == {"div", "h", "ul", "li", "span"}


def test_newest_article_is_that_of_any_source():
    states = [state(changed=NOW - timedelta(hours=3)), state(changed=NOW - timedelta(minutes=3))]
    assert newest_line(states, NOW) == "The newest came 3 minutes ago."


def test_service_says_which_sources_fail_and_when_the_newest_article_came(tmp_path):
    bot = QABot.create(tmp_path / "i")
    bot.add([make_article("a", "Anna Brisk won the race at Hesk on Monday.", title="Race")])
    now = datetime.now(UTC)
    good = SourceState(name="x", outlet="Hesk Herald", read=now, due=now, changed=now)
    bad = SourceState(name="y", read=now, due=now, failures=2, problem="y answers with 404")
    SourceStates(tmp_path / "i").write({"x": good, "y": bad})
    bot.close()
    with serving(tmp_path / "i") as address:
        ready = httpx.get(f"{address}/readyz").json()
        shelf = httpx.get(f"{address}/articles").text
        config = httpx.get(f"{address}/config").json()
    assert ready["status"] == "ready" and ready["articles"] == 1
    assert [(one["source"], one["problem"]) for one in ready["failing_sources"]] == [
        ("y", "y answers with 404")
    ]
    assert "Hesk Herald" in shelf and "y answers with 404" in shelf
    assert "The newest came just now." in json.dumps(config)


def test_page_that_is_opened_later_has_the_articles_of_that_time(tmp_path):
    bot = QABot.create(tmp_path / "i")
    for n in (1, 2):
        bot.add([make_article(f"a{n}", "Anna Brisk won the race at Hesk on Monday.")])
        masthead, front = _current(bot, [])
        words = f"{n} article{'s' * (n > 1)}"
        assert words in masthead and words in front
    bot.close()
