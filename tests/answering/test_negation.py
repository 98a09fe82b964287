"""In a sentence "not X but Y", the answer is Y."""

import pytest
from making import make_article

from qa_bot.answering.negation import affirm, denied_words, is_denied
from qa_bot.datatypes import Evidence, Hit, Passage, Span
from qa_bot.question import understand


def answered(text, answer):
    article = make_article("a", text)
    start = text.index(answer)
    hit = Hit(Passage(article, 0, len(text)), 1, 0.8, "fused")
    return Evidence(hit, 0, len(text), 0.5, Span(start, start + len(answer)))


@pytest.mark.parametrize(
    ("text", "answer", "affirmed"),
    [
        ("It was not the harbour master but the mayor who closed the port.", "harbour master",
         "mayor"),
        ("It is not 90 people who will lose their work, says the union, but 140.", "90", "140"),
        ("The bridge cost not 1.5 million, but 2.5 million.", "1.5 million", "2.5 million"),
        ("The port was closed by the mayor.", "mayor", "mayor"),
        ("It was not only the mayor but the whole council that voted.", "council", "council"),
        ("He did not say who closed the port, but he will.", "who closed the port",
         "who closed the port"),
    ],
)  # fmt: skip
def test_affirmed_words_replace_denied_ones(text, answer, affirmed):
    assert affirm(understand("Who closed the port?"), answered(text, answer)).words == affirmed


def test_denied_words_answer_a_question_with_not():
    evidence = answered("It was not the harbour master but the mayor.", "harbour master")
    assert affirm(understand("Who did not close the port?"), evidence) is evidence


@pytest.mark.parametrize(
    ("text", "answer", "denied"),
    [
        ("It was not the harbour master who closed it, but the mayor.", "mayor", "harbour master"),
        ("It opens on May 9 and not on April 2, as announced.", "May 9", "April 2"),
        ("The town has 421,000 people, not 412,000 as stated.", "421,000", "412,000"),
        ("The port was closed by the mayor.", "mayor", None),
        ("Not only the council but the mayor closed it.", "mayor", None),
    ],
)
def test_denied_words_are_found_next_to_the_answer(text, answer, denied):
    assert denied_words(answered(text, answer)) == denied


def test_denial_covers_the_same_number_or_words():
    port = answered("Harbour master Jan Oll closed it.", "Harbour master Jan Oll")
    assert is_denied(port, "harbour master") and not is_denied(port, "mayor")
    count = answered("Some 412,000 live there.", "412,000")
    assert is_denied(count, "412,000") and not is_denied(count, "421,000")
