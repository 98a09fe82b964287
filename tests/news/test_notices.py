"""Notices of corrections and updates; the cases are in notices.jsonl and printed_notices.jsonl."""

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.news.notices import find_notices, withdrawn_in


@pytest.mark.parametrize("case", read_cases(__file__, "notices"))
def test_a_text_has_the_notice_that_the_table_states_or_none(case):
    text = case["text"]
    found = [(text[slice(*n.words)].strip("()"), n.kind) for n in find_notices(text)]
    assert found == ([(case["notice"], case["kind"])] if case["notice"] else [])


PIECES = ["Correction: ", "This article was ", "amended", "(Updates ", ")", "\n", ". ", "—"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join))
def test_notices_of_any_text_lie_within_it(text):
    assert all(0 <= n.words.start < n.words.end <= len(text) for n in find_notices(text))


PRINTED = [param.values[0] for param in read_cases(__file__, "printed_notices")]


def overlapping(text, words):
    start = text.index(words)
    return [
        notice
        for notice in find_notices(text)
        if notice.words.start < start + len(words) and start < notice.words.end
    ]


def test_most_notices_are_found_as_papers_print_them():
    printed = [(case["text"], one) for case in PRINTED for one in case["notices"]]
    found = [(text, one, overlapping(text, one["words"])) for text, one in printed]
    assert sum(bool(notices) for *_, notices in found) >= 0.85 * len(printed)
    of_kind = [notices[0].kind == one["kind"] for _, one, notices in found if notices]
    assert sum(of_kind) >= 0.9 * len(of_kind)


def test_most_mistakes_are_among_the_withdrawn_words():
    told = []
    for case in PRINTED:
        for one in case["notices"]:
            for notice in overlapping(case["text"], one["words"]) if one["wrong"] else ():
                wrong, _ = withdrawn_in(case["text"], notice.words)
                said = " ".join(case["text"][slice(*span)] for span in wrong)
                told.append(all(words in said for words in one["wrong"]))
    assert sum(told) >= 0.7 * len(told)


@pytest.mark.parametrize(
    "text",
    [
        "A police report misidentified the victim, the court heard.",
        "The report wrongly accused the minister, the court ruled.",
        "The interview was broadcast in error, the BBC said.",
        "The story of Ana Vell, who was wrongly jailed for nine years, is told in a film.",
        "In our report last year we said the bank would fail.\n\nIt is wrong to hurry now.",
        "“For the record: we lost,” he said.",
    ],
)
def test_mistakes_of_others_are_no_notices(text):
    assert find_notices(text) == ()


@pytest.mark.parametrize("case", [case for case in PRINTED if not case["notices"]])
def test_news_of_corrections_is_no_notice(case):
    assert find_notices(case["text"]) == ()


SEVERAL = (
    "Our report of 5 March on the raid in Orrin contained two errors.\n\nThe coins that were "
    "taken were said to be worth €9,000. The insurers put them at €4,000.\n\nThe number of "
    "guards was 4, not 14.\n\nThe council meets on Thursday."
)


def test_each_paragraph_after_several_errors_is_a_notice():
    opening, coins, guards = find_notices(SEVERAL)
    assert {opening.kind, coins.kind, guards.kind} == {"correction"}
    withdrawn = [
        [SEVERAL[slice(*words)] for words in withdrawn_in(SEVERAL, notice.words)[0]]
        for notice in (coins, guards)
    ]
    assert withdrawn == [["The coins that were taken were said to be worth €9,000."], ["14"]]


@pytest.mark.parametrize(
    "text",
    [
        "Our report contained several errors, the judge said.\n\nThe toll was 4, not 14.",
        "Our report of 5 March had found three errors.\n\nThe toll was 4, not 14.",
        "Our report contained no errors.\n\nThe toll was 4, not 14.",
        "Our report showed that the list contained two errors.\n\nThe toll was 4, not 14.",
        "The report contained 14 errors.\n\nThe toll was 4, not 14.",
    ],
)
def test_errors_of_others_open_no_list_of_notices(text):
    assert find_notices(text) == ()
