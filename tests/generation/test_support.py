"""The answer shows a model's sentence only if a passage supports it, and cites that passage."""

import re

import pytest
from fakes import ScriptedGenerator, scripted_judge
from hypothesis import given
from hypothesis import strategies as st
from making import make_article

from qa_bot.answer import Citation, Sentence
from qa_bot.answering import Composition
from qa_bot.datatypes import Hit, Passage
from qa_bot.errors import GeneratorError, GeneratorTimeoutError
from qa_bot.generation.client import CUT_OFF
from qa_bot.generation.prompts import CANNOT_ANSWER, Prompt
from qa_bot.generation.support import stream_sentences, support
from qa_bot.generation.write import write_reply
from qa_bot.grounding.judge import load_grounding
from qa_bot.question import understand
from qa_bot.settings import Settings

FERRY = "The ferry to Hesk Island sank in the bay on Wednesday. All 31 people on board were saved."
BRIDGE = "The old bridge was closed to traffic in April. “It is not safe,” said engineer Bo Lind."
FOUND = FERRY.index("All 31")
ASKED = understand("How many people were saved?")
OWN_WORDS = Composition(
    0.9,
    (Sentence("Quoted.", (1,)),),
    (Citation(1, make_article("ferry", FERRY, published="2021-03-03"), FOUND, len(FERRY)),),
    short="31",
)


def hit(article_id, text, rank, day="2021-03-03"):
    article = make_article(article_id, text, published=day)
    return Hit(Passage(article, 0, len(text)), rank, 0.9, "fused")


PIER = "The old pier was closed to visitors in May."
SOURCES = {
    "bcdf": hit("ferry", FERRY, 1),
    "ghjk": hit("bridge", BRIDGE, 2),
    "mnpq": hit("pier", PIER, 3, day="2021-03-02"),
}


def draft(*reply, told=None, **settings):
    """Write a reply; ``told`` is the probability, 0..1, that the judge finds an answer in it."""
    generator = ScriptedGenerator(reply)
    judge = load_grounding()
    if told is not None:
        scripted = scripted_judge(told / 2, told / 2, 1 - told)
        scripted.judge = judge.judge
        judge = scripted
    prompt = Prompt(({"role": "user", "content": "?"},), SOURCES)
    shown, writing = (
        [],
        write_reply(ASKED, generator, prompt, judge, Settings(**settings), OWN_WORDS),
    )
    try:
        while True:
            shown.append(next(writing))
    except StopIteration as end:
        assert generator.closed == 1
        return shown, end.value


def test_supported_sentence_cites_the_exact_words_that_support_it():
    shown, made = draft("The ferry sank ", "on Wednesday. [bcdf] All 31 were saved. [bcdf]")
    assert shown == ["The ferry sank on Wednesday. [1]", "All 31 were saved. [2]"]
    assert [c.quote for c in made.composition.citations] == [
        "The ferry to Hesk Island sank in the bay on Wednesday.",
        "All 31 people on board were saved.",
    ]
    assert made.written and made.note is None and made.composition.short == "31"


def test_sentence_is_shown_before_the_reply_ends():
    pieces = ["The ferry sank on Wednesday. [bcdf] ", "And then there was a ", GeneratorError(500)]
    generator = ScriptedGenerator(pieces)
    prompt = Prompt(({"role": "user", "content": "?"},), SOURCES)
    events = write_reply(ASKED, generator, prompt, load_grounding(), Settings(), OWN_WORDS)
    assert next(events) == "The ferry sank on Wednesday. [1]"


@pytest.mark.parametrize(
    "sentence",
    [
        "All 32 people on board were saved. [bcdf]",
        "The ferry sank on Thursday. [bcdf]",
        "The ferry sank on Wednesday. [ghjk]",  # another passage supports it
        "The ferry sank on Wednesday. [wxyz]",  # no passage has this key
        "“It is quite safe,” said Bo Lind. [ghjk]",
        "The prime minister resigned. [bcdf]",
        "The ferry sank on Wednesday, see https://evil.example/x. [bcdf]",
    ],
)
def test_unsupported_sentence_is_withheld_and_quotes_answer_instead(sentence):
    shown, made = draft(sentence)
    assert shown == [] and made.composition.sentences == OWN_WORDS.sentences
    assert len(made.withheld) == 1 and "nothing in them supports" in made.note


def test_setting_mark_shows_unsupported_sentences():
    _, made = draft("The mayor resigned. All 31 were saved.", unsupported="mark")
    assert [s.supported for s in made.composition.sentences] == [False, True]
    assert made.composition.sentences[0].citations == () and made.withheld == ()


def test_sentence_without_a_key_is_checked_against_all_passages():
    _, made = draft("The old bridge was closed to traffic in April. All 31 were saved.")
    assert [c.article.id for c in made.composition.citations] == ["bridge", "ferry"]


def test_reply_without_the_answer_is_rejected():
    _, made = draft("The old bridge was closed to traffic in April. [ghjk]")
    assert (
        made.composition.sentences == OWN_WORDS.sentences and "leaves the answer out" in made.note
    )


def test_reply_that_the_judge_finds_to_answer_is_kept_unless_it_is_cut_or_from_an_earlier_report():
    closed = "The old bridge was closed to traffic in April. [ghjk]"
    shown, made = draft(closed, told=0.8)
    assert made.written and shown == ["The old bridge was closed to traffic in April. [1]"]
    assert made.composition.short is None
    with_other, earlier = f"{closed} The mayor resigned. [ghjk]", f"{PIER} [mnpq]"
    for reply, told in ((closed, 0.6), (with_other, 0.8), (earlier, 0.8)):
        _, made = draft(reply, told=told)
        assert not made.written and "leaves the answer out" in made.note


def test_repetition_is_dropped_but_never_a_denial():
    shown, _ = draft("All 31 people on board were saved. [bcdf] The people were saved. [bcdf]")
    assert shown == ["All 31 people on board were saved. [1]"]
    reply = (
        "All 31 people on board were not saved. [bcdf] All 31 people on board were saved. [bcdf]"
    )
    shown, made = draft(reply, unsupported="mark")
    assert [s.supported for s in made.composition.sentences] == [False, True]


def test_cut_off_sentence_is_dropped():
    shown, made = draft("All 31 people were saved. [bcdf] The ferry to ", f"Hesk{CUT_OFF}")
    assert shown == ["All 31 people were saved. [1]"]
    assert made.withheld == ()
    assert list(stream_sentences([f"The ferry to{CUT_OFF}"])) == []


def test_unknown_keys_are_reported_as_unresolved():
    _, made = draft("All 31 people were saved. [bcdf] [qqqq] It was sunny. [1]")
    assert made.unresolved == ("[qqqq]", "[1]")


def test_same_words_are_cited_once_and_repetitions_are_dropped():
    _, made = draft("All 31 were saved. [bcdf] All 31 people on board were saved. [bcdf] " * 3)
    assert len(made.composition.citations) == 1 and len(made.composition.sentences) == 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ([GeneratorError(500)], "did not reply."),
        ([GeneratorTimeoutError(3)], "did not reply in time."),
        (["All 31 were saved. [bcdf] And th", GeneratorError(None)], "did not reply."),
        ([CANNOT_ANSWER], "wrote no answer."),
        ([], "wrote no answer."),
        (["[bcdf] [ghjk] !!! ###"], "wrote no answer."),
    ],
)
def test_failed_reply_leaves_quotes_and_a_note(reply, words):
    _, made = draft(*reply)
    assert made.composition.sentences == OWN_WORDS.sentences and made.note.endswith(words)


@given(st.lists(st.text(max_size=12), max_size=12))
def test_splitting_into_sentences_loses_no_character(pieces):
    text = "".join(pieces)
    joined = " ".join(stream_sentences(pieces))
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", text)


@given(st.data())
def test_sentences_do_not_depend_on_the_pieces(data):
    text = "It rained. [bcdf] The U.S. ferry, 3.5 m long, was late [ghjk]. “Why?” he asked. [a, b]"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert list(stream_sentences(pieces)) == list(stream_sentences([text]))


def test_endless_sentence_is_cut():
    assert len(list(stream_sentences(["word " * 1000]))) >= 1
    assert support("x" * 5000, SOURCES, load_grounding(), 0.5).supported is False


def test_figure_that_a_notice_in_another_passage_withdraws_is_not_supported():
    report = "The mill at Orrin will cost €9 million and employ 40 people."
    notice = (
        "Correction: A report said that the mill at Orrin would cost €9 million. That was wrong. "
        "The sum is €7 million."
    )
    sources = {"bcdf": hit("report", report, 1), "ghjk": hit("notice", notice, 2)}
    checked = support(f"{report} [bcdf]", sources, load_grounding(), 0.5)
    assert not checked.supported
    alone = support(f"{report} [bcdf]", {"bcdf": sources["bcdf"]}, load_grounding(), 0.5)
    assert alone.supported
