"""Conversations that a browser keeps: they are shown again as they were."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from forms import make_answer
from making import make_article

from qa_bot.answer import Refusal, RefusalReason
from qa_bot.question import Starter
from qa_bot.web.conversation import Conversation, _suggestions, describe_filters
from qa_bot.web.filter_form import REMOVABLE, FilterForm
from qa_bot.web.sessions import Sessions

MAYOR = "Who was elected mayor of Saltmere?"
QUESTIONS = (MAYOR, "When was the mayor elected?", "What is the capital of Australia?")
OPTIONS = ("2021-12-30", " 2021-01-01 ", "", "", "")


def request_for(**query):
    return SimpleNamespace(cookies={}, query_params=query)


@pytest.fixture(scope="module")
def conversation(bot):
    sessions = Sessions(bot)
    yield Conversation(sessions, bot.starters())
    sessions.close()


@pytest.fixture(scope="module")
def asked(conversation):
    """The messages and the turns, as the browser gets them, after three questions."""
    kept = []
    for question in QUESTIONS:
        *_, (_, shown, kept, _) = conversation.reply(question, kept, request_for(), *OPTIONS)
    return shown, json.loads(json.dumps(kept))


def test_question_shows_a_notice_then_its_card(conversation):
    states = list(conversation.reply(MAYOR, [], request_for()))
    first, last = states[0][1], states[-1][1]
    assert [message["role"] for message in first] == ["user", "assistant"]
    assert "Searching the articles…" in first[1]["content"]
    assert "Wołczyk" in last[1]["content"] and len(states[-1][2]) == 1


def test_error_of_use_can_be_asked_again_and_is_no_turn(conversation):
    *_, (_, shown, kept, asking) = conversation.reply(MAYOR, [], request_for(), "soon")
    card = shown[-1]["content"]
    assert "write a day like 2021-06-16" in card and f'data-edit="{MAYOR}"' in card
    assert kept == [] and asking == ""


def test_stopped_question_is_a_finished_card(conversation, asked):
    shown, kept = asked
    first, *_ = conversation.reply(MAYOR, kept, request_for())
    _, messages = conversation.stop(first[3], kept)
    assert messages[:6] == shown and MAYOR in messages[6]["content"]
    assert "Stopped." in messages[7]["content"] and f'data-ask="{MAYOR}"' in messages[7]["content"]
    assert conversation.stop("", kept)[1] == shown


def test_filters_in_force_are_named_and_can_be_taken_off():
    line = describe_filters("2021-06-16", "soon", "", "<Wire>", "quotes")
    assert re.findall(r'data-clear="(\w+)"', line) == [*REMOVABLE[:2], "publisher"]
    assert "known by 16 June 2021" in line and "from soon" in line and "of &lt;Wire&gt;" in line
    query = "as_of=2021-06-16&amp;since=soon&amp;publisher=%3CWire%3E"
    assert f'data-query="{query}"' in line
    assert describe_filters("", "", "", "", "marked") == ""


def test_filters_are_named_in_the_card(asked):
    assert "from 1 January 2021" in asked[0][1]["content"]
    assert "as of 30 December 2021" in asked[0][1]["content"]


def test_reloaded_conversation_is_rendered_as_it_was(conversation, asked):
    shown, kept = asked
    assert len(shown) == 6
    _, restored = conversation.open(kept, request_for())
    assert restored == shown


def test_rubbish_among_the_turns_is_left_out_and_the_rest_goes_on(conversation, asked):
    shown, kept = asked
    broken = [{}, *kept[:1], {**kept[0], "citations": 3}, "x", *kept[1:]]
    assert conversation.open(broken, request_for())[1] == shown
    *_, (_, more, turns, _) = conversation.reply(MAYOR, broken, request_for())
    assert more[:6] == shown and turns[:3] == kept and len(turns) == 4


def test_refusal_keeps_its_suggestions(asked):
    suggestions = asked[1][2]["suggestions"]
    assert len(suggestions) == 2
    assert all(question in asked[0][5]["content"] for question in suggestions)


@pytest.mark.parametrize(
    ("narrowed", "suggested"),
    [
        ({}, ["Old?", "New?"]),
        ({"since": "2021-06-01"}, ["New?"]),
        ({"until": "2021-06-01"}, ["Old?"]),
        ({"publisher": "Post"}, []),
    ],
)
def test_suggestions_lie_within_the_filters(narrowed, suggested):
    refusal = Refusal(RefusalReason.NOT_ANSWERED, "The articles don't say.")
    answer = replace(make_answer(make_article()), refusal=refusal, narrowed=narrowed)
    starters = [Starter("Old?", "a", "2021-05-01"), Starter("New?", "b", "2021-07-01")]
    assert _suggestions(answer, starters) == suggested


def test_link_without_a_question_changes_nothing(conversation):
    (unchanged,) = conversation.follow_link("", [], request_for())
    assert len(unchanged) == 4
    *_, (_, shown, _, _) = conversation.follow_link(MAYOR, [], request_for(q=MAYOR))
    assert "Wołczyk" in shown[-1]["content"]


def test_empty_filters_are_left_out():
    form = FilterForm(" 2021-06-16", "", publisher="Wire")
    assert form.options() == {"as_of": "2021-06-16", "publisher": "Wire"}
