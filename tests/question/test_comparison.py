"""What a question compares, and the question for the figure of each of the two."""

import pytest

from qa_bot.question import understand
from qa_bot.question.comparison import Form, read_comparison

_WHICH = [
    (
        "Did Ann Lee or Bo Yi get more votes?",
        ("Ann Lee", "Bo Yi"),
        ("How many votes did Ann Lee get?", "How many votes did Bo Yi get?"),
    ),
    (
        "which is older: the mill or the church",
        ("the mill", "the church"),
        ("How old is the mill?", "How old is the church?"),
    ),
    (
        "who's older, Ann Lee or Bo Yi?",
        ("Ann Lee", "Bo Yi"),
        ("How old is Ann Lee?", "How old is Bo Yi?"),
    ),
    ("who is older ann or bo", ("ann", "bo"), ("How old is ann?", "How old is bo?")),
    (
        "was turnout higher in upper town or in lower town",
        ("upper town", "lower town"),
        ("How high was turnout in upper town?", "How high was turnout in lower town?"),
    ),
    (
        "Which hospital had more births in May, St Ann's or the General?",
        ("St Ann's", "the General"),
        (
            "How many births did St Ann's have in May?",
            "How many births did the General have in May?",
        ),
    ),
    (
        "what came first, the strike or the vote?",
        ("the strike", "the vote"),
        ("When did the strike come?", "When did the vote come?"),
    ),
    (
        "did the ferry cost more than the bus or the other way round",
        ("the ferry", "the bus"),
        ("How much did the ferry cost?", "How much did the bus cost?"),
    ),
]
_OTHERS = [
    (
        "Was the ferry or the bus faster?",
        ("the ferry", "the bus"),
        ("How fast was the ferry?", "How fast was the bus?"),
    ),
    (
        "Is Ann Lee or Bo Yi older?",
        ("Ann Lee", "Bo Yi"),
        ("How old is Ann Lee?", "How old is Bo Yi?"),
    ),
    (
        "Did Ann or Bo serve a longer term?",
        ("Ann", "Bo"),
        ("How long did Ann serve term?", "How long did Bo serve term?"),
    ),
]
_PARTICIPLES = [
    (
        "Was the mill or the church built first?",
        ("the mill", "the church"),
        ("When was the mill built?", "When was the church built?"),
    ),
    (
        "Which cost more to build, the mill or the church?",
        ("the mill", "the church"),
        ("How much did the mill cost to build?", "How much did the church cost to build?"),
    ),
    (
        "tell me which is older, the mill or the church",
        ("the mill", "the church"),
        ("How old is the mill?", "How old is the church?"),
    ),
    (
        "Did the fire or the flood last longer?",
        ("the fire", "the flood"),
        ("How long did the fire last?", "How long did the flood last?"),
    ),
]
_WHETHER = [
    (
        "Will the bridge be longer than the tower?",
        ("the bridge", "the tower"),
        ("How long will the bridge be?", "How long will the tower be?"),
    ),
    (
        "Did the strike last longer than the lockout?",
        ("the strike", "the lockout"),
        ("How long did the strike last?", "How long did the lockout last?"),
    ),
    (
        "Did Ann get more votes in May than in June?",
        ("May", "June"),
        ("How many votes did Ann get in May?", "How many votes did Ann get in June?"),
    ),
    (
        "Is the new bridge going to be longer than the old one?",
        ("the new bridge", "the old one"),
        ("How long is the new bridge?", "How long is the old one?"),
    ),
    (
        "Does Ann Lee earn more than Bo Yi did?",
        ("Ann Lee", "Bo Yi"),
        ("How much does Ann Lee earn?", "How much does Bo Yi earn?"),
    ),
    (
        "Was the water higher in 1978 than in the flood of 2021?",
        ("1978", "the flood of 2021"),
        ("How high was the water in 1978?", "How high was the water in the flood of 2021?"),
    ),
]
_DIFFERENCE = [
    (
        "How many more votes did Ann Lee get than Bo Yi?",
        ("Ann Lee", "Bo Yi"),
        ("How many votes did Ann Lee get?", "How many votes did Bo Yi get?"),
    ),
    (
        "how many years older is ann than bo",
        ("ann", "bo"),
        ("How old is ann?", "How old is bo?"),
    ),
]


@pytest.mark.parametrize(
    ("text", "items", "asked", "form"),
    [
        *((*case, Form.WHICH) for case in [*_WHICH, *_OTHERS, *_PARTICIPLES]),
        *((*case, Form.WHETHER) for case in _WHETHER),
        *((*case, Form.DIFFERENCE) for case in _DIFFERENCE),
    ],
)
def test_two_things_are_asked_for_one_by_one(text, items, asked, form):
    found = read_comparison(text)
    assert (found.form, found.items, found.asked) == (form, items, asked)


@pytest.mark.parametrize(
    ("text", "larger", "how"),
    [
        ("Who is older, Ann or Bo?", True, "how old"),
        ("Who is younger, Ann or Bo?", False, "how old"),
        ("Did Ann or Bo get fewer votes?", False, "how many votes"),
        ("Which was cheaper, the ferry or the bus?", False, "how expensive"),
    ],
)
def test_comparative_tells_which_figure_is_meant(text, larger, how):
    found = read_comparison(text)
    assert (found.larger, found.how) == (larger, how)


@pytest.mark.parametrize(
    "text",
    [
        "weekday ferries then and now",
        "seats before vs after",
        "hearing days, planned and actual",
        "the tide compared with the record of 1978",
        "How does the bill compare to the first estimate?",
        "how many injured, first count vs later count",
    ],
)
def test_two_figures_of_one_thing(text):
    assert read_comparison(text).form is Form.BOTH


@pytest.mark.parametrize(
    "text",
    [
        "Who was elected mayor?",
        "Was there more than one debate?",
        "Did more than half the town vote?",
        "did she win more than half the votes",
        "Does it need more than ten minutes to shut?",
        "Was turnout up or down?",
        "Are there more or fewer boats than there used to be?",
        "would it have been cheaper to mend it than to build a new one?",
        "How much bigger was the hack than first thought?",
        "Was the first woman elected mayor Ana Vell or Bo Yi?",
        "Was the first debate in May or June?",
        "Is the lower deck open to cars or bikes?",
        "What is the first name of Ann or Bo?",
        "Is the ferry no longer running or just late?",
        "When do the first and last boats leave?",
        "How many people watched Rovers vs Callowick?",
        "Did Ann get 300 more votes than Bo?",
        "Is Ann five years older than Bo?",
        "Is the new bridge no longer than the old one?",
        "Did Ann not get more votes than Bo?",
        "Didn't Ann get more votes than Bo?",
        "How many times more votes did Ann get than Bo?",
        "Who got more votes, Ann, Bo or Cy?",
        "Is the ferry more popular than the bus?",
        "Did Helm, Vell or Lund get more votes?",
        "Which is bigger Helm, Vell or Lund?",
        "Was the first bridge longer than the second?",
        "Did Ann or Bo win the first round?",
        "Was Ann or Bo the first mayor?",
        "Are dogs or cats allowed on the lower deck?",
        "Who demanded higher wages or shorter hours?",
        "What are the lower rates or fees for?",
        "Who finished higher, Ann or Bo?",
        "Is the mayor older than sixty?",
        "Which is more popular, the ferry or the bus?",
        "Is the bridge longer than ever?",
        "Did Rovers win more games than last year?",
        "",
    ],
)
def test_question_that_compares_no_two_things(text):
    assert read_comparison(text) is None


def test_side_of_a_comparison_compares_nothing():
    question = understand("which is older which is older the mill or the church")
    assert all(side.sides == () and side.comparison is None for side in question.sides)
