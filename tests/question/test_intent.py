"""Regular expressions read the intent of a question."""

import pytest

from qa_bot.question.intent import Expects, read_intent, write_out


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("Who won?", Expects.PERSON),
        ("Whose boat sank?", Expects.PERSON),
        ("Who spoke when they met?", Expects.PERSON),
        ("When did they meet?", Expects.TIME),
        ("Since when has it been shut?", Expects.TIME),
        ("On which day did it open?", Expects.TIME),
        ("what was the exact date it opened", Expects.TIME),
        ("date of the meeting between the mayors", Expects.TIME),
        ("Where did it sink?", Expects.PLACE),
        ("In which town is the court?", Expects.PLACE),
        ("Which company runs the ferry?", Expects.ORGANISATION),
        ("How many people died?", Expects.NUMBER),
        ("How long is the bridge?", Expects.NUMBER),
        ("What will the bridge cost?", Expects.MONEY),
        ("How much did the council pay?", Expects.MONEY),
        ("Why was it shut?", Expects.REASON),
        ("What caused the flood?", Expects.REASON),
        ("How did he escape?", Expects.MANNER),
        ("Was the bridge shut?", Expects.YES_NO),
        ("Didn’t the mayor resign?", Expects.YES_NO),
        ("Is it true or not?", Expects.YES_NO),
        ("Do you know if the bridge is open?", Expects.YES_NO),
        ("Was the bridge open or shut?", Expects.ANY),
        ("Was anyone killed or injured?", Expects.YES_NO),
        ("Did five or more people die?", Expects.YES_NO),
        ("If the ferry is late, who pays?", Expects.PERSON),
        ("So could you tell me how many died?", Expects.NUMBER),
        ("Would you say the talks failed?", Expects.YES_NO),
        ("Could you tell me how many people died?", Expects.NUMBER),
        ("How did the strike develop?", Expects.EVENTS),
        ("What did the mayor promise?", Expects.ANY),
    ],
)
def test_question_shows_the_expected_kind_of_answer(question, expects):
    assert read_intent(question).expects is expects


@pytest.mark.parametrize(
    ("question", "speaker", "who"),
    [
        ("What did Agnes Lund say about the gate?", "Agnes Lund", False),
        ("According to the harbour master, what happened?", "harbour master", False),
        ("Who said it was late?", None, True),
        ("Which patient said he would come?", None, True),
        ("Who won the election?", None, False),
    ],
)
def test_question_for_a_speaker_or_a_statement_is_recognised(question, speaker, who):
    intent = read_intent(question)
    assert (intent.speaker, intent.who_said) == (speaker, who)


@pytest.mark.parametrize(
    ("question", "single"),
    [
        ("Who is the mayor of Torvik?", True),
        ("In which town did it sink?", True),
        ("Who attended the meeting?", False),
        ("Who was killed in the fire?", False),
        ("What did she promise?", False),
    ],
)
def test_question_with_one_possible_answer_is_recognised(question, single):
    assert read_intent(question).single is single


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("whos running the boat now", "who is running the boat now"),
        ("What’s happened to the bridge?", "What has happened to the bridge?"),
        ("why isnt it open", "why isn't it open"),
        ("whose boat is it", "whose boat is it"),
        ("Hows the mayor?", "How is the mayor?"),
    ],
)
def test_contractions_are_written_out(typed, written):
    assert write_out(typed) == written


def test_nouns_of_the_question_are_stems():
    assert read_intent("Which news agency reported it?").nouns == {"agenc", "new"}
    assert read_intent("How many newly built homes burned?").counted == "built"
    assert read_intent("Who won?").nouns == frozenset()
