from datetime import date

import pytest
from making import make_article

from qa_bot.answering import answer_or_refuse, choose
from qa_bot.datatypes import Coverage, Evidence, Filters, Hit, Passage, RefusalReason

COVERAGE = Coverage(5, date(2021, 5, 5), date(2021, 12, 29), in_index=5)


def evidence(text, probability, article_id="a", score=0.8):
    article = make_article(article_id, f"Before. {text} After.")
    hit = Hit(Passage(article, 0, len(article.text)), 1, score, "fused")
    return Evidence(hit, 8, 8 + len(text), probability)


def draft(*found, question="Who?", coverage=COVERAGE, filters=Filters(), threshold=0.5):
    hits = [one.hit for one in found]
    return answer_or_refuse(
        question, found, hits, coverage, filters, threshold=threshold, max_sentences=3
    )


FERRY = evidence("The ferry sank in the\nbay.", 0.9)
BRIDGE = evidence("The old bridge was closed.", 0.6, "b")


def test_answer_quotes_sentences_with_exact_citations():
    answer = draft(FERRY, BRIDGE)
    assert [str(s) for s in answer.sentences] == [
        "The ferry sank in the bay. [1]",
        "The old bridge was closed. [2]",
    ]
    assert [c.quote for c in answer.citations] == [
        "The ferry sank in the\nbay.",
        "The old bridge was closed.",
    ]
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote


def test_weak_evidence_is_declined():
    answer = draft(evidence("The ferry sank in the bay.", 0.4))
    assert answer.refusal.reason == RefusalReason.NOT_ANSWERED
    assert [article.id for article in answer.refusal.nearest] == ["a"]
    assert answer.sentences == () and answer.citations == ()


def test_nothing_relevant_is_its_own_reason():
    answer = draft(evidence("The ferry sank.", 0.9, score=0.1))
    assert answer.refusal.reason == RefusalReason.NOTHING_RELEVANT
    assert draft().refusal.reason == RefusalReason.NOTHING_RELEVANT


def test_year_that_no_article_covers_is_its_own_reason():
    answer = draft(FERRY, question="What happened in 2023?")
    assert answer.refusal.reason == RefusalReason.OUTSIDE_DATES
    assert answer.refusal.message == (
        "The articles don't say: they cover 5 May 2021 to 29 December 2021, not 2023."
    )


def test_year_outside_that_the_evidence_names_is_answered():
    found = evidence("They will meet in January 2022.", 0.9)
    assert draft(found, question="Will they meet in 2022?").refusal is None


def test_empty_index_says_how_to_fill_it():
    refusal = draft(coverage=Coverage()).refusal
    assert refusal.reason == RefusalReason.EMPTY_INDEX
    assert "qa-bot build" in refusal.message


def test_filters_that_leave_nothing_say_so_and_count_the_undated():
    filters = Filters(until=date(2020, 1, 1))
    refusal = draft(coverage=Coverage(left_out=2, in_index=9), filters=filters).refusal
    assert refusal.reason == RefusalReason.OUTSIDE_DATES
    assert "(2 articles left out: no exact date)" in refusal.message


def test_unknown_publisher_is_not_a_matter_of_dates():
    refusal = draft(coverage=Coverage(in_index=9), filters=Filters(publisher="nobody")).refusal
    assert refusal.reason == RefusalReason.NOTHING_RELEVANT


def test_sentence_that_says_the_same_is_quoted_once():
    again = evidence("In the bay the ferry sank.", 0.8, "b")
    assert choose([FERRY, again, BRIDGE], 3) == [FERRY, BRIDGE]


def test_another_article_goes_before_the_same_one():
    same = evidence("All on board were saved.", 0.62)
    assert choose([FERRY, same, BRIDGE], 2) == [FERRY, BRIDGE]


def test_much_weaker_sentences_are_left_out():
    assert choose([FERRY, evidence("A cow stood there.", 0.1, "c")], 3) == [FERRY]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_no_more_sentences_than_asked_for(n):
    names = ("ferry sank", "bridge closed", "club won", "market burned", "mayor spoke")
    many = [evidence(f"The {name} early.", 0.9, name) for name in names]
    assert len(choose(many, n)) == n
