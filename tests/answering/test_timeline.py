"""The course of things: dated entries in the order of what happened, each cited."""

import pytest
from making import make_article

from qa_bot import QABot, Settings
from qa_bot.export.receipts import Standing, make_receipt, verify_receipt

STORY = [
    ("a", "2023-03-07", "The tram strike began on Monday. Drivers walked out at dawn."),
    (
        "b",
        "2023-03-17",
        "Talks on the tram strike collapsed on Thursday. It will go on in April.",
    ),
    ("c", "2023-03-28", "A mediator for the tram strike was named yesterday."),
    ("d", "2023-04-12", "The tram strike ended on Tuesday with an agreement."),
    ("e", "2023-04-13", "The baker of Ollby won a prize on Wednesday."),
]


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    bot = QABot.create(tmp_path_factory.mktemp("i") / "i", settings=Settings())
    bot.add(
        [
            make_article(one, text, published=day, title=text.split(".")[0])
            for one, day, text in STORY
        ]
    )
    yield bot
    bot.close()


def test_events_come_in_order_each_with_its_day_and_citation(bot):
    answer = bot.ask("How did the tram strike develop?")
    assert answer.timeline
    assert [s.lead for s in answer.sentences] == [
        "6 March 2023", "16 March 2023", "27 March 2023", "11 April 2023",
    ]  # fmt: skip
    assert [w.iso for w in answer.when] == ["2023-03-06", "2023-03-16", "2023-03-27", "2023-04-11"]
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.text == citation.quote
    found = verify_receipt(make_receipt(answer.to_dict()), bot.article)
    assert {one.standing for one in found} == {Standing.INTACT}


def test_only_the_days_asked_about_are_told_and_the_window_is_shown(bot):
    answer = bot.ask("What happened between 10 March and 31 March 2023 in the tram strike?")
    assert [w.iso for w in answer.when] == ["2023-03-16", "2023-03-27"]
    assert answer.narrowed == {"since": "2023-03-10"}


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What happened on 11 April 2023?", ["2023-04-11"]),
        ("what took place in march 2023", ["2023-03-06", "2023-03-16", "2023-03-27"]),
        ("Any news from 27 March to 11 April 2023?", ["2023-03-27", "2023-04-11"]),
        ("What happened yesterday?", ["2023-04-12"]),
    ],
)  # fmt: skip
def test_a_day_alone_is_asked_about_whatever_happened(bot, question, days):
    answer = bot.ask(question)
    assert answer.timeline
    assert [w.iso for w in answer.when] == days


def test_what_lies_ahead_is_told_where_it_is_asked_for(bot):
    answer = bot.ask("What will happen in April 2023?", as_of="2023-03-20")
    assert [w.iso for w in answer.when] == ["2023-04"]
    assert bot.ask("What happened in April 2023?", as_of="2023-03-20").refusal


def test_a_day_on_which_nothing_is_told_is_refused(bot):
    answer = bot.ask("What happened on 2 April 2023?")
    assert answer.refusal
    assert not answer.citations
    assert bot.ask("What happened on 2 April 2019?").refusal.reason == "outside_dates"


def test_the_question_never_widens_the_window(bot):
    answer = bot.ask(
        "What happened between 1 March and 30 April 2023 in the tram strike?",
        since="2023-03-20", as_of="2023-03-30",
    )  # fmt: skip
    assert [w.iso for w in answer.when] == ["2023-03-27"]
    assert answer.narrowed == {"as_of": "2023-03-30", "since": "2023-03-20"}


def test_what_is_still_to_come_is_no_event(bot):
    assert all("will go on" not in s.text for s in bot.ask("How did the strike develop?").sentences)


def test_recent_news_is_asked_of_recent_articles_and_else_of_all(bot):
    recent = bot.ask("What ended on Tuesday, this week?", as_of="2023-04-14")
    assert recent.narrowed == {"as_of": "2023-04-14", "since": "2023-04-11"}
    older = bot.ask("Who named a mediator for the tram strike today?", as_of="2023-04-14")
    assert older.narrowed == {"as_of": "2023-04-14"}


@pytest.mark.parametrize(
    "question",
    ["How did the Leipzig strike develop?", "How did Pfizer develop the vaccine in Ollby?"],
)
def test_no_course_of_things_that_the_articles_do_not_tell(bot, question):
    assert not bot.ask(question).timeline


def test_before_a_day_narrows_nothing_but_the_entries(bot):
    answer = bot.ask("What happened before 20 March 2023 in the tram strike?")
    assert [w.iso for w in answer.when] == ["2023-03-06", "2023-03-16"]
