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
        ("", ("",)),
    ],
)  # fmt: skip
def test_question_is_split_into_its_parts(question, parts):
    assert question_parts(question) == parts
