"""A copy of an index is whole, of one committed state, and answers like the original."""

import os
import threading
import time

import pytest
from making import make_article

from qa_bot.errors import IndexBusyError, IndexCorruptError, IndexMissingError, IndexStoreError
from qa_bot.index.backup import copy_index
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import writer_lock
from qa_bot.models.embedder import HashingEmbedder


def ids(index):
    with index.searching() as search:
        return [entry.id for entry in search.entries()]


def test_backup_and_restore(index, settings, tmp_path):
    index.apply([make_article("a"), make_article("b", "The bridge was closed.")])
    index.finish()
    manifest = copy_index(index.folder, tmp_path / "safe" / "backup", 1)
    assert (manifest.generation, manifest.n_articles) == (1, 2)
    index.apply(remove=["a"])
    index.close()
    copy_index(tmp_path / "safe" / "backup", tmp_path / "restored", 1)
    restored = PassageIndex(tmp_path / "restored", HashingEmbedder(64), settings)
    assert ids(restored) == ["a", "b"]
    restored.apply([make_article("c")])
    assert ids(restored) == ["a", "b", "c"]
    restored.close()


def test_a_copy_taken_while_another_writes_is_of_one_state(index, settings, tmp_path):
    index.apply([make_article("n0")])
    stop = threading.Event()

    def write():
        for n in range(1, 200):
            if stop.is_set():
                return
            index.apply([make_article(f"n{n}")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            manifest = copy_index(index.folder, tmp_path / f"copy{n}", 10)
            copy = PassageIndex(tmp_path / f"copy{n}", HashingEmbedder(64), settings)
            assert len(ids(copy)) == manifest.n_articles == manifest.generation
            copy.close()
    finally:
        stop.set()
        writer.join()


def test_what_cannot_be_copied_is_said_and_leaves_nothing(index, tmp_path):
    index.apply([make_article("a")])
    index.finish()
    (tmp_path / "there").mkdir()
    with pytest.raises(IndexStoreError, match="there already"):
        copy_index(index.folder, tmp_path / "there", 1)
    with pytest.raises(IndexMissingError):
        copy_index(tmp_path / "nowhere", tmp_path / "new", 1)
    with writer_lock(index.folder, 1), pytest.raises(IndexBusyError):
        copy_index(index.folder, tmp_path / "new", 0.1)
    store = index.folder / "store.sqlite3"
    content = bytearray(store.read_bytes())
    content[len(content) // 2] ^= 1
    store.write_bytes(content)
    with pytest.raises(IndexCorruptError):
        copy_index(index.folder, tmp_path / "new", 1)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new-*"))


def test_only_what_a_killed_copy_left_long_ago_is_removed(index, tmp_path):
    index.apply([make_article("a")])
    index.finish()
    old, new = tmp_path / ".backup-0123abcd", tmp_path / ".backup-4567abcd"
    for folder in (old, new):
        folder.mkdir()
        (folder / "store.sqlite3").write_bytes(b"half")
    own, others = tmp_path / ".backup-old", tmp_path / ".backup-0a1b2c3d"
    own.mkdir()
    others.mkdir()
    (others / "letter.txt").write_text("mine")
    two_days_ago = time.time() - 2 * 86_400
    for folder in (old, own, others):
        os.utime(folder, (two_days_ago, two_days_ago))
    copy_index(index.folder, tmp_path / "backup", 1)
    assert not old.exists()
    assert new.exists() and own.exists() and (others / "letter.txt").exists()
