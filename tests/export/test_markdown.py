"""The exports write answers as Markdown and as text with footnotes."""

import re
from dataclasses import replace
from datetime import date

from forms import COVERAGE, HOSTILE, make_answer, make_refusal
from making import make_article

from qa_bot.answer import Answer, Citation, PartKind, RefusalReason, Sentence
from qa_bot.datatypes import Entry, Published
from qa_bot.export import as_text, text_with_footnotes, to_markdown

COPY = Entry("b", "Title of b", "Radio Oslo", Published(date(2021, 6, 17)), 0)
ARTICLE = make_article("a", "Rain fell. It stopped.", publisher="Northline", published="2021-06-16")
ANSWER = Answer(
    "Did it rain?",
    "Did it rain?",
    (Sentence("Rain fell.", (1,), lead="Agnes Lund"), Sentence("No.", (), False)),
    (Citation(1, ARTICLE, 0, 10, "Agnes Lund", "Wire", ("Correction: snow.",), (COPY,)),),
    (),
    COVERAGE,
    short="Yes",
)
SOURCE = "Northline (from Wire) · 16 June 2021 · Title of a"


def test_markdown_has_question_short_answer_sentences_and_footnotes():
    note = f"{SOURCE}, characters 0–10 of a: “Rain fell.” Said by Agnes Lund. Correction: snow.."
    note = note.replace("(", r"\(").replace(")", r"\)")
    assert to_markdown([ANSWER]).split("\n") == [
        "## Did it rain?",
        "",
        "**Yes**",
        "",
        "Agnes Lund: Rain fell.[^1-1] No. *(nothing in the articles supports this)*",
        "",
        f"[^1-1]: {note} The same story: Radio Oslo, 17 June 2021.",
        "",
    ]


def test_answer_of_yes_or_no_is_shown_once():
    yes = Sentence("Yes.", (1,), kind=PartKind.DECISION)
    decided = replace(ANSWER, sentences=(yes, Sentence("Rain fell.", (1,))))
    assert decided.text == "Yes. [1] Rain fell. [1]"
    assert as_text(decided).startswith("Yes\n\nRain fell. [1]\n")
    assert "**Yes**\n\nRain fell." in to_markdown([decided])


def test_timeline_is_a_list():
    text = to_markdown([ANSWER, replace(ANSWER, timeline=True)])
    assert "\n- Agnes Lund: Rain fell.[^2-1]\n- No. *(nothing" in text


def test_refusal_exports_its_message():
    assert to_markdown([make_refusal()]) == "## q\n\nThe articles don't say.\n\n"


def test_text_has_a_line_for_each_citation():
    assert text_with_footnotes(ANSWER) == (
        f"Agnes Lund: Rain fell. [1] No.\n\n[1] {SOURCE}: “Rain fell.”"
    )
    assert text_with_footnotes(make_refusal()) == "The articles don't say."
    closest = make_article("x", "It rained. It snowed.", title="Rain", publisher="Wire")
    line = "Closest sentence, which may not answer it: “It rained” (Wire · undated · Rain)"
    declined = make_refusal(closest=closest)
    assert text_with_footnotes(declined) == f"The articles don't say.\n\n{line}"
    assert "Closest sentence, which may not answer it: “It rained”" in to_markdown([declined])
    denied = replace(declined.refusal, reason=RefusalReason.FALSE_PREMISE)
    text = text_with_footnotes(replace(declined, refusal=denied))
    assert text.endswith("What the articles say: “It rained” (Wire · undated · Rain)")


def test_markdown_shows_hostile_words_as_text():
    article = make_article("x", HOSTILE, title=HOSTILE, publisher=HOSTILE)
    text = to_markdown([make_answer(article, HOSTILE, (HOSTILE, HOSTILE, (HOSTILE,)))])
    assert "[^1-1]" in text and "*(nothing in the articles supports this)*" in text
    assert not re.search(r"(?<!\\)<|(?<!\\)!\[|://", text)
