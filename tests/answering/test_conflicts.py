"""Two articles that answer differently report a change or contradict each other."""

from dataclasses import replace

import numpy as np
import pytest
from making import make_article, make_retrieval, read_parts

from qa_bot.answering.compose import compose
from qa_bot.answering.conflicts import DISAGREE, find_conflict
from qa_bot.answering.ranking import rank
from qa_bot.datatypes import Coverage, Entry, Evidence, Hit, Passage, Span
from qa_bot.question import understand
from qa_bot.reading import Reading

QUESTION = "How many homes did the flood empty?"


def found(article_id, text, answer, published, probability=0.8, copies=(), title="Flood"):
    article = make_article(
        article_id, text, published=published, publisher=f"P{article_id}", title=title
    )
    hit = Hit(Passage(article, 0, len(text)), 1, 0.8, "fused", copies)
    start = text.index(answer)
    end = text.index(".", start) + 1
    return Evidence(hit, 0, end, probability, Span(start, start + len(answer)))


def alike(texts):
    return np.ones((len(texts), 1), dtype=np.float32)


def unlike(texts):
    return np.eye(len(texts), dtype=np.float32)


EARLY = found("a", "The flood emptied 140 homes.", "140", "2021-10-21")
LATE = found(
    "b", "The flood emptied 187 homes, more than first reported.", "187", "2021-10-24", 0.6
)
FLAT = found("c", "The flood emptied 200 homes.", "200", "2021-10-22", 0.6)
SAME = found("d", "The flood emptied 140 homes by boat.", "140", "2021-10-25", 0.6)
CARS = found("e", "The flood took 30 cars.", "30", "2021-10-24", 0.6)


def draft(*evidence, question=QUESTION, embed=alike, threshold=0.1):
    asked, readings = read_parts(question, evidence)
    retrieval = make_retrieval([e.hit for e in evidence], Coverage(2, in_index=2))
    return compose(asked, retrieval, readings, threshold=threshold, max_sentences=3, embed=embed)


def compare(question, evidence, embed):
    return find_conflict(understand(question), evidence, embed)


def test_latest_report_comes_first_and_the_earlier_one_is_marked():
    answer = draft(EARLY, LATE)
    assert answer.short == "187"
    assert [s.lead for s in answer.sentences] == [
        "Latest report, Sunday, 24 October 2021",
        "Earlier report, Thursday, 21 October 2021",
    ]
    difference = answer.difference
    assert (difference.kind, difference.first, difference.second) == ("changed", 1, 2)


@pytest.mark.parametrize(
    ("other", "probability", "answers"),
    [(LATE, 0.3, True), (LATE, 0.2, False), (FLAT, 0.3, False), (CARS, 0.3, False)],
)
def test_later_report_that_says_what_changed_makes_an_answer_likelier(other, probability, answers):
    unsure = [replace(one, probability=probability) for one in (EARLY, other)]
    assert bool(draft(*unsure, threshold=0.5).sentences) is answers


def test_contradiction_quotes_both_articles():
    answer = draft(EARLY, FLAT)
    assert answer.sentences[0].text == DISAGREE
    assert answer.sentences[0].citations == (1, 2)
    assert [s.lead for s in answer.sentences[1:]] == [
        "Pa, Thursday, 21 October 2021",
        "Pc, Friday, 22 October 2021",
    ]
    assert answer.short == "140; 200"


def test_contradiction_needs_a_second_answer_that_is_probable_enough():
    asked, evidence = understand(QUESTION), [EARLY, FLAT]
    assert find_conflict(asked, evidence, alike, least=0.6).kind == "disagree"
    assert find_conflict(asked, evidence, alike, least=0.61) is None
    assert find_conflict(asked, [EARLY, LATE], alike, least=0.61).kind == "changed"


@pytest.mark.parametrize(
    ("other", "embed"),
    [(SAME, alike), (CARS, alike), (FLAT, unlike), (LATE, unlike)],
    ids=["the same number", "another thing", "unlike sentences", "unlike though changed"],
)
def test_answers_that_are_not_comparable_do_not_conflict(other, embed):
    assert compare(QUESTION, [EARLY, other], embed) is None


@pytest.mark.parametrize("answer", ["About 140 homes", "About five homes", "Some 140 homes"])
def test_people_and_homes_are_different_things_after_a_word_of_doubt(answer):
    homes = found("a", f"{answer} were emptied by the flood.", answer, "2021-10-21")
    people = found("b", "The flood drove out 431 people.", "431 people", "2021-11-05", 0.6)
    assert compare("homes evacuated flood", [people, homes], alike) is None


@pytest.mark.parametrize(
    ("earlier", "later", "kind"),
    [
        ("The flood emptied 140 homes.", "The flood emptied 187 homes.", "disagree"),
        ("The flood emptied 140 homes.", "The flood emptied more than 187 homes.", "disagree"),
        ("The flood emptied 140 homes.", "It emptied 187 homes, more than first said.", "changed"),
        ("So far the flood has emptied 140 homes.", "The flood emptied 187 homes.", "changed"),
        ("The flood had emptied 140 homes by Friday evening.", "It emptied 187 homes.", "changed"),
        ("12:05 The flood has reached 140 homes.", "The flood emptied 187 homes.", "changed"),
    ],
)
def test_later_count_is_a_change_if_it_says_so_or_the_earlier_one_went_on(earlier, later, kind):
    one = found("a", earlier, "140 homes", "2021-10-21")
    other = found("b", later, "187 homes", "2021-10-22", 0.6)
    conflict = compare(QUESTION, [one, other], alike)
    assert conflict.kind == kind
    assert (conflict.first is other) == (kind == "changed")


def test_count_that_goes_on_disagrees_with_none_of_its_day():
    one = found("a", "So far the flood has emptied 140 homes.", "140 homes", "2021-10-21")
    other = found("b", "The flood emptied 187 homes.", "187 homes", "2021-10-21", 0.6)
    assert compare(QUESTION, [one, other], alike) is None


def test_year_in_an_aside_is_not_the_period_of_a_number():
    aside = "The flood emptied 140 homes and a chapel, whose roof was repaired in 2019."
    one = found("a", aside, "140 homes", "2021-10-21")
    assert compare(QUESTION, [one, FLAT], alike).kind == "disagree"
    other_flood = found("b", "The flood of 2019 emptied 140 homes.", "140 homes", "2021-10-21")
    assert compare(QUESTION, [other_flood, FLAT], alike) is None


def test_events_in_two_places_do_not_conflict():
    one = found("a", "The fire in Torvik killed 7 people.", "7", "2021-03-02", title="Fire")
    other = found("b", "A fire in Saltmere killed 3 people.", "3", "2021-09-13", title="Fire")
    assert compare("How many people did the fire kill?", [one, other], alike) is None


def test_copies_do_not_conflict():
    copy = found("c", "The flood emptied 200 homes.", "200", "2021-10-22", 0.6,
                 (Entry("a", "A", None, None, 0),))  # fmt: skip
    assert compare(QUESTION, [EARLY, copy], alike) is None


def test_times_of_one_event_conflict_by_their_days():
    later = "The bridge will open on March 7, 2022, later than planned."
    again = "The bridge will open on Monday, November 8."
    one = found("a", "The bridge will open on November 8.", "November 8", "2021-04-12")
    other = found("b", later, "March 7, 2022", "2021-08-24", 0.6)
    same = found("c", again, "Monday, November 8", "2021-05-02", 0.6)
    compared = compare("When will the bridge open?", [one, other], alike)
    assert (compared.kind, compared.first) == ("changed", other)
    assert compare("When will the bridge open?", [one, same], alike) is None
    assert compare("When will the bridge open?", [one, other], unlike) is None


def test_time_that_has_passed_does_not_conflict_with_one_that_is_to_come():
    taken = found("a", "The lens was taken on January 24.", "January 24", "2021-02-25")
    shown = found("b", "The lens will be shown from October 2.", "October 2", "2021-09-17")
    also = found("c", "The lens was taken on January 30.", "January 30", "2021-09-17")
    assert compare("When was the lens taken?", [taken, shown], alike) is None
    assert compare("When was the lens taken?", [taken, also], alike).kind == "disagree"


def test_two_names_conflict_where_only_one_can_be_right():
    one = found("a", "Maria Ruiz is the mayor of Torvik.", "Maria Ruiz", "2021-03-02", title="T")
    other = found("b", "Peter Lang is the mayor of Torvik.", "Peter Lang", "2021-03-02", title="T")
    compared = compare("Who is the mayor of Torvik?", [one, other], alike)
    assert (compared.kind, compared.second) == ("disagree", other)
    assert compare("Who is the mayor of Torvik?", [one, other], unlike) is None
    assert compare("Who spoke for Torvik?", [one, other], alike) is None


@pytest.mark.parametrize(("day", "conflicts"), [("2021-05-20", True), ("2021-07-01", False)])
def test_names_conflict_only_in_reports_of_one_time(day, conflicts):
    one = found("a", "The Hesk club met in Torvik.", "Torvik", "2021-05-05")
    other = found("b", "The Hesk club met in Orrin.", "Orrin", day, 0.7)
    conflict = compare("Where did the Hesk club meet?", [one, other], alike)
    assert bool(conflict) is conflicts


@pytest.mark.parametrize(
    "question", ["Who manages the Hesk club?", "Who managed the Hesk club these days?"]
)
def test_holder_of_an_office_changes_rather_than_being_disputed(question):
    early = found("a", "Anna Brisk manages the Hesk club.", "Anna Brisk", "2021-05-05")
    late = found("b", "Theo Lund manages the Hesk club.", "Theo Lund", "2021-05-20", 0.7)
    conflict = compare(question, [early, late], alike)
    assert (conflict.kind, conflict.first) == ("changed", late)


def test_denial_of_another_report_conflicts_despite_different_sentences():
    denial = "The flood did not empty 140 homes, says the town, but 90."
    other = found("b", denial, "90", "2021-10-22", 0.9)
    compared = compare(QUESTION, [other, EARLY], unlike)
    assert (compared.kind, compared.first, compared.second) == ("disagree", other, EARLY)


def test_day_that_is_denied_denies_no_number():
    moved = found(
        "a",
        "The Orrin bridge will open on March 7, 2022, and not on November 8 as announced.",
        "March 7, 2022",
        "2021-08-24",
    )
    boats = found("b", "The Orrin ferry goes six times, down from 8.", "8", "2021-01-05")
    question = "By how much were the Orrin crossings cut?"
    assert compare(question, [moved, boats], alike) is None


def test_withdrawn_figure_is_no_earlier_report_beside_a_newer_one():
    notice = (
        "Correction: A report on February 9 said that the bridge would cost €14.2 million. That "
        "was wrong. The sum is €12.4 million."
    )
    withdrawn = found("a", "The bridge will cost €14.2 million.", "€14.2 million", "2021-02-09")
    newest = found("c", "The bridge costs €12.4 million.", "€12.4 million", "2021-04-12", 0.7)
    hits = [one.hit for one in (withdrawn, newest, found("b", notice, "€12.4", "2021-02-16"))]
    ranked = rank(Reading(understand("What does the bridge cost now?"), (withdrawn, newest)), hits)
    assert [(one.article.id, one.words) for one in ranked] == [
        ("c", "€12.4 million"),
        ("b", "€12.4 million"),
    ]
