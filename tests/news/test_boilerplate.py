import pytest

from qa_bot.news.boilerplate import front_matter, furniture, repeats
from qa_bot.text.sentences import split_sentences


def left(text):
    parts, position = [], 0
    for span in furniture(text):
        parts.append(text[position : span.start])
        position = span.end
    return "".join([*parts, text[position:]])


@pytest.mark.parametrize(
    "line",
    ["All news", "Related materials:", "READ MORE: the other story", "Share this article", "© X Y"],
)
def test_line_of_the_page_is_furniture(line):
    assert left(f"Rain fell.\n{line}\nMore fell.") == "Rain fell.\n\nMore fell."


@pytest.mark.parametrize(
    "line",
    ["All news is bad news, he said.", "The related materials were lost.", "Share prices fell."],
)
def test_sentence_that_begins_like_furniture_is_kept(line):
    assert left(f"Rain fell.\n{line}") == f"Rain fell.\n{line}"


def test_front_matter_is_furniture_only_at_the_start():
    text = "---\ntitle: x\n---\nRain fell.\n---\nnot: this\n---\n"
    assert text[: front_matter(text).end] == "---\ntitle: x\n---\n"
    assert front_matter("Rain fell.\n---\na: b\n---\n") is None


def test_long_sentence_that_stood_before_is_a_repeat():
    text = "The first sentence of this story is long enough to count. Short one.\n\n"
    sentences = split_sentences(text * 2)
    again = repeats(text * 2, sentences)
    assert [sentence in again for sentence in sentences] == [False, False, True, False]
