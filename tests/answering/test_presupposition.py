"""A question about an event is declined where its sentence denies the event or leaves it open."""

from dataclasses import replace

import pytest
from fakes import scripted_judge
from making import make_article

from qa_bot.answer import Citation, Difference, PartKind, RefusalReason, Sentence
from qa_bot.answering.composition import Composition
from qa_bot.answering.presupposition import without_presupposition
from qa_bot.answering.refusal import unsure
from qa_bot.question import understand

CALL = Citation(
    1, make_article("a", "Ana and Ben spoke by telephone on April 13.", title="Call"), 0, 43
)
QUOTED = Composition(0.8, (Sentence(CALL.quote, (1,)),), (CALL,), short="April 13")


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("When did Ana go to Hesk?", "Did Ana go to Hesk?"),
        ("and on what day was the lens found", "Was the lens found"),
        ("who hacked the clinic?", "Somebody hacked the clinic."),
        ("Who was elected", "Somebody was elected."),
    ],
)
def test_time_or_person_is_declined_if_the_event_is_left_open(question, whether):
    one = scripted_judge(0.1, 0.2, 0.7)
    refusal = without_presupposition(understand(question), QUOTED, one, ()).refusal
    assert one.read == [(whether, f"Call\n{CALL.quote}")]
    assert (refusal.reason, refusal.closest) == (RefusalReason.NOT_ANSWERED, CALL)


@pytest.mark.parametrize(
    "question", ["When did Ana go to Hesk?", "why did Ana go to Hesk", "How did Ana go there?"]
)
def test_event_that_the_sentence_denies_is_declined_with_that_sentence(question):
    declined = without_presupposition(
        understand(question), QUOTED, scripted_judge(0.05, 0.9, 0.05), ()
    )
    assert declined.refusal.reason is RefusalReason.NOT_ANSWERED
    assert declined.refusal.message == "No sentence of the articles answers this for sure."
    assert declined.refusal.closest is CALL


@pytest.mark.parametrize("found", [QUOTED, Composition(0.3, refusal=unsure((), CALL))])
def test_event_that_the_sentence_denies_for_sure_is_a_false_premise(found):
    judge = scripted_judge(0.02, 0.95, 0.03)
    refusal = without_presupposition(understand("Why did Ana go?"), found, judge, ()).refusal
    assert refusal.reason is RefusalReason.FALSE_PREMISE and refusal.closest is CALL
    assert refusal.message.endswith("The closest sentence in them says otherwise.")


@pytest.mark.parametrize("relations", [(0.02, 0.9, 0.08), (0.02, 0.02, 0.96)])
def test_refusal_keeps_its_reason_where_its_sentence_does_not_deny_the_event(relations):
    refused, judge = Composition(0.3, refusal=unsure((), CALL)), scripted_judge(*relations)
    assert without_presupposition(understand("Why did Ana go?"), refused, judge, ()) is refused


@pytest.mark.parametrize(
    ("question", "relations"),
    [
        ("When did Ana go to Hesk?", (0.3, 0.2, 0.5)),
        ("When did Ana go to Hesk?", (0.1, 0.7, 0.2)),
        ("Why did Ana go to Hesk?", (0.05, 0.05, 0.9)),
        ("When will the bridge open?", (0.05, 0.05, 0.9)),
        ("When is the bridge due to open?", (0.05, 0.05, 0.9)),
    ],
)
def test_other_answers_stay(question, relations):
    asked = understand(question)
    assert without_presupposition(asked, QUOTED, scripted_judge(*relations), ()) is QUOTED


@pytest.mark.parametrize(
    ("question", "composition"),
    [
        ("Who did Ana meet?", QUOTED),
        ("Who is Ana Vell?", QUOTED),
        ("How many went to Hesk?", QUOTED),
        ("When did Ana go and why did Ben stay?", QUOTED),
        ("When did Ana go?", replace(QUOTED, difference=Difference("disagree", 1, 2))),
        (
            "When did it appear?",
            replace(QUOTED, sentences=(Sentence("…", (1,), kind=PartKind.PUBLICATION),)),
        ),
        ("When did Ana go?", Composition(0.1)),
    ],
)
def test_nothing_else_is_judged(question, composition):
    one = scripted_judge(0.0, 1.0, 0.0)
    assert without_presupposition(understand(question), composition, one, ()) is composition
    assert (
        without_presupposition(understand("When did Ana go?"), composition, None, ()) is composition
    )
    assert not one.read
