"""Two figures make a conclusion; one figure makes none."""

import re
from dataclasses import replace

import pytest
from making import make_article, make_retrieval

from qa_bot.answer import PartKind, RefusalReason, Sentence
from qa_bot.answering.comparison import compose_comparison, with_both_sides
from qa_bot.answering.compose import compose
from qa_bot.datatypes import Coverage, Evidence, Hit, Passage, Span
from qa_bot.question import understand
from qa_bot.reading import Reading

_THRESHOLD = 0.5


def evidence(text, answer, probability=0.9, article_id="a", published="2021-06-16"):
    article = make_article(article_id, text, published=published)
    start = text.index(answer)
    hit = Hit(Passage(article, 0, len(text)), 1, 0.8, "fused")
    return Evidence(hit, 0, len(text), probability, Span(start, start + len(answer)))


def compared(text, one, other):
    """Return the comparison of the first and second evidence; each is one or several."""
    question = understand(text)
    found = [side if isinstance(side, list) else [side] for side in (one, other)]
    readings = [Reading(q, tuple(e)) for q, e in zip(question.sides, found, strict=True)]
    hits = [e.hit for side in found for e in side]
    return compose_comparison(question, readings, _THRESHOLD, hits)


VELL = evidence("Ana Vell took 431 votes.", "431 votes")
YI = evidence("Bo Yi came second with 112.", "112", article_id="b")


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Did Ana Vell or Bo Yi get more votes?", "Ana Vell: 431 votes against 112"),
        ("Did Ana Vell or Bo Yi get fewer votes?", "Bo Yi: 112 against 431 votes"),
        ("Did Ana Vell get more votes than Bo Yi?", "Yes"),
        ("Did Ana Vell get fewer votes than Bo Yi?", "No"),
        ("How many more votes did Ana Vell get than Bo Yi?", "319 (431 votes and 112)"),
    ],
)
def test_conclusion_follows_from_the_figures(text, short):
    answer = compared(text, VELL, YI)
    assert answer.short == short
    quoted = [s.text for s in answer.sentences if s.kind is PartKind.QUOTE]
    assert quoted == ["Ana Vell took 431 votes.", "Bo Yi came second with 112."]
    assert [(s.lead, s.lead_kind) for s in answer.sentences][-1] == ("Bo Yi", PartKind.ITEM)


def test_yes_cites_both_sentences():
    answer = compared("Did Ana Vell get more votes than Bo Yi?", VELL, YI)
    assert str(answer.sentences[0]) == "Yes. [1][2]"
    assert answer.sentences[0].kind is PartKind.DECISION


@pytest.mark.parametrize(
    ("text", "one", "other", "short"),
    [
        (
            "Which is older, the mill or the church?",
            evidence("The mill dates from 1936.", "1936"),
            evidence("The church was built in 1954.", "1954", article_id="b"),
            "The mill: 1936 against 1954",
        ),
        (
            "Who is older, Ana Vell or Bo Yi?",
            evidence("Ana Vell, 46, won.", "46"),
            evidence("Bo Yi, 58, lost.", "58", article_id="b"),
            "Bo Yi: 58 against 46",
        ),
        (
            "Who is older, Ana Vell or Bo Yi?",
            evidence("Ana Vell, 46, won.", "46"),
            evidence("Bo Yi, 46, lost.", "46", article_id="b"),
            None,
        ),
        (
            "How much more did the ferry cost than the bus?",
            evidence("The ferry cost €12.4 million.", "€12.4 million"),
            evidence("The bus cost €900,000.", "€900,000", article_id="b"),
            "€11.5 million (€12.4 million and €900,000)",
        ),
        (
            "What came first, the vote or the strike?",
            evidence("The vote was on June 16.", "June 16"),
            evidence("The strike began on May 5.", "May 5", article_id="b"),
            "The strike: May 5 against June 16",
        ),
    ],
    ids=["years", "ages", "equal", "money", "days"],
)
def test_figures_of_every_kind(text, one, other, short):
    answer = compared(text, one, other)
    assert (answer and answer.short) == short


_VOTES = "Did Ann or Bo get more votes?"
_OLDER = "Who is older, Ann or Bo?"


@pytest.mark.parametrize(
    ("text", "one", "other", "short"),
    [
        (_OLDER, "born on May 3, 1960", "born on June 5, 1980", "Ann: May 3, 1960 against"),
        ("Which tree is older, Ann or Bo?", "1,200 years", "1,800 years", "Bo: 1,800 years"),
        ("Who was faster, Ann or Bo?", "58 seconds", "61 seconds", "Ann: 58 seconds"),
        ("Did Ann or Bo get a longer term?", "five years", "three and a half years", "Ann: five"),
        ("Did Ann or Bo pay more?", "€2.5 million", "€900,000", "Ann: €2.5 million"),
        (_VOTES, "9 of the 41 votes", "14 of the 41 votes", "Bo: 14"),
    ],
    ids=["birthdays", "durations", "speed", "half", "millions", "parts"],
)
def test_larger_of_two_figures(text, one, other, short):
    figures = [re.sub(r"^born on ", "", words) for words in (one, other)]
    answer = compared(
        text,
        evidence(f"Ann has {one}, he said.", figures[0]),
        evidence(f"Bo has {other}, he said.", figures[1], article_id="b"),
    )
    assert answer.short.startswith(short)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (_VOTES, "431 votes on June 16", "112 votes on June 16"),
        (_VOTES, "43 percent", "112"),
        (_VOTES, "43 per cent", "112"),
        (_VOTES, "more than 400 votes", "390 votes"),
        (_VOTES, "half the votes", "390 votes"),
        (_VOTES, "431 votes", "431 votes"),
        ("Did Ann or Bo pay more?", "€4.9 million", "£5 million"),
        ("Did Ann or Bo earn more?", "€500 a week", "€20,000 a year"),
        ("Was Ann or Bo colder?", "minus 12 degrees", "3 degrees"),
        ("Did Ann or Bo win more?", "fourth", "fifth"),
        ("Is Ann longer than Bo?", "1.5m", "20km"),
        ("Is Ann heavier than Bo?", "12t", "2,400kg"),
        ("Who was faster, Ann or Bo?", "58.3", "61.2"),
        ("Did Ann or Bo earn more?", "€500 a week", "€20,000"),
        ("What came first, Ann or Bo?", "June 16", "June 16"),
        ("What came first, Ann or Bo?", "June", "June 16"),
        (_OLDER, "46", "1990"),
        ("Which is older, Ann or Bo?", "150 years", "1954"),
        ("Did Ann or Bo serve longer?", "three years and two months", "three years"),
        ("How many more votes did Ann get than Bo?", "112 votes", "431 votes"),
        ("How much longer did Ann stay than Bo?", "7.10 p.m.", "6.40 a.m."),
    ],
)
def test_nothing_is_concluded_from_figures_that_cannot_be_compared(text, one, other):
    found = [
        evidence(f"Ann has {one}, he said.", one),
        evidence(f"Bo has {other}, he said.", other, article_id="b"),
    ]
    assert compared(text, *found) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("fewer than 5,000 votes", "5,000 votes"), ("4,800 votes", "4,800 votes")),
        (("minus 12 votes", "12 votes"), ("3 votes", "3 votes")),
        (("a monthly €4,500", "€4,500"), ("€20,000 a year", "€20,000")),
        (("US$12 million", "$12 million"), ("C$15 million", "$15 million")),
        (("EUR 12 million", "12 million"), ("USD 15 million", "15 million")),
    ],
)
def test_bound_rate_or_currency_beside_the_figure_counts(one, other):
    found = [
        evidence(f"Ann has {one[0]} now.", one[1]),
        evidence(f"Bo has {other[0]} now.", other[1], article_id="b"),
    ]
    assert compared("Did Ann or Bo get more?", *found) is None


def test_ages_of_two_years_are_not_compared():
    old = evidence("Ann, 46, won.", "46", published="2012-06-16")
    new = evidence("Bo, 50, lost.", "50", article_id="b", published="2021-06-16")
    assert compared(_OLDER, old, new) is None


def test_one_sentence_with_both_figures_is_quoted_once():
    text = "The turnout was 74 per cent in Upper Town and 58 per cent in Lower Town."
    answer = compared(
        "Was turnout higher in Upper Town or in Lower Town?",
        evidence(text, "74 per cent"),
        evidence(text, "58 per cent"),
    )
    assert [str(sentence) for sentence in answer.sentences] == [f"{text} [1]"]
    assert answer.short == "Upper Town: 74 per cent against 58 per cent"


def test_figure_of_the_other_is_left_out_of_an_answer_with_both():
    text = "They paid £6.5 million, beating a bid of £7 million from Oddwell."
    answer = compared(
        "Did Lind or Oddwell bid more?",
        evidence(text, "£6.5 million"),
        evidence(text, "£6.5 million, beating a bid of £7 million"),
    )
    assert answer.short == "Oddwell: £7 million against £6.5 million"


def test_second_figure_that_is_as_likely_goes_to_the_thing_that_has_no_other():
    shared = evidence("The electric one costs 9 million.", "9 million", 0.9)
    answer = compared(
        "Which is dearer, the old kind or the electric one?",
        [shared, evidence("The old kind costs 11 million.", "11 million", 0.88, "b")],
        shared,
    )
    assert answer.short == "The old kind: 11 million against 9 million"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (VELL, VELL),
        (VELL, evidence("Bo Yi came second with 112.", "112", 0.2, "b")),
        (VELL, evidence("Bo Yi paid €112.", "€112", article_id="b")),
        (VELL, evidence("Bo Yi came second.", "second", article_id="b")),
        (VELL, []),
    ],
    ids=["the same figure", "unsure", "another unit", "no figure", "nothing"],
)
def test_without_two_figures_of_one_unit_nothing_is_concluded(one, other):
    assert compared("Did Ana Vell or Bo Yi get more votes?", one, other) is None


def whole(text, *found):
    question = understand(text)
    readings = (Reading(question, found),)
    retrieval = make_retrieval([e.hit for e in found], Coverage(2, in_index=2))
    answer = compose(question, retrieval, readings, threshold=_THRESHOLD, max_sentences=3)
    return with_both_sides(question, answer, readings, _THRESHOLD, retrieval.hits)


def test_answer_that_names_one_of_two_things_is_declined():
    answer = whole("Was the May fair longer than the one in Helm?", VELL)
    assert answer.refusal.reason == RefusalReason.NOT_ANSWERED
    assert answer.refusal.closest.quote == VELL.text


def test_figure_that_another_is_compared_with_must_be_named():
    text = "Turnout in the vote was 63 percent, up from 57 percent in 2017."
    found = evidence(text, "63 percent")
    assert whole("turnout in the vote compared with 2017", found).short == "63 percent"
    other = whole("turnout in the vote compared with the referendum", found)
    assert other.refusal.closest.quote == text
    for before in ("last time", "the last election", "before"):
        assert whole(f"turnout in the vote compared with {before}", found).short == "63 percent"


def test_sentence_with_both_figures_answers_without_a_short_answer():
    text = "Turnout in the vote was 63 percent, up from 57 percent in 2017."
    answer = whole("Was turnout in the vote higher than in 2017?", evidence(text, "63 percent"))
    assert answer.sentences[0].text == text
    assert answer.short is None


def test_yes_of_the_judge_stays_beside_both_figures():
    text = "Turnout in the vote was 63 percent, up from 57 percent in 2017."
    question = understand("Was turnout in the vote higher than in 2017?")
    readings = (Reading(question, (evidence(text, "63 percent"),)),)
    retrieval = make_retrieval([readings[0].evidence[0].hit], Coverage(2, in_index=2))
    answer = compose(question, retrieval, readings, threshold=_THRESHOLD, max_sentences=3)
    yes = Sentence("Yes.", (1,), kind=PartKind.DECISION)
    decided = replace(answer, sentences=(yes, *answer.sentences), short="Yes")
    found = with_both_sides(question, decided, readings, _THRESHOLD, retrieval.hits)
    assert (found.short, found.sentences[0]) == ("Yes", yes)


def test_two_figures_of_one_thing_are_quoted_together():
    answer = whole(
        "hearing days, planned and actual",
        evidence("The judge set aside 14 hearing days.", "14 hearing days"),
        evidence("She saw all 19 hearing days.", "19 hearing days", 0.45, "b"),
    )
    assert answer.short == "14 hearing days; 19 hearing days"
    assert [str(s) for s in answer.sentences] == [
        "The judge set aside 14 hearing days. [1]",
        "She saw all 19 hearing days. [2]",
    ]


def test_one_figure_of_two_is_declined():
    answer = whole(
        "hearing days, planned and actual",
        evidence("The judge set aside 14 hearing days.", "14 hearing days"),
    )
    assert answer.refusal


@pytest.mark.parametrize(
    ("text", "sentence", "answer"),
    [
        (
            "How much longer is the new bridge than the old one?",
            "The new bridge is 20 metres longer than the old one.",
            "20 metres",
        ),
        (
            "Is the new bridge longer than the old one?",
            "The new bridge will be longer than the old one.",
            None,
        ),
        ("How many more votes did Ann get than Bo?", "Ann beat Bo by 185 votes.", "185 votes"),
    ],
)
def test_sentence_that_compares_both_things_answers(text, sentence, answer):
    found = whole(text, evidence(sentence, answer or sentence[:-1]))
    assert found.sentences[0].text == sentence
    if answer:
        assert found.short == answer


def test_dates_are_no_two_figures():
    text = "On June 16, 2021 the new bridge and the old one were shut."
    asked = "Is the new bridge longer than the old one?"
    assert whole(asked, evidence(text, "June 16, 2021")).refusal


def test_sentence_that_sets_two_figures_beside_each_other_is_enough():
    answer = whole(
        "weekday boats then and now",
        evidence("There are now six boats, down from eight.", "six boats"),
    )
    assert answer.short == "six boats"


def test_question_that_compares_nothing_is_left_alone():
    answer = whole("How many votes did Ana Vell get?", VELL)
    assert answer.short == "431 votes"
