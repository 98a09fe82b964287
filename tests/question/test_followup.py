"""The rules complete a follow-up question and leave a complete question as it is."""

import json

import pytest
from making import DATASETS

from qa_bot.datatypes import Turn
from qa_bot.question.followup import complete, needs_context

MAYOR = Turn("Who was elected mayor of Saltmere?", "Marta Wołczyk.")
UNIT = Turn("What opened in Saltmere in December?", "A dialysis unit. [1]")
MET = Turn("When did Putin arrive in Geneva?", "On June 16.")


@pytest.mark.parametrize(
    ("turn", "question", "expected"),
    [
        (MAYOR, "When was she sworn in?", "When was Marta Wołczyk sworn in?"),
        (MAYOR, "And what did she promise?", "What did Marta Wołczyk promise?"),
        (MAYOR, "And when?", "When was Marta Wołczyk elected mayor of Saltmere?"),
        (MAYOR, "What is her party?", "What is Marta Wołczyk’s party?"),
        (UNIT, "In which hospital is it?", "In which hospital is the dialysis unit?"),
        (MET, "What about Biden?", "When did Biden arrive in Geneva?"),
        (MET, "And Biden?", "When did Biden arrive in Geneva?"),
        (MET, "Where did he stay there?", "Where did Putin stay in Geneva?"),
    ],
)
def test_follow_up_is_completed_from_the_last_turn(turn, question, expected):
    assert complete(question, [turn]) == expected


def test_pronoun_can_refer_to_an_earlier_turn():
    turns = [MAYOR, Turn("What was the turnout?", "63 percent.")]
    assert complete("And how old is she?", turns) == "How old is Marta Wołczyk?"


@pytest.mark.parametrize(
    "refusal",
    [
        "No sentence of the articles answers this for sure.",
        "No sentence that answers this was found. The nearest articles may be about it.",
        "Nothing about this was found in the 32 articles searched.",
        "The articles don't say: none of those found mentions Ana Vell.",
    ],
)
def test_refusal_is_the_subject_of_nothing(refusal):
    turns = [MAYOR, Turn("What was the turnout?", refusal)]
    assert complete("What did she say about it?", turns).startswith("What did Marta Wołczyk say")
    assert "articles" not in complete("What caused it?", turns)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the game?",
        "How long does it take to shut the harbour gate?",
        "Is there a ferry to Hesk Island?",
        "Where did people who had to leave their homes sleep?",
        "Why did Gideon Thackrow say that he would not concede?",
    ],
)
def test_complete_question_stays_as_it_is(question):
    assert not needs_context(question)
    assert complete(question, [MAYOR, MET]) == question


def test_question_without_history_stays_as_it_is():
    assert complete("And when did he go?", []) == "And when did he go?"
    assert complete("And when?", [Turn(" ", "")]) == "And when?"


def test_most_questions_of_the_sample_set_need_no_context():
    lines = (DATASETS / "sample" / "queries.jsonl").read_text().splitlines()
    complete_ones = [r["text"] for r in map(json.loads, lines) if not r.get("history")]
    wrong = [question for question in complete_ones if needs_context(question)]
    assert len(wrong) <= len(complete_ones) * 0.05, wrong


def test_bot_answers_a_follow_up_with_valid_citations(bot):
    first = bot.ask("Who was elected mayor of Saltmere?")
    history = [{"question": first.question, "answer": first.text}]
    second = bot.ask("And when is she due to be sworn in?", history=history)
    assert second.standalone_question == "When is Marta Wołczyk due to be sworn in?"
    assert "June 14" in second.text
    assert [c.number for c in second.citations] == list(range(1, len(second.citations) + 1))
    assert all(n in {c.number for c in second.citations} for s in second.sentences
               for n in s.citations)  # fmt: skip


def test_malformed_history_raises_one_clear_sentence(bot):
    with pytest.raises(ValueError, match="a turn of the history needs"):
        bot.ask("And when?", history=[{"q": "x"}])
