import pytest

from qa_bot.question.parts import question_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When and where did it sink?", ("When did it sink?", "Where did it sink?")),
        ("who and when?", ("who and when?",)),
        ("How many homes and how many boats were lost?",
         ("How many homes and how many boats were lost?",)),
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
