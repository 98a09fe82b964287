"""Lines of the page and repeats; the cases of lines are in boilerplate.jsonl."""

import pytest
from cases import read_cases

from qa_bot.news.boilerplate import find_boilerplate, front_matter, repeats
from qa_bot.text.sentences import split_sentences


def left(text):
    parts, position = [], 0
    for span in find_boilerplate(text):
        parts.append(text[position : span.start])
        position = span.end
    return "".join([*parts, text[position:]])


@pytest.mark.parametrize("case", read_cases(__file__, "boilerplate"))
def test_line_is_boilerplate_or_news(case):
    line = case["line"]
    assert left(f"Rain fell.\n{line}\nMore fell.") == (
        f"Rain fell.\n{'' if case['boilerplate'] else line}\nMore fell."
    )


def test_front_matter_is_boilerplate_only_at_the_start():
    text = "---\ntitle: x\n---\nRain fell.\n---\nnot: this\n---\n"
    assert text[: front_matter(text).end] == "---\ntitle: x\n---\n"
    assert front_matter("Rain fell.\n---\na: b\n---\n") is None


def test_second_occurrence_of_a_long_sentence_is_a_repeat():
    text = "The first sentence of this story is long enough to count. Short one.\n\n"
    sentences = split_sentences(text * 2)
    again = repeats(text * 2, sentences)
    assert [sentence in again for sentence in sentences] == [False, False, True, False]
