"""Yes or no is said only where the judge is sure of it."""

from dataclasses import replace

import pytest
from fakes import scripted_judge
from making import make_article

from qa_bot.answer import Citation, Difference, PartKind, RefusalReason, Sentence
from qa_bot.answering.composition import Composition
from qa_bot.answering.decision import with_decision
from qa_bot.datatypes import Hit, Passage
from qa_bot.question import understand

TEXT = "The museum was shut. No lock had been forced. The lens is worth €86,000. It is old."
LOCK = Citation(1, make_article("a", TEXT, title="Lens stolen", publisher="Wire"), 21, 45)
QUOTED = Composition(0.7, (Sentence(LOCK.quote, (1,)),), (LOCK,), short="No lock")
ASKED = understand("Was a lock of the museum broken?")


@pytest.mark.parametrize(
    ("relations", "text"),
    [
        ((0.05, 0.86, 0.09), "No. [1] No lock had been forced. [1]"),
        ((0.86, 0.05, 0.09), "Yes. [1] No lock had been forced. [1]"),
        ((0.69, 0.07, 0.24), "No lock had been forced. [1]"),
        ((0.05, 0.46, 0.49), "No lock had been forced. [1]"),
    ],
)
def test_answer_begins_with_the_decision_that_the_judge_is_sure_of(relations, text):
    decided = with_decision(ASKED, QUOTED, scripted_judge(*relations), ())
    assert " ".join(map(str, decided.sentences)) == text
    if decided is not QUOTED:
        assert f"{decided.short}." == decided.sentences[0].text
        assert decided.sentences[0].parts[0].kind is PartKind.DECISION
        assert decided.quoted_short is None


def test_judge_reads_the_sentence_under_the_header_of_its_article():
    one = scripted_judge(0.9, 0.05, 0.05)
    with_decision(ASKED, QUOTED, one, ())
    assert one.read == [
        ("Was a lock of the museum broken?", "Lens stolen | Wire\nNo lock had been forced.")
    ]


@pytest.mark.parametrize(
    ("question", "composition"),
    [
        ("Who broke the lock?", QUOTED),
        ("When was it shut and who shut it?", QUOTED),
        ("Was the lock open or shut?", QUOTED),
        ("Was a lock broken?", Composition(0.1)),
        ("Was a lock broken?", replace(QUOTED, difference=Difference("disagree", 1, 2))),
    ],
)
def test_nothing_else_is_decided(question, composition):
    one = scripted_judge(0.9, 0.05, 0.05)
    assert with_decision(understand(question), composition, one, ()) is composition
    assert with_decision(ASKED, composition, None, ()) is composition
    assert not one.read


def test_nothing_is_decided_on_a_sentence_about_another_thing():
    asked = understand("Is the pool old?")
    assert with_decision(asked, QUOTED, scripted_judge(0.9, 0.05, 0.05), ()) is QUOTED


def test_answer_is_declined_if_its_sentence_leaves_the_question_open():
    article = LOCK.article
    hit = Hit(Passage(article, 0, len(TEXT)), 1, 0.5, "both")
    declined = with_decision(ASKED, QUOTED, scripted_judge(0.2, 0.2, 0.6), (hit,))
    assert declined.refusal.reason is RefusalReason.NOT_ANSWERED
    assert declined.refusal.message.startswith("The closest sentence")
    assert declined.refusal.nearest == (article,)
    assert not declined.sentences and not declined.citations
