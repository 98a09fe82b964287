"""The command line: contract, exit codes, JSON alone on stdout, one sentence for each error."""

import json
import subprocess
import sys

import pytest
from outlets import article, playing

from qa_bot.cli.main import main


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    (made / "ferry.md").write_text(
        "---\ntitle: Ferry sinks\npublisher: Wire\npublished: 2021-03-03\n---\n\n"
        "The ferry to the island sank in the bay on Wednesday. All 31 on board were saved.\n"
    )
    (made / "bridge.txt").write_text("SALTMERE, March 5, 2021 (Courier) — The bridge was closed.\n")
    return made


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch):
    monkeypatch.setenv("QA_BOT_EMBEDDER", "hashing-256")
    monkeypatch.setenv("QA_BOT_ANSWER_THRESHOLD", "0.05")


@pytest.fixture
def built(folder, tmp_path, capsys):
    assert main(["build", str(folder), "--index", str(tmp_path / "i")]) == 0
    capsys.readouterr()
    return str(tmp_path / "i")


def test_build_says_what_it_committed(folder, tmp_path, capsys):
    assert main(["build", str(folder), "--index", str(tmp_path / "i")]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "committed generation 1 of" in err
    assert "2 articles, 2 passages (2 added or changed, 0 removed); files: 2 read, 0 unch" in err


def test_build_counts_each_file_once_as_read_unchanged_or_skipped(folder, tmp_path, capsys):
    (folder / "damaged.txt").write_bytes(
        "The caf\u00e9 at the pier, the caf\u00e9".encode() + b" \xff."
    )
    (folder / "empty.txt").write_text("")
    (folder / "lines.jsonl").write_text('{"id": "x", "text": "Rain fell."}\nnope\n')
    for counts in ("4 read, 0 unchanged, 1 skipped", "2 read, 2 unchanged, 1 skipped"):
        assert main(["build", str(folder), "--index", str(tmp_path / "i")]) == 1
        err = capsys.readouterr().err
        assert f"files: {counts}; lines or entries skipped in the files read: 1\n" in err


def test_build_reads_addresses_beside_files(folder, tmp_path, capsys):
    index, listed = str(tmp_path / "i"), tmp_path / "list.txt"
    with playing() as (address, outlet):
        outlet.give("/ferry", article("Ferry sinks", "The ferry sank at noon on Monday."))
        listed.write_text(f"# outlets\n{address}/ferry # the ferry\n\n{address}/gone\n")
        given = [str(folder), "--addresses", str(listed), "--index", index]
        assert main(["build", *given, "--allow-private"]) == 1
    err = capsys.readouterr().err
    assert f"skipped: {address}/gone is not there (status 404)" in err
    assert f"read into {index}-pages: 1 page or entry new or changed, 0 as before, 1 not" in err
    assert "3 articles" in err
    assert main(["list", "--index", index]) == 0
    assert f"{address.removeprefix('http://').replace(':', '_')}/ferry" in capsys.readouterr().out


def test_line_that_is_no_address_is_named_and_nothing_is_read(tmp_path, capsys):
    listed = tmp_path / "list.txt"
    listed.write_text("news/ferry.html\n")
    assert main(["add", "--addresses", str(listed), "--index", str(tmp_path / "i")]) == 2
    assert f"{listed}:1: 'news/ferry.html' is no web address" in capsys.readouterr().err
    assert main(["add", "--index", str(tmp_path / "i")]) == 2
    assert "name files, folders or web addresses" in capsys.readouterr().err


def test_build_names_what_it_skipped_and_exits_1(folder, tmp_path, capsys):
    (folder / "bad.jsonl").write_text("nope\n")
    assert main(["build", str(folder), "--index", str(tmp_path / "i")]) == 1
    err = capsys.readouterr().err
    assert f"skipped: {folder / 'bad.jsonl'}:1: is not JSON" in err
    assert "2 articles" in err


def test_prune_and_add(folder, built, tmp_path, capsys):
    (folder / "bridge.txt").unlink()
    assert main(["build", str(folder), "--index", built, "--prune"]) == 0
    assert "1 removed" in capsys.readouterr().err
    more = tmp_path / "more.txt"
    more.write_text("The market burned down in the night.")
    assert main(["add", str(more), "--index", built]) == 0
    assert "2 articles" in capsys.readouterr().err


def test_list_shows_id_date_publisher_and_title(built, capsys):
    assert main(["list", "--index", built]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[1] == "ferry  2021-03-03  Wire  Ferry sinks  (1 passages)"
    assert main(["list", "--index", built, "--json"]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (row["article_id"], row["published"], row["publisher"]) == (
        "bridge",
        "2021-03-05",
        "Courier",
    )


def test_remove_names_what_was_not_there(built, capsys):
    assert main(["remove", "ferry", "nope", "--index", built]) == 1
    err = capsys.readouterr().err
    assert "removed 1 of 2 articles" in err and "not in the index: nope" in err


def test_ask_prints_sentences_and_sources(built, capsys):
    assert main(["ask", "Where did the ferry sink?", "--index", built]) == 0
    out = capsys.readouterr().out
    assert "The ferry to the island sank in the bay on Wednesday. [1]" in out
    assert "[1] Wire, 2021-03-03, Ferry sinks" in out
    assert "Searched 2 articles, 2021-03-03 to 2021-03-05." in out


def test_greeting_is_answered_in_one_line(built, capsys):
    main(["ask", "Hi there!", "--index", built])
    out = capsys.readouterr().out
    assert out.startswith("Ask anything about the 2 articles here") and "Searched" not in out


def test_ask_json_is_alone_on_stdout(built, capsys):
    assert main(["ask", "Where did the ferry sink?", "--index", built, "--json"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert form["answered"] and form["citations"][0]["article_id"] == "ferry"


def test_declined_exits_3(built, capsys):
    assert main(["ask", "Who governs Zanzibar?", "--index", built, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["refusal"]["reason"] == "nothing_relevant"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--as-of", "2021-03-04"], {"ferry"}),
        (["--since", "2021-03-04"], {"bridge"}),
        (["--until", "2021-03-03"], {"ferry"}),
        (["--publisher", "courier"], {"bridge"}),
        (["--article", "ferry", "--article", "x"], {"ferry"}),
        (["-k", "1"], None),
    ],
)
def test_narrowing_options_hold(built, capsys, options, ids):
    main(["ask", "What sank or was closed?", "--index", built, "--json", *options])
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert {hit["article_id"] for hit in hits} == ids if ids else len(hits) == 1


def test_batch_answers_each_line_under_its_id(built, tmp_path, capsys):
    questions = [
        {"id": "a", "question": "Where did the ferry sink?"},
        {"id": "b", "question": "Where did the ferry sink?", "until": "2020-01-01"},
        {"id": "c", "question": "Where?", "articles": ["bridge"], "history": []},
        {"id": "d", "question": ""},
        {"id": "f", "question": "Who?", "articles": [{"a": 1}]},
    ]
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join([*map(json.dumps, questions), "nope", '{"id": "e"}']))
    assert main(["ask", "--batch", str(file), "--index", built]) == 1
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c", "d", "f", None, "e"]
    assert lines[0]["answered"] is True
    assert lines[1]["refusal"]["reason"] == "outside_dates"
    assert {hit["article_id"] for hit in lines[2]["hits"]} == {"bridge"}
    assert "empty" in lines[3]["error"] and "JSON" in lines[5]["error"]
    assert "not a list of the right kind" in lines[4]["error"]
    assert "q.jsonl:6:" in err


def test_options_of_a_batch_hold_unless_a_line_states_its_own(built, tmp_path, capsys):
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"id": 1, "question": "What sank or was closed?"}\n'
        '{"id": 2, "question": "What sank or was closed?", "as_of": "2021-12-31"}\n'
    )
    main(["ask", "--batch", str(file), "--index", built, "--as-of", "2021-03-04"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = [{hit["article_id"] for hit in line["hits"]} for line in lines]
    assert found == [{"ferry"}, {"ferry", "bridge"}]


def test_search_and_its_batch_give_hits(built, tmp_path, capsys):
    assert main(["search", "ferry", "--index", built, "--json", "-k", "1"]) == 0
    assert [hit["article_id"] for hit in json.loads(capsys.readouterr().out)["hits"]] == ["ferry"]
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": 1, "query": "ferry"}\n{"id": 2, "question": "bridge"}\n')
    assert main(["search", "--batch", str(file), "--index", built, "-k", "1"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["id"], line["hits"][0]["article_id"]) for line in lines] == [
        (1, "ferry"),
        (2, "bridge"),
    ]


def test_build_that_was_ended_is_told_until_it_is_run_again(folder, tmp_path, capsys, monkeypatch):
    from qa_bot.index import PassageIndex

    with monkeypatch.context() as patched:
        patched.setattr(PassageIndex, "finish", lambda self: 1 / 0)  # after the first commit
        with pytest.raises(ZeroDivisionError):
            main(["build", str(folder), "--index", str(tmp_path / "i")])
    ended = "a build of this index is running or was ended before it was done"
    main(["ask", "When did the ferry sink?", "--index", str(tmp_path / "i")])
    assert ended in capsys.readouterr().err
    assert main(["doctor", "--index", str(tmp_path / "i")]) == 1
    assert f"WRONG: {ended}" in capsys.readouterr().out
    other = tmp_path / "other.txt"
    other.write_text("The dome reopened on Monday.")
    assert main(["add", str(other), "--index", str(tmp_path / "i")]) == 0
    main(["ask", "When did the ferry sink?", "--index", str(tmp_path / "i")])
    assert ended in capsys.readouterr().err
    assert main(["build", str(folder), "--index", str(tmp_path / "i")]) == 0
    main(["ask", "When did the ferry sink?", "--index", str(tmp_path / "i")])
    assert ended not in capsys.readouterr().err


def test_doctor_says_what_is_right_and_what_is_wrong(built, tmp_path, capsys):
    assert main(["doctor", "--index", built]) == 0
    out = capsys.readouterr().out
    assert "ok: embedding is computed in" in out and "ok: store: 2 articles" in out
    path = tmp_path / "i" / "store.sqlite3"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert main(["doctor", "--index", built]) == 1
    assert "WRONG:" in capsys.readouterr().out
    assert main(["ask", "Where?", "--index", built]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert main(["doctor", "--index", built, "--repair"]) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", "--index", "{built}"], 2, "qa-bot: give a question, or --batch FILE"),
        (["ask", " ", "--index", "{built}"], 2, "qa-bot: give a question, or --batch FILE"),
        (["build", "", "--index", "x"], 2, "qa-bot: '' does not exist"),
        (["ask", "Who?", "--index", "{built}/store.sqlite3"], 1, "qa-bot: {built}/store.sqlite3"),
        (["ask", "Who?", "--as-of", "soon", "--index", "{built}"], 2, "qa-bot: as_of is 'soon'"),
        (["ask", "Who?", "-k", "0", "--index", "{built}"], 2, "qa-bot: The setting k is 0"),
        (["build", "nowhere", "--index", "x"], 2, "qa-bot: 'nowhere' does not exist"),
        (
            ["ask", "Who?", "--index", "nowhere"],
            1,
            "qa-bot: There is no index at nowhere. Build one",
        ),
        (["verify", "nowhere", "--index", "{built}"], 1, "qa-bot: nowhere: No such file"),
        (["list", "--index", "nowhere"], 1, "qa-bot: There is no index at nowhere. Build one with"),
        (["doctor", "--index", "nowhere"], 1, "qa-bot: There is no index at nowhere."),
        (
            ["ask", "--batch", "nowhere", "--index", "{built}"],
            1,
            "qa-bot: nowhere: No such file or directory",
        ),
    ],
)
def test_error_is_one_sentence_and_its_exit_code(built, capsys, arguments, code, message):
    assert main([argument.format(built=built) for argument in arguments]) == code
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(message.format(built=built))


def test_another_embedder_is_refused_with_the_repair(built, capsys, monkeypatch):
    monkeypatch.setenv("QA_BOT_EMBEDDER", "hashing-64")
    assert main(["ask", "Who?", "--index", built]) == 1
    assert "was built with the embedder hashing-256, not hashing-64" in capsys.readouterr().err
    assert main(["doctor", "--repair", "--index", built]) == 0
    assert main(["ask", "Who governs Zanzibar?", "--index", built]) == 3


def test_debug_shows_the_traceback(capsys):
    with pytest.raises(Exception, match="no index"):
        main(["list", "--index", "nowhere", "--debug"])


def test_first_question_builds_the_sample_index_in_the_default_place(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["ask", "Who was elected mayor of Saltmere?"]) == 0
    assert "building one from the sample articles" in capsys.readouterr().err
    assert (tmp_path / "index" / "store" / "store.sqlite3").is_file()


def test_no_sample_index_is_built_in_a_place_that_was_named(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_BOT_INDEX", "my-indx")
    assert main(["ask", "Who was elected mayor of Saltmere?"]) == 1
    assert "There is no index at my-indx" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def run(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("arguments", ["list --index {index}", "eval --compare {run} {run}"])
def test_reader_that_stops_ends_the_output_quietly(built, tmp_path, arguments):
    (tmp_path / "run.json").write_text('{"rows": []}', encoding="utf-8")
    arguments = arguments.format(index=built, run=tmp_path / "run.json")
    listing = f'"{sys.executable}" -m qa_bot.cli {arguments}'
    done = subprocess.run(
        f"({listing}; echo $? >&2) | true", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() in ("0", "141")  # 0 if the line was written before the reader left


def test_import_is_light():
    heavy = "{'torch', 'faiss', 'gradio', 'sentence_transformers', 'sqlalchemy', 'numpy'}"
    done = run("-c", f"import sys, qa_bot; print({heavy} & set(sys.modules))")
    assert done.stdout == "set()\n"


def test_help_imports_nothing_heavy():
    code = "import sys; from qa_bot.cli import parser; parser().format_help(); "
    done = run("-c", code + "print('torch' in sys.modules, 'numpy' in sys.modules)")
    assert done.stdout == "False False\n"


def test_eval_has_help_of_its_own():
    done = run("-m", "qa_bot.cli", "eval", "--help")
    assert done.returncode == 0 and "--compare A B" in done.stdout


def test_usage_error_exits_2():
    assert run("-m", "qa_bot.cli", "ask", "--nonsense").returncode == 2
    assert run("-m", "qa_bot.cli").returncode == 2


def test_receipt_is_signed_with_a_key_that_is_made(built, tmp_path, capsys):
    receipt, key = str(tmp_path / "r.json"), str(tmp_path / "key.pem")
    question = ["ask", "How many were on board?", "--index", built, "--sign", key]
    assert main(question) == 2
    assert "give --receipt FILE too" in capsys.readouterr().err
    assert main([*question, "--receipt", receipt]) == 0
    mine = capsys.readouterr().err.strip().rpartition(" ")[2]
    assert mine.startswith("SHA256:")
    assert main(["verify", receipt, "--index", built, "--signed-by", mine]) == 0
    assert f"Signed by the key {mine}." in capsys.readouterr().out
    assert main(["verify", receipt, "--index", built, "--signed-by", "SHA256:other"]) == 3
    assert "not signed by the key" in capsys.readouterr().out


def test_receipt_is_kept_and_verified_until_the_article_goes(folder, built, tmp_path, capsys):
    receipt = tmp_path / "r.json"
    question = ["ask", "How many were on board?", "--index", built]
    assert main([*question, "--receipt", str(receipt)]) == 0
    capsys.readouterr()
    assert main(["verify", str(receipt), "--index", built]) == 0
    assert "intact" in capsys.readouterr().out
    forged = json.loads(receipt.read_text())
    forged["sentences"][0]["text"] = "All 32 on board were saved."
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    assert main(["verify", str(tmp_path / "forged.json"), "--index", built, "--json"]) == 3
    checked = json.loads(capsys.readouterr().out)
    assert not checked["intact"]
    assert checked["checked"][0]["standing"] == "receipt altered"
    ferry = folder / "ferry.md"
    ferry.write_text(ferry.read_text().replace("31", "30"))
    assert main(["build", str(folder), "--index", built]) == 0
    assert main(["verify", str(receipt), "--index", built]) == 0
    shown = capsys.readouterr().out
    assert "article changed since" in shown and "A newer version exists" in shown
    assert main(["remove", "ferry", "--index", built]) == 0
    assert main(["verify", str(receipt), "--index", built]) == 3
    assert "article gone" in capsys.readouterr().out
    (tmp_path / "bad.json").write_text("[1]")
    assert main(["verify", str(tmp_path / "bad.json"), "--index", built]) == 2
    assert "is not a receipt" in capsys.readouterr().err


def test_misspelt_setting_of_the_environment_is_named(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("QA_BOT_READR", "small")
    for arguments in (["list", "--index", str(tmp_path)], ["eval", str(tmp_path)]):
        assert main(arguments) != 0
        assert "QA_BOT_READR is no setting" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "search ferry", "ask ferry", "list --json"])
def test_no_control_of_an_article_reaches_the_terminal(tmp_path, capsys, command):
    evil = "\x1b[2J\x07\u202egnp\u2066"
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"id": "a", "title": f"Ferry{evil}", "text": f"The ferry sank. {evil} It did."})
    )
    folder = str(tmp_path / "index")
    assert main(["build", str(tmp_path / "a.jsonl"), "--index", folder]) == 0
    name, *rest = command.split()
    capsys.readouterr()
    main([name, *rest, "--index", folder])
    shown = capsys.readouterr()
    assert "erry" in shown.out and not set("".join(shown)) & set("\x1b\x07\u202e\u2066")
    if "--json" in rest:
        assert json.loads(shown.out)["title"].startswith("Ferry")


def test_refused_setting_comes_with_the_command_that_makes_the_index_anew(built, folder, capsys):
    assert main(["build", str(folder), "--index", built, "--chunk-tokens", "90"]) == 1
    command = capsys.readouterr().err.partition("with: qa-bot ")[2].split()
    assert command == ["doctor", "--repair", "--index", built, "--chunk-tokens", "90"]
    assert main(command) == 0
    assert main(["build", str(folder), "--index", built, "--chunk-tokens", "90"]) == 0
