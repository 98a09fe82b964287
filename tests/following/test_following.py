"""Followed questions: each change of an answer is told once, another wording never."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from making import make_article

from qa_bot import QABot
from qa_bot.cli.main import main
from qa_bot.following import Change, FollowedQuestions, KeptAnswer, to_atom
from qa_bot.following.changes import KeptQuote, differs
from qa_bot.following.questions import MOST, FollowedError
from qa_bot.resources import sample_articles

HOMES = "How many homes were evacuated in the flood?"
ATOM = "{http://www.w3.org/2005/Atom}"


def kept(short, *quotes, answered=True, timeline=False, at="2026-01-01T00:00:00+00:00"):
    quoted = tuple(
        KeptQuote(article_id="a", title="T", publisher="Wire", published="2021-06-16", quote=quote)
        for quote in quotes
    )
    text = " ".join(quotes) or "The articles don't say."
    return KeptAnswer(
        at=at, answered=answered, short=short, text=text, timeline=timeline, quotes=quoted
    )


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (kept("About 140 homes", "x"), kept("187", "x"), True),
        (kept("187 homes", "x"), kept("187", "y"), False),
        (kept("€12.4 million", "x"), kept("12.4 million euros", "y"), False),
        (kept("Marta Wołczyk", "x"), kept("Mayor Marta Wołczyk", "y"), False),
        (kept("Leopold Harn", "x"), kept("Marta Wołczyk", "y"), True),
        (kept("16 June 2021", "x"), kept("17 June 2021", "x"), True),
        (kept("14 of 60 homes", "x"), kept("31 of 60 homes", "x"), True),
        (kept("Maria Smith", "x"), kept("John Smith", "x"), True),
        (kept("Yes", "x"), kept("No", "x"), True),
        (kept("Yes", "x"), kept("the gate was shut", "x"), False),
        (kept(None, answered=False), kept("187", "x"), True),
        (kept("187", "x"), kept(None, answered=False), False),
        (kept(None, answered=False), kept(None, answered=False), False),
        (
            kept(None, "The bridge closed.", timeline=True),
            kept(None, "The bridge closed.", "A new one opened in March.", timeline=True),
            True,
        ),
        (
            kept(None, "The Old Span closed.", timeline=True),
            kept(None, "It rained.", "The Old Span has closed today.", timeline=True),
            False,
        ),
        (kept(None, "The gate was open all night."), kept(None, "A culvert failed."), True),
    ],
    ids=[
        "figure", "same figure", "another notation", "a title", "person", "day", "part",
        "first name", "decision", "decision not made", "answered now", "not answered now",
        "never answered", "newest event", "same newest event", "another sentence",
    ],
)  # fmt: skip
def test_only_an_answer_that_says_something_else_is_a_change(before, after, changed):
    assert differs(before, after) is changed


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name in ("2021-10-21-flood-first-report", "2021-02-09-old-span-vote"):
        shutil.copy(sample_articles() / "saltmere" / f"{name}.md", made)
    return made


def test_planted_change_is_told_once_and_a_reprint_never(folder, tmp_path, capsys):
    index = str(tmp_path / "i")
    assert main(["build", str(folder), "--index", index]) == 0
    assert main(["follow", HOMES, "--index", index]) == 0
    assert "140" in capsys.readouterr().out
    reprint = (folder / "2021-10-21-flood-first-report.md").read_text()
    again = reprint.replace("Tidewater Wire", "Hesk Herald").replace(
        "quays.", "quays on the night."
    )
    (folder / "reprint.md").write_text(again)
    main(["add", str(folder), "--index", index])
    assert "changed:" not in capsys.readouterr().err
    shutil.copy(sample_articles() / "saltmere" / "2021-10-24-flood-revised-figures.md", folder)
    main(["add", str(folder), "--index", index])
    err = capsys.readouterr().err
    assert f"changed: {HOMES}\n  before: " in err and "187" in err
    (folder / "ferry.txt").write_text("HESK, May 5, 2021 — The ferry ran on time.\n")
    main(["add", str(folder), "--index", index])
    assert "changed:" not in capsys.readouterr().err
    assert main(["follow", "--changes", "--index", index]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "187" in json.loads(line)["after"]["short"]


def test_question_is_followed_once_listed_and_stopped(tmp_path):
    followed = FollowedQuestions(tmp_path)
    bot = QABot.create(tmp_path / "i")
    followed.follow("Who won?", bot.ask)
    with pytest.raises(ValueError, match="is followed already"):
        followed.follow(" who  WON? ", bot.ask)
    assert [one.question for one in FollowedQuestions(tmp_path).all()] == ["Who won?"]
    assert followed.ask_again(bot.ask) == followed.changes() == []
    assert followed.stop("who won?") and not followed.stop("who won?")
    bot.close()


def test_damaged_file_is_named_and_left_as_it_is(tmp_path):
    followed = FollowedQuestions(tmp_path)
    (tmp_path / "following.json").write_text('{"followed": [{"question": 3}]}')
    with pytest.raises(FollowedError, match=r"following\.json is damaged; nothing was changed"):
        followed.stop("x")
    assert (tmp_path / "following.json").read_text() == '{"followed": [{"question": 3}]}'


def test_damaged_line_of_the_log_is_left_out(tmp_path):
    change = Change(question="Q", before=kept("a", "x"), after=kept("b", "y"))
    lines = [change.model_dump_json(), "{", change.model_dump_json()[:50], "[]"]
    (tmp_path / "following.jsonl").write_text("\n".join(lines))
    assert FollowedQuestions(tmp_path).changes() == [change]


def test_change_after_a_torn_line_is_not_lost(tmp_path):
    followed = FollowedQuestions(tmp_path)
    bot = QABot.create(tmp_path / "i")
    followed.follow("Who won?", bot.ask)
    (tmp_path / "following.jsonl").write_text('{"question": "torn')
    bot.add([make_article("a", "Anna Brisk won the race at Hesk on Monday.", title="Race")])
    won = bot.ask("Who won the race at Hesk?")
    assert won.answered
    (change,) = followed.ask_again(lambda question: won)
    assert followed.changes() == [change]
    bot.close()


def test_answer_that_another_program_kept_meanwhile_stays(tmp_path):
    bot = QABot.create(tmp_path / "i")
    first, second = FollowedQuestions(tmp_path), FollowedQuestions(tmp_path)
    first.follow("Who won?", bot.ask)
    bot.add([make_article("a", "Anna Brisk won the race at Hesk on Monday.", title="Race")])
    won = bot.ask("Who won the race at Hesk?")

    def ask_slowly(question):
        second.ask_again(lambda question: won)  # another program is faster
        return won

    assert first.ask_again(ask_slowly) == [] and len(first.changes()) == 1
    bot.close()


def test_questions_are_asked_once_in_each_state_unless_one_could_not_be(tmp_path):
    bot, asked = QABot.create(tmp_path / "i"), []
    followed = FollowedQuestions(tmp_path)
    followed.follow("Who won?", bot.ask)

    def ask(question):
        asked.append(question)
        return bot.ask(question) if len(asked) > 1 else None  # a model fails at first

    for state in ("i 1", "i 1", "i 1", "i 2"):
        followed.ask_again(ask, state)
    assert len(asked) == 3
    followed.follow("Who lost?", bot.ask)
    followed.ask_again(ask, "i 2")
    assert len(asked) == 5
    bot.close()


def test_options_that_do_not_fit_are_refused(tmp_path, capsys):
    index = str(tmp_path / "i")
    for given in (["--stop"], ["Q", "--check"], ["Q", "--changes"], ["Q", "--stop"]):
        assert main(["follow", *given, "--index", index]) == 2
    assert not Path(index).exists()
    assert "is not followed" in capsys.readouterr().err


def test_damaged_file_of_followed_questions_does_not_end_a_build(folder, tmp_path, capsys):
    index = tmp_path / "i"
    assert main(["build", str(folder), "--index", str(index)]) == 0
    (index / "following.json").write_text("{")
    (folder / "new.txt").write_text("HESK, May 5, 2021 — The ferry ran on time.\n")
    assert main(["add", str(folder), "--index", str(index)]) == 0
    assert "the followed questions were not asked:" in capsys.readouterr().err


def test_only_so_many_questions_are_followed(tmp_path):
    bot = QABot.create(tmp_path / "i")
    followed = FollowedQuestions(tmp_path)
    followed.follow("one", bot.ask)
    (one,) = followed.all()
    many = [one.model_copy(update={"question": str(n)}).model_dump() for n in range(MOST)]
    (tmp_path / "following.json").write_text(json.dumps({"followed": many}))
    with pytest.raises(ValueError, match="stop one of them first"):
        followed.follow("another", bot.ask)
    bot.close()


def test_changes_are_an_atom_feed_with_any_words_as_text():
    words = "<b>&\x01\n\u202e\ufffe"
    changes = [
        Change(question=words, before=kept("140", "x"), after=kept("187", words, at="2026-02-01")),
        Change(question="Q", before=kept("a", "x"), after=kept("b", "y")),
    ]
    feed = ET.fromstring(to_atom(changes))
    assert feed.findtext(f"{ATOM}updated") == "2026-02-01"
    entries = feed.findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert "Now: 187\nBefore: 140" in entries[0].findtext(f"{ATOM}content")
    assert "<b>&" in entries[0].findtext(f"{ATOM}title")
    assert ET.fromstring(to_atom([])).findall(f"{ATOM}entry") == []
