import os

from qa_bot.corpus import Problem, scan


def test_folder_is_walked_in_order_and_ids_are_paths(tmp_path):
    for name in ("b.txt", "sub/a.md", "sub/deep/c.jsonl", ".hidden.txt", "~$b.txt", "photo.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = scan([tmp_path])
    assert [source.article_id for source in found.sources] == ["b", "sub/a", "sub/deep/c"]
    assert [path.name for path in found.ignored] == ["photo.png"]
    assert found.problems == ()


def test_links_and_special_files_are_passed_over(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("Rain.")
    (folder / "out.txt").symlink_to(outside)
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "round").symlink_to(folder)
    (folder / "inside.txt").symlink_to("good.txt")
    os.mkfifo(folder / "pipe.txt")
    found = scan([folder])
    assert [source.article_id for source in found.sources] == ["good"]
    assert sorted((p.path.name, p.reason.split(";")[0]) for p in found.problems) == [
        ("loop.txt", "is a link that leads nowhere or in a circle"),
        ("out.txt", "is a link out of the folder"),
        ("pipe.txt", "is not an ordinary file (a pipe, socket or device)"),
        ("round", "is a link to a folder"),
    ]


def test_file_is_listed_once_however_it_is_reached(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Rain.")
    (tmp_path / "link").symlink_to(folder)
    found = scan([folder, tmp_path / "link", tmp_path / "articles" / ".." / "articles"])
    assert [source.path for source in found.sources] == [(folder / "a.txt").resolve()]


def test_name_that_is_not_printable_is_a_problem(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Rain.")
    (tmp_path / "a\nb.txt").write_text("Rain.")
    found = scan([tmp_path])
    assert found.sources == ()
    assert {p.reason for p in found.problems} == {
        "has a name with control characters, or one that is not UTF-8; rename it"
    }


def test_missing_path_and_wrong_kind_are_named(tmp_path):
    (tmp_path / "a.png").write_text("x")
    problems = scan([tmp_path / "nope", tmp_path / "a.png"]).problems
    assert problems[0].reason == "does not exist"
    assert problems[1].reason.startswith("is not a kind of file that is read: .txt")


def test_problem_is_one_printable_line(tmp_path):
    assert "\n" not in str(Problem(tmp_path / "a\nb\udcff.txt", "is\nempty", 3))


def test_name_with_odd_spaces_or_signs_is_read(tmp_path):
    folder = tmp_path / "no\u00a0break"
    folder.mkdir()
    for name in ("a\u202fb.txt", "family\U0001f468\u200d\U0001f469.txt"):
        (folder / name).write_text("Rain.")
    assert len(scan([tmp_path]).sources) == 2
