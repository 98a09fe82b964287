"""The answer has the corrected number or name of a notice, never the withdrawn one."""

from dataclasses import replace

import pytest
from making import make_article

from qa_bot.answering.conflicts import find_conflict
from qa_bot.answering.corrections import (
    add_corrections,
    correct,
    corrects,
    without_corrected,
)
from qa_bot.datatypes import Evidence, Hit, Passage, Span
from qa_bot.question.question import understand
from qa_bot.text.sentences import split_sentences

REPORT = "The mill at Orrin will cost €9 million and employ 40 people."
NOTICE = (
    "The mill opens in May.\n\nCorrection: A report on March 2 said that the mill at Orrin would "
    "cost €9 million. That was wrong. The sum is €7 million, and 40 people work on it."
)


def answered(text, answer, article_id="a", published=None):
    article = make_article(article_id, text, published=published)
    start = text.index(answer)
    sentence = next(s for s in split_sentences(text) if s.start <= start < s.end)
    hit = Hit(Passage(article, 0, len(text)), 1, 0.8, "fused")
    return Evidence(hit, *sentence, 0.5, Span(start, start + len(answer)))


@pytest.mark.parametrize(
    ("text", "answer", "right"),
    [
        (NOTICE, "€9 million", "€7 million"),
        (NOTICE, "€7 million", "€7 million"),
        ("Correction: An earlier version of this article gave the toll as 34 people. It is 43 "
         "people.", "34", "43"),
        ("Clarification: This story was amended because it wrongly said that 34 boats sank. The "
         "coast guard counts 43 boats.", "34", "43"),
        ("The council said 34 boats sank. That was wrong. It was 43 boats.", "34", "34"),
        ("Correction: A report misstated the number of boats as 34. There is no count.", "34",
         "34"),
        ("Correction: A report wrongly said that 34 boats sank. All 12 sailors live.", "34", "34"),
    ],
)  # fmt: skip
def test_correct_number_replaces_a_withdrawn_one(text, answer, right):
    found = correct(answered(text, answer))
    assert found.words == right
    assert found.start <= found.answer.start < found.answer.end <= found.end


def test_notice_corrects_only_its_own_mistake():
    notice, report = correct(answered(NOTICE, "€9 million")), answered(REPORT, "€9 million", "b")
    assert corrects(notice, report) and not corrects(report, notice)
    assert not corrects(notice, answered(REPORT, "40", "b"))
    assert not corrects(answered(NOTICE, "May"), report)


def test_notice_corrects_no_later_report_and_no_other_subject():
    notice = correct(answered(NOTICE, "€9 million", published="2021-03-05"))
    for day, corrected in (("2021-03-02", True), ("2021-03-05", True), ("2021-04-01", False)):
        assert corrects(notice, answered(REPORT, "€9 million", "b", day)) is corrected
    assert not corrects(notice, answered("A yacht sold for €9 million.", "€9 million", "b"))


def test_correct_number_loses_the_speaker_of_the_withdrawn_one():
    spoken = replace(answered(NOTICE, "€9 million"), speaker="A report")
    assert correct(spoken).speaker is None


def test_notice_corrects_a_name():
    notice = answered(
        "Correction: A report on Monday wrongly named the skipper as Jan Oll. She is Una Bray.",
        "Una Bray",
    )
    assert corrects(notice, answered("The skipper, Jan Oll, was alone.", "Jan Oll", "b"))
    assert not corrects(notice, answered("The skipper, Una Bray, was alone.", "Una Bray", "b"))


def test_answer_has_the_correction_and_the_earlier_report():
    notice, report = correct(answered(NOTICE, "€9 million")), answered(REPORT, "€9 million", "b")
    for order in ((report, replace(notice, probability=0.04)), (notice, report)):
        compared = find_conflict(understand("What will the mill cost?"), order, embed=None)
        assert (compared.kind, compared.first.words, compared.second.words) == (
            "changed", "€7 million", "€9 million",
        )  # fmt: skip
        assert compared.lead(compared.first).startswith("Correction")
        assert compared.lead(compared.second).startswith("Earlier report")


def test_corrected_report_is_not_quoted_with_another_answer():
    notice, report = correct(answered(NOTICE, "€9 million")), answered(REPORT, "€9 million", "b")
    best = answered("A repair would cost €5 million.", "€5 million", "c")
    assert without_corrected([best, notice, report]) == [best, notice]
    assert without_corrected([report, notice]) == [report, notice]
    assert without_corrected([notice, report]) == [notice, report]


def test_notice_that_the_reader_passed_by_withdraws_a_number():
    report = answered(REPORT, "€9 million", "b", "2021-03-02")
    notice = answered(NOTICE, "€7 million", published="2021-03-05")
    right, wrong = add_corrections([report], [report.hit, notice.hit])
    assert (right.words, wrong.words) == ("€7 million", "€9 million")
    assert right.probability == report.probability and right.hit is notice.hit
    assert add_corrections([notice, report], [notice.hit]) == [notice, report]
    assert add_corrections([answered(REPORT, "40", "b")], [notice.hit]) == [
        answered(REPORT, "40", "b")
    ]
