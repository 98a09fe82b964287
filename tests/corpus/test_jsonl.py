import json

import pytest

from qa_bot.corpus import Limits


def line(**record):
    return json.dumps({"id": "1", "title": "T", "text": "Rain fell."} | record)


def test_json_record_states_everything(read):
    record = line(published="2021-06", publisher="X", url="https://x.example")
    (article,), _ = read("a.jsonl", record)
    assert (article.id, article.title, article.text) == ("1", "T", "Rain fell.")
    assert (str(article.published), article.publisher) == ("2021-06", "X")


def test_names_of_other_collections_do(read):
    (article,), _ = read("a.jsonl", '{"_id": 7, "text": "Rain.", "date": "2021-06-16"}')
    assert (article.id, str(article.published), article.title) == ("7", "2021-06-16", "Rain")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{nope", "is not JSON (Expecting property name enclosed in double quotes, column 2)"),
        ("[1, 2]", "is not a JSON object"),
        ('{"text": "Rain."}', 'has no "id" that is a text or a whole number'),
        ('{"id": ["x"], "text": "Rain."}', 'has no "id" that is a text or a whole number'),
        ('{"id": "a\\nb", "text": "Rain."}', 'has an "id" that is empty or not printable'),
        ('{"id": "2"}', 'has no "text"'),
        ('{"id": "2", "text": 5}', 'has no "text"'),
        ('{"id": "2", "text": "  "}', 'has no "text"'),
        ('{"id": "2", "text": "a \\ud800"}', "its text holds characters that are not text"),
        ('{"id": "2", "text": "a\\u0000b"}', "its text holds characters that are not text"),
        (line(id="1"), "has the same id as line 1: '1'"),
        ("[" * 100_000, "is JSON too deeply nested, or with a number too long"),
        ('{"id": ' + "1" * 5000 + "}", "is JSON too deeply nested, or with a number too long"),
    ],
)
def test_bad_line_is_named_and_the_good_ones_are_read(read, bad, reason):
    articles, (problem,) = read("a.jsonl", "\n".join([line(), bad, "", line(id="9")]))
    assert [article.id for article in articles] == ["1", "9"]
    assert (problem.line, problem.reason) == (2, reason)


def test_line_that_is_not_utf8_is_named(read):
    articles, (problem,) = read("a.jsonl", line().encode() + b"\n\xff\xfe\n")
    assert len(articles) == 1
    assert (problem.line, problem.reason) == (2, "is not UTF-8")


def test_endless_line_is_passed_over_without_holding_it(read):
    data = line().encode() + b"\n" + b"x" * 5_000_000 + b"\n" + line(id="3").encode()
    articles, (problem,) = read("a.jsonl", data, Limits(file_bytes=1_000_000))
    assert [article.id for article in articles] == ["1", "3"]
    assert (problem.line, problem.reason) == (2, "line is longer than 1 MB (max_file_mb)")


def test_other_form_of_json_is_named_once(read):
    array = json.dumps([{"id": n, "text": "Rain fell."} for n in range(9)], indent=1)
    for data, reason in ((array, "is a JSON array"), (array.encode("utf-16"), "is UTF-16 text")):
        articles, (problem,) = read("a.jsonl", data)
        assert articles == [] and problem.reason.startswith(reason)


def test_id_may_be_as_mongodb_exports_it(read):
    (article,), _ = read("a.jsonl", json.dumps({"_id": {"$oid": "60a"}, "text": "Rain fell."}))
    assert article.id == "60a"
