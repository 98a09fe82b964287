"""Who says what, as articles put it in somebody's mouth; and notices of corrections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.news.notices import find_notices
from qa_bot.news.speakers import is_attributed, speaker_of
from qa_bot.text.sentences import split_sentences


def speakers(text):
    return [speaker_of(text, sentence) for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It is new,” said skipper Odette Farrant, who steers it.", ["Odette Farrant"]),
        ("Mayor Leopold Harn said the town could not wait.", ["Mayor Leopold Harn"]),
        ("The gate was shut, according to Conrad Ystgaard.", ["Conrad Ystgaard"]),
        ("It was, in the words of Agnes Lund, a bad day.", ["Agnes Lund"]),
        ("Its chair, Hester Pikeworth, said the count was sound.", ["Hester Pikeworth"]),
        ("Carl Noor, who led the case, said it was closed.", ["Carl Noor"]),
        ("Carl Noor of the Quay List promised lower dues.", ["Carl Noor"]),
        ("The boat ran late, the company said.", ["the company"]),
        ("The club has not said what it costs.", ["The club"]),
        ("It rained. Nobody was hurt.", [None, None]),
        ("Carl Noor is accused of theft.", [None]),
        ("A sign read “the mayor said no” for years.", [None]),
        ("Town engineer Carl Noor left. “It is late,” Noor said.", [None, "Carl Noor"]),
        ("“It is so,” said Carl Noor. “It was so before.”", ["Carl Noor", "Carl Noor"]),
        ("Agnes Lund won. “I am glad,” she told us.", [None, "Agnes Lund"]),
        ("They have not said how it began.", [None]),
        ("Toll rises: record tide confirmed", [None]),
        ("Three were hurt, police said.", ["police"]),
        ("Heavy rain continued on Monday.", [None]),
        ("The mother of Peter Dahl said it was late.", [None]),
        ("Carl Noor denied it. “Operation Dawn” began at six.", [None, None]),
    ],
)
def test_speakers(text, expected):
    assert speakers(text) == expected


PIECES = [
    "said ",
    "he ",
    "Carl Noor",
    ", ",
    "“",
    "”",
    '"',
    ". ",
    "\n",
    "in the words of ",
    "According to ",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join))
def test_any_text_can_be_read(text):
    assert all(name is None or name.strip() for name in speakers(text))
    assert all(0 <= s.start < s.end <= len(text) for _, s in find_notices(text))


def test_a_sentence_tells_itself_who_says_it_or_not():
    assert is_attributed("“It is late,” she said.")
    assert not is_attributed("“It was so before.”")


@pytest.mark.parametrize(
    ("notice", "kind"),
    [
        ("Correction: It cost €7, not €9.", "correction"),
        ("Clarification, 7 June: The price was for two.", "clarification"),
        ("UPDATE: The road is open again.", "update"),
        ("Editor’s note: A wrong figure was removed.", "correction"),
        ("This article was amended on 4 May 2023 to correct a name.", "correction"),
        ("An earlier version of this story misstated the price.", "correction"),
        ("(Updates with police comment)", "update"),
        ("Updated (16:40): The road is open again.", "update"),
    ],
)
def test_notices(notice, kind):
    text = f"Rain fell on Tuesday.\n\n{notice}\n\nMore rain is expected."
    (found,) = find_notices(text)
    assert found.kind == kind
    assert text[slice(*found.words)].strip("()") == notice.strip("()")


@pytest.mark.parametrize(
    "text",
    [
        "Correction officers said the report was late.",
        "The council updated the plan. It was changed in May.",
        "The update came late: nobody was told.",
    ],
)
def test_news_of_corrections_is_no_notice(text):
    assert find_notices(text) == ()
