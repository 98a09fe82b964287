import json

import pytest

from qa_bot.cli.batch import Line, reply_to_all


def echo(line):
    return line.given(("question", "since", "articles", "history"))


def replies(tmp_path, capsys, *lines):
    file = tmp_path / "q.jsonl"
    file.write_bytes(b"\n".join(lines))
    good = reply_to_all(file, echo)
    return good, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_reply_has_the_id_of_its_line(tmp_path, capsys):
    lines = (b'{"id": [1], "question": "Who?"}', b"", b'{"question": "x"}')
    good, (first, second) = replies(tmp_path, capsys, *lines)
    assert good
    assert first == {"id": [1], "question": "Who?"} and second == {"id": None, "question": "x"}


def test_names_that_no_command_reads_are_allowed(tmp_path, capsys):
    good, (reply,) = replies(tmp_path, capsys, b'{"id": 1, "note": {}, "since": null}')
    assert good and reply == {"id": 1}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"nope", "the line is not JSON in UTF-8"),
        (b'{"question": "\xff"}', "the line is not JSON in UTF-8"),
        (b"[" * 9_000, "the line is not JSON in UTF-8"),
        (b"[1]", "the line is not a JSON object"),
        (b'{"question": 5}', "question is 5, which is not text"),
        (b'{"since": ["2021"]}', "since is ['2021'], which is not text"),
        (b'{"articles": "a"}', "articles is 'a', which is not a list of the right kind"),
        (b'{"articles": [1]}', "articles is [1], which is not a list of the right kind"),
        (b'{"history": ["a"]}', "history is ['a'], which is not a list of the right kind"),
    ],
)
def test_line_of_the_wrong_form_gets_an_error(tmp_path, capsys, line, error):
    good, (reply,) = replies(tmp_path, capsys, line)
    assert not good and reply["error"] == error


def test_fields_that_are_null_or_empty_are_not_given():
    line = Line.of({"articles": None, "history": [], "publisher": "", "until": "2021"})
    assert line.given(Line.model_fields) == {"until": "2021"}
