"""The cards of answers: their text, their buttons, and nothing but text from outside."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from forms import COVERAGE, ENTRY, HOSTILE, make_answer, make_refusal
from hypothesis import given
from hypothesis import strategies as st
from making import make_article

from qa_bot.answer import Difference, PartKind, RefusalReason, Sentence, Sources
from qa_bot.datatypes import Coverage, Entry, Published
from qa_bot.web import answer_views
from qa_bot.web.answer_form import AnswerForm


def card_of(answer, suggestions=()):
    return answer_views.answer_card(AnswerForm.of(answer, suggestions))


class Reader(HTMLParser):
    """Tags with the names of their attributes, the values of attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.values, self.text = [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.values += [value for _, value in attrs]

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")

    def handle_data(self, data):
        self.text += data


def hostile_cards(words):
    """Cards and messages that show these words in every place there is."""
    article = make_article(words, words * 4, title=words, publisher=words)
    answer = make_answer(article, words, (words, words, (words,)), (replace(ENTRY, title=words),))
    answer = replace(answer, question=words, standalone_question=words, short=words)
    answer = replace(answer, note=words, withheld=(words,), unresolved=(words,))
    answer = replace(answer, narrowed={"publisher": words})
    return [
        card_of(answer),
        card_of(replace(answer, timeline=True)),
        card_of(make_refusal(article, message=words), [words]),
        card_of(make_refusal(message=words, closest=article)),
        answer_views.question_bubble(words),
        answer_views.notice(words),
        answer_views.partial(words),
    ]


@given(st.text(min_size=1, max_size=40) | st.just(HOSTILE))
def test_words_from_outside_are_only_text(words):
    harmless = [Reader(html) for html in hostile_cards("x")]
    for html, expected in zip(hostile_cards(words), harmless, strict=True):
        found = Reader(html)
        assert found.tags == expected.tags
        assert words in found.text


@given(st.text(max_size=40))
def test_the_card_carries_the_answer_as_json(words):
    answer = replace(make_answer(make_article()), question=words)
    kept = json.loads(Reader(card_of(answer)).values[1])
    assert kept == AnswerForm.of(answer).to_dict() and kept["question"] == words


def test_chip_opens_its_article_at_its_words():
    card = card_of(make_answer(make_article("a/b c", published="2021-06-16")))
    assert 'data-panel="panel?id=a%2Fb%20c&amp;cite=0-4&amp;active=0-4"' in card
    assert 'aria-label="Source 1: Title of a/b c, 16 June 2021, open"' in card


def test_unsupported_sentence_is_marked():
    card = card_of(make_answer(make_article()))
    title = "Nothing in the articles supports this sentence"
    assert f'<span class="qb-unsupported" tabindex="0" title="{title}">No.</span>' in card


@pytest.mark.parametrize(
    ("leads", "timeline", "text"),
    [
        ((None, None), False, 'A. <button|B. <button'),
        (("Agnes", None), False, '<span class="qb-lead">Agnes:</span> A. <button|<br>B. <button'),
        (("1 May", "2 May"), True, '<li><span class="qb-lead">1 May</span> A. |2 May</span> B. '),
    ],
    ids=["in one line", "a line each", "events"],
)  # fmt: skip
def test_sentences_are_set_by_their_leads(leads, timeline, text):
    sentences = tuple(
        Sentence(words, (1,), lead=lead) for words, lead in zip(("A.", "B."), leads, strict=True)
    )
    card = card_of(replace(make_answer(make_article()), sentences=sentences, timeline=timeline))
    assert [part for part in text.split("|") if part not in card] == []


@pytest.mark.parametrize(("kind", "of_list"), [("changed", " qb-changed"), ("disagree", "")])
def test_two_reports_that_differ_are_set_apart(kind, of_list):
    article = make_article()
    answer = make_answer(article)
    sentences = (
        Sentence("The articles disagree.", (1, 2), kind=PartKind.DISAGREEMENT),
        Sentence("Two.", (1,), lead="Latest report", lead_kind=PartKind.REPORT),
        Sentence("Three.", (2,), lead="Earlier report", lead_kind=PartKind.REPORT),
        Sentence("Agnes counts four.", (1,)),
    )
    cited = (answer.citations[0], replace(answer.citations[0], number=2))
    card = card_of(
        replace(answer, sentences=sentences, citations=cited, difference=Difference(kind, 1, 2))
    )
    reports = card.split(f'<ul class="qb-text qb-sides{of_list}">')[1].split("</ul>")[0]
    assert reports.count("<li>") == 2
    assert '<span class="qb-lead">Latest report</span> Two.' in reports
    assert "disagree" not in reports and "Agnes" not in reports
    assert "Agnes counts four." in card.split("</ul>")[1]


def test_two_things_that_are_compared_are_set_apart():
    answer = make_answer(make_article())
    sentences = (
        Sentence("Yes.", (1, 2), kind=PartKind.DECISION),
        Sentence("She took 431.", (1,), lead="Ana Vell", lead_kind=PartKind.ITEM),
        Sentence("He took 112.", (2,), lead="Bo Yi", lead_kind=PartKind.ITEM),
    )
    cited = (answer.citations[0], replace(answer.citations[0], number=2))
    card = card_of(replace(answer, sentences=sentences, citations=cited, short="Yes"))
    sides = card.split('<ul class="qb-text qb-sides">')[1].split("</ul>")[0]
    assert sides.count("<li>") == 2
    assert '<span class="qb-lead">Ana Vell</span> She took 431.' in sides


def test_roles_of_a_person_are_a_list():
    sentence = Sentence(
        "Mayor Vell spoke.", (1,), lead="Mayor (3 May 2021)", lead_kind=PartKind.ROLE
    )
    card = card_of(replace(make_answer(make_article()), sentences=(sentence,), short="Mayor"))
    roles = card.split('<ul class="qb-text qb-roles qb-first">')[1].split("</ul>")[0]
    assert '<span class="qb-lead">Mayor (3 May 2021)</span> Mayor Vell spoke.' in roles
    assert "qb-short" not in card


def test_short_answer_stands_without_further_sentences():
    answer = make_answer(make_article())
    decided = (Sentence("Yes.", (1,), kind=PartKind.DECISION),)
    assert 'class="qb-short">Yes<' in card_of(replace(answer, sentences=decided, short="Yes"))


def test_foot_says_what_was_searched():
    answer = make_answer(make_article())
    line = "Searched 5 articles, 5 May – 29 Dec 2021 · 1 article cited"
    assert f"{line}</p>" in card_of(answer)
    assert f"{line} · 2.5\u00a0s</p>" in card_of(replace(answer, timings_ms={"total": 2500.0}))


def test_refusal_lists_the_nearest_articles():
    card = card_of(make_refusal(make_article("x")))
    assert "The articles don&#39;t say." in card and "Title of x" in card


def test_refusal_shows_the_closest_sentence_and_not_its_article_again():
    near, far = make_article("near", "It rained. It snowed."), make_article("far")
    card = card_of(make_refusal(near, far, closest=near))
    assert "Closest sentence, which may not answer it" in card and "<q>It rained</q>" in card
    assert 'data-panel="panel?id=near&amp;cite=0-9&amp;active=0-9"' in card
    declined = make_refusal(near, far, closest=near)
    denied = replace(declined.refusal, reason=RefusalReason.FALSE_PREMISE)
    assert ">What the articles say</h3>" in card_of(replace(declined, refusal=denied))
    assert "Title of far" in card and 'data-panel="panel?id=near"' not in card


def test_refusal_offers_questions_that_are_answered():
    card = card_of(make_refusal(), ["Who won?"])
    assert '<button type="button" class="qb-open" data-ask="Who won?">Who won?</button>' in card


def test_small_talk_has_examples_and_nothing_to_save_or_judge():
    declined = make_refusal()
    talk = replace(declined.refusal, reason=RefusalReason.NOT_A_QUESTION)
    card = card_of(replace(declined, refusal=talk), ["Who won?"])
    assert ">For example</h3>" in card and 'data-ask="Who won?"' in card
    assert "qb-actions" not in card and "Searched" not in card
    assert "qb-actions" in card_of(declined) and "Searched" in card_of(declined)


@pytest.mark.parametrize(
    ("coverage", "line"),
    [
        (COVERAGE, "5 articles, 5 May – 29 Dec 2021"),
        (Coverage(1, date(2020, 12, 1), date(2021, 1, 2)), "1 article, 1 Dec 2020 – 2 Jan 2021"),
        (Coverage(1200), "1,200 articles"),
    ],
)
def test_coverage_reads_like_a_sentence(coverage, line):
    assert answer_views.coverage_line(coverage) == line


def test_narrowed_and_rewritten_questions_are_shown():
    narrowed = {"as_of": "2021-06-16", "publisher": "TASS"}
    answer = replace(make_answer(make_article()), narrowed=narrowed)
    card = card_of(replace(answer, standalone_question="Who is she?"))
    assert "Understood as: Who is she?" in card
    assert "as of 16 June 2021 · publisher TASS" in card


@pytest.mark.parametrize(
    ("withheld", "line"),
    [
        (("a",), "1 sentence of the model’s draft was withheld: nothing supports it"),
        (("a", "b"), "2 sentences of the model’s draft were withheld: nothing supports them"),
    ],
)
def test_withheld_sentences_are_shown_with_the_reason(withheld, line):
    answer = replace(make_answer(make_article()), withheld=withheld, unresolved=("[zzzz]",))
    card = card_of(answer)
    assert line in card.replace("nothing in the articles supports", "nothing supports")
    assert "Cited, but no source: [zzzz]" in card


def test_speaker_agency_copies_and_agreement_are_shown():
    copy = Entry("b", "Title of b", "Radio Oslo", Published(date(2021, 6, 17)), 0)
    article = make_article("a", publisher="Northline")
    answer = make_answer(article, known=("Agnes Lund", "Wire", ("Correction: snow.",)))
    citation = replace(answer.citations[0], copies=(copy,))
    sources = Sources(articles=2, independent=1)
    card = card_of(replace(answer, citations=(citation,), sources=sources))
    for words in ("Northline (from Wire)", "Said by Agnes Lund", "Correction: snow."):
        assert words in card
    assert "The same story: Radio Oslo, 17 June 2021" in card
    assert "said by 1 independent source in 2 articles" in card


def test_the_hits_of_a_card_have_no_text(bot):
    answer = bot.ask("Who was elected mayor of Saltmere?")
    kept = json.loads(Reader(card_of(answer)).values[1])
    assert len(kept["hits"]) == len(answer.hits)
    assert not any("text" in hit for hit in kept["hits"])
    assert not re.search(r"<(script|img)", card_of(answer))


def test_an_id_of_any_text_has_an_address():
    assert answer_views.panel_url("caf\udce9 ä/b") == "panel?id=caf%3F%20%C3%A4%2Fb"
