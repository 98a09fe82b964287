"""A sentence may name somebody who has left, or a state that is over."""

import pytest

from qa_bot.datatypes import Span
from qa_bot.news import is_former


@pytest.mark.parametrize(
    ("sentence", "former"),
    [
        ("She takes over from [Hal Dunmarrow], who resigned this month.", True),
        ("[Hal Dunmarrow] has resigned as manager of the Rovers.", True),
        ("[Marram & Sons], a family firm, had run the crossing since 1983.", True),
        ("The club replaced [Ann Lee] in May.", True),
        ("He succeeded [Ann Lee] as chair.", True),
        ("[Ann Lee] was replaced by her deputy.", True),
        ("The former mayor [Ann Lee] spoke.", True),
        ("A former mayor said [Ann Lee] won.", False),
        ("In late May [Ann Lee] won.", False),
        ("[Ann Lee] takes over from Hal Dunmarrow.", False),
        ("[Ann Lee] replaced Hal Dunmarrow in May.", False),
        ("The crossing is run by [Ostrey Passenger Boats].", False),
        ("[Ann Lee], 52, has run the club since May.", False),
        ("[Ann Lee] had been appointed in May and took office on Monday.", False),
        ("Mayor [Ann Lee] said that the manager had resigned.", False),
        ("An adult ticket costs [€7.20], the council said.", False),
    ],
)
def test_words_around_the_answer_tell_that_it_is_over(sentence, former):
    start, end = sentence.index("["), sentence.index("]") - 1
    text = sentence.replace("[", "").replace("]", "")
    assert is_former(text, Span(0, len(text)), Span(start, end)) is former
