"""A timeline has dated, cited entries in the order of the events."""

import pytest
from making import make_article

from qa_bot import QABot, Settings
from qa_bot.export import event_leads
from qa_bot.export.receipts import make_receipt
from qa_bot.export.verification import Status, verify_receipt

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
    (
        "f",
        "2023-03-29",
        "The chair of Ollby, in office since January 2023, hailed last month’s vote for the park.",
    ),
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


def test_entries_are_in_order_with_day_and_citation(bot):
    answer = bot.ask("How did the tram strike develop?")
    assert answer.timeline
    assert [s.lead for s in answer.sentences] == [
        "6 March 2023", "16 March 2023", "27 March 2023", "11 April 2023",
    ]  # fmt: skip
    assert [w.iso for w in answer.when] == ["2023-03-06", "2023-03-16", "2023-03-27", "2023-04-11"]
    assert event_leads(answer)[-2:] == ["27 March 2023", "11 April 2023 (the latest)"]
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.text == citation.quote
    found = verify_receipt(make_receipt(answer.to_dict()), bot.article)
    assert {one.status for one in found} == {Status.INTACT}


def test_days_of_the_question_limit_the_entries_and_appear_in_narrowed(bot):
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
def test_question_for_a_day_covers_every_event_of_it(bot, question, days):
    answer = bot.ask(question)
    assert answer.timeline
    assert [w.iso for w in answer.when] == days


def test_question_about_the_future_includes_future_events(bot):
    answer = bot.ask("What will happen in April 2023?", as_of="2023-03-20")
    assert [w.iso for w in answer.when] == ["2023-04"]
    assert event_leads(answer) == ["April 2023 (planned)"]
    assert bot.ask("What happened in April 2023?", as_of="2023-03-20").refusal


def test_day_without_events_is_refused(bot):
    answer = bot.ask("What happened on 2 April 2023?")
    assert answer.refusal
    assert not answer.citations
    assert bot.ask("What happened on 2 April 2019?").refusal.reason == "outside_dates"


def test_question_never_widens_the_filters(bot):
    answer = bot.ask(
        "What happened between 1 March and 30 April 2023 in the tram strike?",
        since="2023-03-20", as_of="2023-03-30",
    )  # fmt: skip
    assert [w.iso for w in answer.when] == ["2023-03-27"]
    assert answer.narrowed == {"as_of": "2023-03-30", "since": "2023-03-20"}


def test_future_events_are_excluded_by_default(bot):
    assert all("will go on" not in s.text for s in bot.ask("How did the strike develop?").sentences)


def test_recent_news_prefers_recent_articles(bot):
    recent = bot.ask("What ended on Tuesday, this week?", as_of="2023-04-14")
    assert recent.narrowed == {"as_of": "2023-04-14", "since": "2023-04-11"}
    older = bot.ask("Who named a mediator for the tram strike today?", as_of="2023-04-14")
    assert older.narrowed == {"as_of": "2023-04-14"}


@pytest.mark.parametrize(
    "question",
    ["How did the Leipzig strike develop?", "How did Pfizer develop the vaccine in Ollby?"],
)
def test_timeline_that_the_articles_lack_is_refused(bot, question):
    assert not bot.ask(question).timeline


@pytest.mark.parametrize("month", ["January", "February"])
def test_time_of_a_state_or_of_a_thing_dates_no_event(bot, month):
    assert not bot.ask(f"What happened in {month} 2023?").timeline


def test_before_a_day_limits_the_entries_but_not_the_articles(bot):
    answer = bot.ask("What happened before 20 March 2023 in the tram strike?")
    assert [w.iso for w in answer.when] == ["2023-03-06", "2023-03-16"]
