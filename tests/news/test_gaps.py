"""Words that a sentence says it does not give are recognised; what it does give is not."""

import pytest

from qa_bot.datatypes import Span
from qa_bot.news import leaves_open


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("She would not say if he would receive a pay-off.", "receive"),
        ("She would not say if he would receive a pay-off.", "She would not say"),
        ("Nor was it clear if Brackwater Civils will face a penalty.", "Brackwater Civils"),
        ("The team cannot tell whether the sea broke the culvert.", "the sea"),
        ("He declined to say who had paid for it.", "who had paid"),
        ("The sum was not disclosed.", "The sum"),
        ("How the fire began is not yet known.", "How the fire began"),
        ("It remains unclear where the boat sank.", "where the boat sank"),
        ("The council has yet to decide where the stop goes.", "where the stop goes"),
        ("They met again, without giving a reason.", "a reason"),
        ("They have not said how the fire began.", "how the fire began"),
        ("The club has not yet explained why he left.", "he left"),
        ("She would not be drawn on reports that a cable was cut.", "a cable was cut"),
    ],
)
def test_missing_fact_is_left_open(sentence, words):
    assert leaves_open(f"Before. {sentence}", *places(sentence, words))


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("She would not say if he stays, but police named Bo Lind.", "Bo Lind"),
        ("Who owns it was never established; Bo Lind rents it.", "Bo Lind"),
        ("“I do not know who did it,” said Ann Lee.", "Ann Lee"),
        ("Bo Lind would not say who did it.", "Bo Lind"),
        ("He did not say that the bridge was safe.", "the bridge"),
        ("The mayor is not known for jokes.", "The mayor"),
        ("He would not say if the budget of €12 million holds.", "€12 million"),
        ("Thackrow did not concede.", "Thackrow"),
        ("Bo Lind has not said who did it.", "Bo Lind"),
        ("He has not said that the bridge was safe.", "the bridge"),
    ],
)
def test_fact_next_to_a_gap_is_given(sentence, words):
    assert not leaves_open(f"Before. {sentence}", *places(sentence, words))


def places(sentence, words):
    """Return the sentence and the words in a text where "Before. " stands before them."""
    start = len("Before. ") + sentence.index(words)
    return Span(8, 8 + len(sentence)), Span(start, start + len(words))
