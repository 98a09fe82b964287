"""The bot answers questions over the sample articles, with the real embedder."""

import json
from datetime import date

import pytest
from making import SEEDS, make_article

from qa_bot import QABot, RefusalReason
from qa_bot.answer import Answer
from qa_bot.errors import IndexMissingError


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who was elected mayor of Saltmere?", "Wołczyk"),
        ("How many homes were evacuated in the flood?", "187 homes"),
        ("Who was appointed manager of Saltmere Rovers?", "Célia Morvant"),
        ("Where were the leaders of Russia and the US to meet on June 16?", "Geneva"),
    ],
)
def test_answer_has_the_expected_words(bot, question, words):
    answer = bot.ask(question)
    assert answer.answered
    assert words in answer.text


@pytest.mark.xfail(
    reason="known weakness of the small reader: the model card says so",
    raises=AssertionError,
    strict=True,
)
def test_price_of_another_thing_is_not_the_answer(bot):
    assert "12.4 million" in bot.ask("How much will the new Old Span bridge cost?").short


@pytest.mark.parametrize(
    "question",
    ["What is the capital of Australia?", "Who scored the winning goal in the Euro 2020 final?"],
)
def test_question_about_another_subject_is_refused(bot, question):
    answer = bot.ask(question)
    assert not answer.answered
    assert answer.sentences == () and answer.citations == ()
    assert answer.refusal.message == answer.text


def test_every_quote_is_text_of_its_file(bot):
    for question in ("What did the tribunal decide?", "What is known of the flood?"):
        for citation in bot.ask(question).citations:
            with open(citation.article.path, newline="", encoding="utf-8") as file:
                assert file.read()[citation.start : citation.end] == citation.quote


def test_nothing_later_than_as_of_is_used(bot):
    answer = bot.ask("How many homes were evacuated in the flood?", as_of="2021-10-22")
    assert all(hit.passage.article.published.last <= date(2021, 10, 22) for hit in answer.hits)
    assert "187" not in answer.text and answer.coverage.last <= date(2021, 10, 22)


def test_as_of_narrows_until_and_never_widens(bot):
    answer = bot.ask("What happened?", as_of="2021-10-22", until="2021-12-31")
    assert answer.coverage.last <= date(2021, 10, 22)


def test_publisher_and_article_filters_restrict_the_hits(bot):
    answer = bot.ask("Who won the election?", publisher="harbour radio")
    assert {hit.passage.article.publisher for hit in answer.hits} == {"Harbour Radio"}
    one = "saltmere/2021-05-17-mayor-result"
    answer = bot.ask("Who won the election?", articles=[one])
    assert {hit.passage.article.id for hit in answer.hits} == {one}


def test_dates_without_articles_have_a_refusal_reason(bot):
    answer = bot.ask("Who won the election?", until="1999-01-01")
    assert answer.refusal.reason == RefusalReason.OUTSIDE_DATES


def test_json_of_an_answer_matches_the_contract(bot):
    form = bot.ask("Who was elected mayor of Saltmere?").to_dict()
    assert list(form) == [
        "question",
        "standalone_question",
        "answered",
        "short",
        "text",
        "sentences",
        "citations",
        "unresolved",
        "refusal",
        "hits",
        "coverage",
        "timings_ms",
        "models",
        "index",
        "confidence",
        "narrowed",
        "weights",
        "note",
        "withheld",
        "when",
        "sources",
        "difference",
        "timeline",
    ]
    assert form["answered"] is True and form["refusal"] is None and form["unresolved"] == []
    assert form["sentences"][0]["citations"] == [1] and form["sentences"][0]["supported"] is True
    citation = form["citations"][0]
    for name in ("number", "article_id", "title", "publisher", "published", "path", "url"):
        assert name in citation
    assert citation["published"] in ("2021-05-17", "2021-05-18")
    assert citation["end"] - citation["start"] == len(citation["quote"])
    assert {"rank", "article_id", "start", "end", "score", "text"} == form["hits"][0].keys()
    assert {"articles", "from", "to"} <= form["coverage"].keys()
    assert {"retrieve", "read", "total"} <= form["timings_ms"].keys()
    assert form["models"] == {
        "embedder": "all-MiniLM-L6-v2",
        "reader": "small-reader-1",
        "generator": None,
    }
    assert form["index"]["generation"] == 1
    json.dumps(form)


def test_json_of_a_refusal_matches_the_contract(bot):
    form = bot.ask("What is the capital of Australia?").to_dict()
    assert form["answered"] is False
    assert form["sentences"] == [] and form["citations"] == []
    assert form["refusal"]["reason"] in {str(reason) for reason in RefusalReason}
    assert form["refusal"]["nearest"][0].keys() >= {"article_id", "title", "published"}


def test_stream_gives_the_text_and_then_the_answer(bot):
    *pieces, answer = bot.stream("Who was elected mayor of Saltmere?")
    assert isinstance(answer, Answer)
    assert "".join(pieces) == answer.text
    *pieces, answer = bot.stream("What is the capital of Australia?")
    assert pieces == [answer.refusal.message]


@pytest.mark.parametrize("text", ["Hi there!", "Generate a title. <chat_history>" + "x" * 5000])
def test_small_talk_gets_a_line_on_what_can_be_asked(bot, text, caplog):
    caplog.set_level("INFO", "qa_bot.events")
    *pieces, answer = bot.stream(text, history=[{"question": "Who won?", "answer": "Wołczyk."}])
    assert answer.refusal.reason == RefusalReason.NOT_A_QUESTION
    assert pieces == [answer.refusal.message]
    assert f"Ask anything about the {answer.coverage.articles} articles" in answer.text
    assert not answer.hits
    assert answer.standalone_question == text
    assert [record.outcome for record in caplog.records] == ["not_a_question"]


def test_greeting_before_a_question_changes_no_answer(bot):
    plain = bot.ask("Who was elected mayor of Saltmere?")
    greeted = bot.ask("Hi there! Who was elected mayor of Saltmere? Thanks")
    assert greeted.standalone_question == plain.standalone_question
    assert greeted.citations == plain.citations


def test_same_question_gives_the_same_answer(bot):
    assert bot.ask("What did the tribunal decide?") == bot.ask("What did the tribunal decide?")


@pytest.mark.parametrize(
    ("question", "options", "message"),
    [
        ("", {}, "The question is empty"),
        (" \n\u200b\u0007", {}, "The question is empty"),
        ("x" * 2001, {}, "The question has 2,001 characters; at most 2,000 are read"),
        ("Who?", {"as_of": "yesterday"}, "as_of is 'yesterday'; write a day like 2021-06-16"),
        ("Who?", {"k": 0}, "k is 0; it must be at least 1"),
    ],
)
def test_invalid_arguments_raise_value_error(bot, question, options, message):
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(")):
        bot.ask(question, **options)


def test_missing_index_error_names_the_build_command(tmp_path):
    with pytest.raises(IndexMissingError, match="qa-bot build ARTICLES"):
        QABot.open(tmp_path / "none")


def test_empty_index_refuses(tmp_path, settings):
    bot = QABot.create(tmp_path / "index", settings=settings)
    assert bot.ask("Who?").refusal.reason == RefusalReason.EMPTY_INDEX
    bot.close()


def test_bot_is_closed_at_the_end_of_its_block(tmp_path, settings):
    with QABot.create(tmp_path / "index", settings=settings) as bot:
        bot.add([make_article("a", "The mill burned down.")])
    with pytest.raises(Exception, match="clos"):
        bot.articles()


def test_added_article_answers_and_removed_one_does_not(tmp_path, settings):
    bot = QABot.create(tmp_path / "index", settings=settings)
    bot.add([make_article("zeppelin", "The zeppelin landed on the pier at noon on Friday.")])
    assert bot.search("zeppelin pier")[0].passage.article.id == "zeppelin"
    assert bot.remove(["zeppelin", "nope"]) == ("zeppelin",)
    assert bot.search("zeppelin pier") == ()
    bot.close()


@pytest.mark.slow
@pytest.mark.raw
def test_raw_articles_answer_the_development_questions(raw_articles, tmp_path):
    """The reader without a model should answer 75 % with the right words and refuse 70 %."""
    bot = QABot.build(raw_articles, tmp_path / "index")
    right, declined = [], []
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        seed = json.loads(line)
        answer = bot.ask(seed["question"])
        quotes = " ".join(citation.quote for citation in answer.citations).lower()
        if seed["answerable"]:
            words = all(any(w.lower() in quotes for w in group) for group in seed["groups"])
            right.append(words and {c.article.id for c in answer.citations} & set(seed["sources"]))
        else:
            declined.append(not answer.answered)
        for citation in answer.citations:
            with open(citation.article.path, newline="", encoding="utf-8") as file:
                assert file.read()[citation.start : citation.end] == citation.quote
    print(f"right {sum(map(bool, right))}/{len(right)}, declined {sum(declined)}/{len(declined)}")
    assert sum(map(bool, right)) / len(right) >= 0.75
    assert sum(declined) / len(declined) >= 0.70
    bot.close()


def test_articles_are_found_by_words_of_one_passage_in_any_form(bot):
    found = {"saltmere/2021-12-16-dialysis-unit-opens"}
    assert bot.with_words("Nurse Harcott") == found
    assert bot.with_words("Wolczyk") == bot.with_words("Wołczyk") != frozenset()
    assert bot.with_words("nurses Thackrow") == bot.with_words(" the ") == frozenset()
