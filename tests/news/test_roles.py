"""Roles of persons; roles.jsonl has sentences as newspapers write them, 40 of which tell none."""

import pytest
from cases import read_cases
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.news.person_names import find_mentions, is_mentioned, is_name
from qa_bot.news.roles import roles_of

CASES = [param.values[0] for param in read_cases(__file__, "roles")]


def roles(text, name):
    return [text[slice(*role.words)] for role in roles_of(text, name)]


@pytest.mark.parametrize("case", read_cases(__file__, "roles"))
def test_no_role_is_told_that_the_text_does_not_tell(case):
    for role in roles(case["text"], case["name"]):
        assert any(
            role in told or (told in role and len(role) <= len(told) + 30) for told in case["roles"]
        )


def test_nearly_all_roles_found_in_the_sentences_kept_aside_are_right():
    kept = [case for case in CASES if case.get("held")]
    found = [(case, role) for case in kept for role in roles(case["text"], case["name"])[:1]]
    right = sum(any(role in t or t in role for t in case["roles"]) for case, role in found)
    assert len(kept) == 80 and len(found) >= 40 and right >= 0.95 * len(found)


def test_most_roles_are_found():
    told = [case for case in CASES if case["roles"]]
    assert sum(bool(roles(case["text"], case["name"])) for case in told) >= 0.65 * len(told)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ana Vell has resigned as mayor of Orrin.", "Ana Vell", "resigned as mayor of Orrin"),
        ("Ana Vell was sacked as coach on Monday.", "Ana Vell", "sacked as coach"),
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
            "resigned as manager of the Rovers",
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


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Martin Luther King Jr. was honoured.", "Martin Luther King", True),
        ("President Biden spoke.", "Joe Biden", True),
        ("Vell’s team won.", "Ana Vell", True),
        ("Interview: Ana Vell\nThe mayor spoke.", "Ana Vell", True),
        ("Ben Vell spoke.", "Ana Vell", False),
        ("Ben Vell spoke. Vell was late.", "Ana Vell", False),
        ("Ben Vell spoke. Ana Vell was late.", "Ana Vell", True),
        ("He met Ana Olsen. Ben Vell spoke.", "Ana Vell", False),
        ("He met J. Vell.", "J Vell", True),
        ("The king spoke.", "Martin King", False),
        ("The foreign minister, Sergei Lavrov, spoke.", "Foreign Minister Sergei Lavrov", True),
    ],
)
def test_person_is_mentioned_or_not(text, name, found):
    assert is_mentioned(text, name) is found


def test_words_that_are_no_name_are_not_taken_for_one():
    for words in ("FIFA president", "suing Ryanair", "Hesk mayor", "England captain", "mayor now"):
        assert not is_name(words)


@pytest.mark.parametrize(
    "text",
    [
        "Ana Vell, her lawyer says, is too ill.",
        "Ana Vell, her doctor said, is ill.",
        "In May, a baker left.",
    ],
)
def test_what_others_say_is_no_role(text):
    assert roles(text, "May" if "May" in text else "Ana Vell") == []


def test_hostile_names_and_texts_take_no_time():
    text = f"{'x' * 40_000} y Vell spoke. {'Ha ' * 60}"
    assert len(list(find_mentions(text, "-".join(["ha"] * 40)))) <= 60
    assert is_mentioned(text, "Vell")
    assert len(roles_of("Ana Vell, " * 1_000, "Vell")) <= 1
