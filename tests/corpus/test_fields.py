"""Fields of files: their names, and a note on each that is of the wrong kind, in every format."""

import json

import pytest

from qa_bot.corpus.fields import read_fields

LOST = "the article was read without it"


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", ["a", "b"], f"its title is a list, not a text; {LOST}"),
        ("headline", {"x": 1}, f"its headline is an object, not a text; {LOST}"),
        ("source", {"id": "x"}, f"its source is an object, not a text; {LOST}"),
        ("date", {"x": 1}, f"its date is an object, not a day such as 2026-06-18; {LOST}"),
        (
            "published",
            True,
            f"its published is true or false, not a day such as 2026-06-18; {LOST}",
        ),
        ("url", True, f"its url is true or false, not an address; {LOST}"),
        ("lang", ["en"], f"its lang is a list, not a text; {LOST}"),
    ],
)
def test_field_of_the_wrong_kind_is_named_with_what_was_expected(field, value, fault):
    assert read_fields({field: value}).faults == (fault,)


@pytest.mark.parametrize("empty", [None, "", " ", [], {}, False, 0])
def test_field_that_says_nothing_is_no_fault(empty):
    assert read_fields({"title": empty}) == read_fields({})


def test_first_of_several_names_that_can_be_read_counts():
    found = read_fields(
        {"title": ["a"], "headline": "Rain", "published": "true", "date": "2021-03-03"}
    )
    assert (found.title, str(found.published), found.faults) == ("Rain", "2021-03-03", ())


def test_publisher_may_be_an_object_with_a_name():
    assert read_fields({"source": {"id": None, "name": "Wire"}}) == read_fields({"source": "Wire"})


def test_front_matter_and_json_lines_say_the_same(read):
    _, notes = read("a.md", "---\ntitle: [a, b]\npublished: {x: 1}\n---\nRain.")
    record = {"id": "1", "text": "Rain.", "title": ["a", "b"], "published": {"x": 1}}
    _, others = read("a.jsonl", json.dumps(record))
    assert [one.reason for one in notes] == [one.reason for one in others]
    assert len(notes) == 2 and not any(one.skipped for one in (*notes, *others))


def test_note_that_is_true_of_many_lines_is_said_once(read):
    records = [{"id": n, "text": "Rain fell.", "source": {"id": "x"}} for n in range(1, 5)]
    lines = ['{"id": "0", "text": "Rain."}', *map(json.dumps, records)]
    articles, (note,) = read("a.jsonl", "\n".join(lines))
    assert len(articles) == 5
    assert (note.line, note.skipped) == (2, False)
    assert note.reason == f"its source is an object, not a text; {LOST} (and on 3 more lines)"
