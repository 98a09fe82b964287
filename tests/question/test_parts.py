import pytest

from qa_bot.question.parts import question_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When and where did it sink?", ("When did it sink?", "Where did it sink?")),
        ("who and when?", ("who and when?",)),
        ("How many homes and how many boats were lost?",
         ("How many homes were lost?", "How many boats were lost?")),
        ("How many died and how many were hurt?", ("How many died and how many were hurt?",)),
        ("who won the vote, against who and by how much",
         ("Who won the vote?", "Against who won the vote?", "By how much won the vote?")),
        ("When is the first match and who's the opponent?",
         ("When is the first match?", "Who's the opponent?")),
        ("How old is the coach and until when is she signed?",
         ("How old is the coach?", "Until when is she signed?")),
        ("Where was the lens found, and who stole it?",
         ("Where was the lens found?", "Who stole it?")),
        ("Who invited them, and how?", ("Who invited them?", "How invited them?")),
        ("What did Biden and Putin agree?", ("What did Biden and Putin agree?",)),
        ("Did they meet and when did they part?", ("Did they meet and when did they part?",)),
        ("When and where did it sink, and how many died?",
         ("When did it sink?", "Where did it sink?", "How many died?")),
        ("When and where did it sink, and why?",
         ("When did it sink?", "Where did it sink?", "Why did it sink?")),
        ("the fire: who saw it first, and how many were hurt",
         ("The fire: who saw it first?", "The fire: how many were hurt?")),
        ("the whole fire, what burned down first and how many were hurt",
         ("The whole fire, what burned down first?", "The whole fire, how many were hurt?")),
        ("", ("",)),
    ],
)  # fmt: skip
def test_question_is_split_into_its_parts(question, parts):
    assert question_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "who and what company built it",
        "What happened and what caused the fire?",
        "In 2019, how many people died and how many died in 2020?",
        "List the mayors, which party they had and when they left",
        "How many died and how many survived the crash?",
        "How many died and how many boats were lost?",
        "Who is the man with whom she lived and for whom she worked?",
        "What did she say about when and how it will open?",
        "who x" + ", who" * 399,
    ],
)
def test_question_that_only_looks_like_two_stays_whole(question):
    assert question_parts(question) == (question,)
