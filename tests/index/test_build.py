"""Files → index, step by step: only what changed is read, and nothing is lost on the way."""

import json

import pytest

from qa_bot.filters import Filters
from qa_bot.index.build import build_index


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name in ("one", "two", "three"):
        (made / f"{name}.txt").write_text(f"The {name} ferry ran to the island on Tuesday.")
    return made


@pytest.fixture
def build(index, folder, settings):
    return lambda **options: build_index(index, [folder], settings, **options)


def texts(index, article_id):
    with index.searching(Filters(articles=(article_id,))) as search:
        return [article.text for article in search.articles()]


def test_all_files_are_read_once(build):
    first, second = build(), build()
    assert (sorted(first.put), first.generation) == (["one", "three", "two"], 1)
    assert (second.put, second.n_unchanged_files, second.generation) == ([], 3, 1)


def test_changed_file_is_read_again_and_its_old_text_is_gone(build, folder, index):
    build()
    (folder / "one.txt").write_text("The one bridge opened.")
    report = build()
    assert (report.put, report.n_unchanged_files) == (["one"], 2)
    assert texts(index, "one") == ["The one bridge opened."]
    with index.searching() as search:
        assert search.best_words(["one"], 5)[0].key not in search.best_words(["ferry"], 5)


def test_vanished_file_stays_until_pruned(build, folder, index):
    build()
    (folder / "two.txt").unlink()
    assert build().removed == []
    assert build(prune=True).removed == ["two"]
    assert texts(index, "two") == []


def test_prune_leaves_other_folders_alone(build, folder, index, tmp_path, settings):
    build()
    other = tmp_path / "other"
    other.mkdir()
    (other / "four.txt").write_text("The fourth ferry sank.")
    report = build_index(index, [other], settings, prune=True)
    assert (report.put, report.removed, report.n_articles) == (["four"], [], 4)


def test_unchanged_text_is_not_embedded_again(build, folder, index):
    embedded = []
    build(progress=lambda stage, done, total: embedded.append(stage))
    (folder / "copy.txt").write_text((folder / "one.txt").read_text())
    (folder / "one.txt").touch()
    again = []
    build(progress=lambda stage, done, total: again.append((stage, done)))
    assert "embedding" in embedded
    assert [done for stage, done in again if stage == "embedding"] == []


def test_bad_files_are_counted_and_the_good_ones_indexed(build, folder):
    (folder / "empty.txt").write_text("")
    (folder / "bad.jsonl").write_text('{"id": "x", "text": "Rain fell."}\nnope\n')
    report = build()
    assert (report.n_skipped, report.n_articles) == (2, 4)
    assert build().n_skipped == 2  # said again each time, until mended


def test_record_gone_from_a_changed_file_is_removed(build, folder, index):
    lines = [json.dumps({"id": name, "text": f"{name} came."}) for name in ("x", "y")]
    (folder / "r.jsonl").write_text("\n".join(lines))
    build()
    (folder / "r.jsonl").write_text(lines[1])
    assert build().removed == ["x"]


def test_record_that_moved_to_another_file_is_kept(build, folder, index):
    record = json.dumps({"id": "x", "text": "It came."})
    other = json.dumps({"id": "y", "text": "It went."})
    (folder / "a.jsonl").write_text(f"{record}\n{other}")
    build()
    (folder / "a.jsonl").write_text(other)
    (folder / "b.jsonl").write_text(record)
    build()
    build()
    assert texts(index, "x") == ["It came."]


@pytest.mark.parametrize(("source", "target"), [("a", "b"), ("b", "a")])
def test_record_moved_in_either_direction_is_there_at_once(build, folder, index, source, target):
    def write(holder):
        for name in (source, target):
            records = [{"id": f"own {name}", "text": f"It stays in {name}."}]
            records += [{"id": "x", "text": "It came."}] if name == holder else []
            (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, records)))

    write(source)
    build()
    write(target)
    assert build().problems == []
    assert texts(index, "x") == ["It came."]


def test_line_that_became_bad_keeps_its_article(build, folder, index):
    (folder / "r.jsonl").write_text(json.dumps({"id": "x", "text": "It came."}))
    build()
    (folder / "r.jsonl").write_text("nope")
    assert build().removed == []
    assert texts(index, "x") == ["It came."]


def test_page_without_text_does_not_hide_an_article(build, folder, index):
    (folder / "four.html").write_text("<html></html>")
    (folder / "four.txt").write_text("The fourth ferry ran.")
    assert build().n_skipped == 1
    assert texts(index, "four") == ["The fourth ferry ran."]


def test_many_short_articles_are_several_commits(index, tmp_path, settings):
    lines = (json.dumps({"id": f"n{n}", "title": f"T{n}", "text": "Ok."}) for n in range(3000))
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    report = build_index(index, [tmp_path / "many.jsonl"], settings)
    assert (report.n_articles, report.generation > 1) == (3000, True)


def test_one_id_in_two_files_is_named_and_the_first_kept(build, folder, index):
    for name in ("a", "b"):
        (folder / f"{name}.jsonl").write_text(json.dumps({"id": "x", "text": f"From {name}."}))
    (problem,) = build().problems
    assert problem.path == folder / "b.jsonl"
    assert f"has the same article id as one in {folder / 'a.jsonl'}: 'x'; rename" in problem.reason
    assert texts(index, "x") == ["From a."]


PAGE = (
    "<html><body><article><p>The {} bridge opened after years of work.</p></article></body></html>"
)


def test_files_that_differ_in_their_ending_are_two_articles(build, folder, index):
    (folder / "four.html").write_text(PAGE.format("fourth"))
    (folder / "four.txt").write_text("The fourth ferry ran.")
    assert build().problems == []
    assert texts(index, "four") == ["The fourth bridge opened after years of work."]
    assert texts(index, "four.txt") == ["The fourth ferry ran."]


def test_file_that_comes_later_changes_no_id(build, folder, index):
    build()
    (folder / "one.html").write_text(PAGE.format("first"))
    assert (build().put, build().put) == (["one.html"], [])
    (folder / "one.html").write_text(PAGE.format("new"))
    (folder / "one.txt").unlink()
    report = build(prune=True)
    assert (report.put, report.removed) == (["one.html"], ["one"])


def test_ids_stay_where_a_folder_is_moved(build, folder, index, settings):
    build()
    (folder / "one.html").write_text(PAGE.format("first"))
    build()
    moved = folder.rename(folder.with_name("moved"))
    report = build_index(index, [moved], settings)
    assert sorted(report.put) == ["one", "one.html", "three", "two"]
    assert texts(index, "one") == ["The one ferry ran to the island on Tuesday."]
    assert texts(index, "one.html") == ["The first bridge opened after years of work."]


def test_file_that_was_saved_in_another_form_keeps_its_id(build, folder, index):
    build()
    (folder / "one.txt").rename(folder / "one.md")
    report = build(prune=True)
    assert (report.problems, report.removed) == ([], [])
    assert texts(index, "one") == ["The one ferry ran to the island on Tuesday."]


def test_many_commits_make_one_build(index, tmp_path, settings):
    records = (json.dumps({"id": str(n), "text": f"Ship {n}. " * 4000}) for n in range(30))
    (tmp_path / "big.jsonl").write_text("\n".join(records))
    report = build_index(index, [tmp_path / "big.jsonl"], settings)
    assert report.n_articles == 30
    assert report.generation > 1
