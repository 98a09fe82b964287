"""Questions for the speaker of quoted words."""

import pytest
from making import make_article

from qa_bot.datatypes import Hit, Passage
from qa_bot.question import understand
from qa_bot.reading.quotation_reader import read_quotations

TEXT = (
    "HESK, May 3 (AP) — Trade Minister Luc Hartveld met the press. “A plank is not a fish,” he "
    "said on Monday. Rain fell. “We have patched it, painted it and prayed over it,” said Ana Vell."
)
HITS = [Hit(Passage(make_article("a", TEXT), 0, len(TEXT)), 1, 0.5, "fused")]


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Who said “a plank is not a fish”?", "Luc Hartveld"),
        ("who said 'a plank is not a fish'", "Luc Hartveld"),
        ('Who said "We’ve patched it and painted it and prayed over it"?', "Ana Vell"),
        ("who said a plank is not a fish", "Luc Hartveld"),
        ("Whose words are “we have patched it, painted it”?", "Ana Vell"),
    ],
)
def test_speaker_of_the_quoted_words_is_found(question, speaker):
    found = read_quotations(understand(question), HITS)
    assert speaker in found[0].speaker
    assert found[0].probability > 0.75


@pytest.mark.parametrize(
    "question",
    [
        "Who said “the bridge is late”?",
        "who said a plank is a fish of wood",
        "Who said “rain fell”?",
        "Who said “rain”?",
        "What did Hartveld mean by “a plank is not a fish”?",
    ],
)
def test_other_words_and_other_questions_have_no_speaker(question):
    assert read_quotations(understand(question), HITS) == ()
