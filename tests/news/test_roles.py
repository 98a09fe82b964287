"""Roles of persons; roles.jsonl has sentences as newspapers write them, 40 of which tell none."""

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.news.roles import find_mentions, roles_of

CASES = [param.values[0] for param in read_cases(__file__, "roles")]


def roles(text, name):
    return [text[slice(*role.words)] for role in roles_of(text, name)]


@pytest.mark.parametrize("case", read_cases(__file__, "roles"))
def test_no_role_is_told_that_the_text_does_not_tell(case):
    for role in roles(case["text"], case["name"]):
        assert any(role in told or told in role for told in case["roles"])


def test_most_roles_are_found():
    told = [case for case in CASES if case["roles"]]
    assert sum(bool(roles(case["text"], case["name"])) for case in told) >= 0.65 * len(told)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Under caretaker Piet Halden they drew.", "piet halden", "caretaker"),
        ("They named Ana Vell as their new manager, the first.", "Vell", "new manager"),
        (
            "US State Department spokesman Ned Ode said no.",
            "Ned Ode",
            "US State Department spokesman",
        ),
        (
            "Tom Ode has resigned as manager of the Rovers on Monday.",
            "ode",
            "manager of the Rovers",
        ),
        ("Asked about Ana Vell, the mayor laughed.", "Ana Vell", None),
        ("Hesk Rovers have named Ana Vell as manager.", "Hesk", None),
        ("Vell’s lawyer, Tom Ode, said so.", "Vell", None),
        ("Ana Vell will be the next mayor of Hesk.", "Vell", "the next mayor of Hesk"),
        ("Ana Vell of the Green List, who runs the school, said so.", "Vell", "runs the school"),
        ("Ana Vell left. She is a dentist from Hesk.", "Ana Vell", "a dentist from Hesk"),
        ("Ana Vell and Tom Ode left. She is a dentist.", "Ana Vell", None),
    ],
)
def test_the_words_are_those_that_say_who_it_is(text, name, role):
    assert roles(text, name) == ([role] if role else [])


def test_a_name_is_found_without_accents_and_with_its_first_name():
    text = "Mayor Łucja Dašková-Bråtvik spoke."
    (place,) = find_mentions(text, "daskova bratvik")
    assert text[slice(*place)] == "Łucja Dašková-Bråtvik"


@given(st.text("Vel a,.the mayor'’–-", max_size=60), st.text("Vel a.", max_size=9))
def test_any_text_has_roles_within_it(text, name):
    for sentence, place, *_ in roles_of(text, name):
        assert 0 <= sentence.start <= place.start < place.end <= sentence.end <= len(text)
