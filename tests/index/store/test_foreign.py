"""A folder that was made to do harm is refused before anything in it is opened."""

import json
import os
import sqlite3
from contextlib import closing

import pytest
import xxhash
from making import make_article

from qa_bot.errors import IndexCorruptError, IndexStoreError
from qa_bot.index import copy_index
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import SQLiteStore, writer_lock
from qa_bot.models.embedder import HashingEmbedder
from qa_bot.question.suggestions import Starter, read_starters, write_starters


@pytest.fixture
def folder(index):
    """The folder of a sealed index with one article."""
    index.apply([make_article("a")])
    index.finish()
    return index.folder


def opened(folder):
    SQLiteStore(folder).close()


NAMES = [
    *("store.sqlite3", "store.sqlite3-journal", "store.sqlite3-wal", "store.seal", "writer.pid"),
    *("writer.lock", "vectors.faiss", "feedback.jsonl", "starters.json", ".starters.json-new"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_file_that_is_not_plain_is_refused(folder, tmp_path, name, kind):
    private = tmp_path / "private"
    private.write_text("mine")
    path = folder / name
    path.unlink(missing_ok=True)
    if kind == "link":
        path.symlink_to(private)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(IndexStoreError, match=f"{name} is a {kind}, not a plain file"):
        opened(folder)
    with pytest.raises(IndexStoreError):
        copy_index(folder, tmp_path / "copy", 1.0)
    assert private.read_text() == "mine" and not (tmp_path / "copy").exists()


def test_journal_that_names_another_file_deletes_nothing(folder, tmp_path):
    victim = tmp_path / "thesis.txt"
    victim.write_text("years of work")
    name = str(victim).encode()
    magic, sizes = bytes.fromhex("d9d505f920a163d7"), (0, 0, 0, 512, 4096)
    header = magic + b"".join(size.to_bytes(4) for size in sizes)
    end = (0x7FFFFFFF).to_bytes(4) + name + len(name).to_bytes(4) + sum(name).to_bytes(4) + magic
    (folder / "store.sqlite3-journal").write_bytes(header.ljust(512, b"\0") + end)
    with pytest.raises(IndexStoreError, match="names another file, which SQLite would delete"):
        opened(folder)
    assert victim.read_text() == "years of work"


def test_copy_leaves_links_of_other_names_out(folder, tmp_path):
    private = tmp_path / "private"
    private.write_text("mine")
    (folder / "notes").symlink_to(private)
    copy_index(folder, tmp_path / "copy", 1.0)
    assert not (tmp_path / "copy" / "notes").exists()


def test_journal_of_a_writer_that_died_is_not_refused(folder):
    (folder / "store.sqlite3-journal").write_bytes(b"\0" * 512)
    opened(folder)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER DELETE ON articles BEGIN DELETE FROM passages; END",
        "CREATE VIEW v AS SELECT 1",
    ],
)
def test_view_or_trigger_is_refused(folder, statement):
    with sqlite3.connect(folder / "store.sqlite3") as connection:
        connection.execute(statement)
    (folder / "store.seal").unlink()
    with pytest.raises(
        IndexCorruptError, match="it has a (trigger t|view v), which no qa-bot makes"
    ):
        opened(folder)


@pytest.mark.parametrize("seal", [[], 7, "x", {}, {"generation": 1}, None, [[1, 2]]])
def test_seal_of_any_shape_is_no_seal(folder, seal):
    line = json.dumps(seal)
    check = xxhash.xxh3_64_hexdigest(line.encode())
    (folder / "store.seal").write_text(f"{line}\n{check}\n")
    opened(folder)


@pytest.mark.parametrize(
    "kept",
    [[], 7, {"state": "s"}, {"state": "s", "starters": 7}, {"state": "s", "starters": [7]},
     {"state": "s", "starters": [{"question": {}, "article_id": [], "published": 7}]}],
)  # fmt: skip
def test_starters_of_another_shape_are_none(tmp_path, kept):
    path = tmp_path / "starters.json"
    path.write_text(json.dumps(kept))
    assert read_starters(path, "s") is None
    write_starters(path, "s", [Starter("Who won?", "a", None)])
    assert read_starters(path, "s") == [Starter("Who won?", "a", None)]


def test_lock_is_held_beside_a_plain_folder(folder):
    with writer_lock(folder, 1.0):
        opened(folder)


@pytest.mark.parametrize(
    "name", ["store.seal", "starters.json", "following.json", "following.jsonl", "store.sqlite3"]
)
def test_sparse_file_of_a_terabyte_is_refused_at_once(folder, name):
    (folder / name).touch()
    os.truncate(folder / name, 10**12)
    with pytest.raises(IndexStoreError, match="far larger"):
        opened(folder)


def test_sparse_vectors_are_made_again(folder, settings):
    os.truncate(folder / "vectors.faiss", 10**12)
    with (folder / "vectors.faiss").open("r+b") as file:
        file.seek(-24, os.SEEK_END)
        file.write((100).to_bytes(8, "little") + b"qa-bot vectors 2")
    with closing(PassageIndex(folder, HashingEmbedder(64), settings)) as index:
        assert index.manifest.n_articles == 1
