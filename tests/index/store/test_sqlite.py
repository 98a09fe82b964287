"""The SQLite store: its lock, its seal, its file."""

import json

import pytest
from making import make_article

from qa_bot.errors import IndexBusyError, IndexStoreError
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import writer_lock
from qa_bot.models.embedder import HashingEmbedder


@pytest.fixture
def filled(index):
    index.apply([make_article("a")])
    index.finish()
    return index


def ids(index):
    with index.searching() as search:
        return [entry.id for entry in search.entries()]


def test_second_writer_gets_a_clear_error(filled):
    with writer_lock(filled.folder, 1.0), pytest.raises(IndexBusyError) as caught:
        filled.apply([make_article("x")])
    assert "is writing to the index" in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    filled.apply([make_article("x")])


def test_open_index_that_was_replaced_says_so(filled):
    path = filled.folder / "store.sqlite3"
    path.with_name("copy").write_bytes(path.read_bytes())
    path.with_name("copy").replace(path)
    with pytest.raises(IndexStoreError, match="was replaced or removed while it was open"):
        ids(filled)


def test_folder_name_with_signs_of_an_address_is_a_folder(tmp_path, settings):
    folder = tmp_path / "a?b=c#d %20"
    PassageIndex.create(folder, HashingEmbedder(64), settings).close()
    assert (folder / "store.sqlite3").is_file()


def test_reader_may_open_while_a_writer_is_at_work(filled, settings):
    with filled._store.writing() as transaction:
        transaction.set_source(filled.folder, "x")
        reader = PassageIndex(filled.folder, HashingEmbedder(64), settings)
        assert ids(reader) == ["a"]
        reader.close()


def test_seal_is_written_and_whole(filled):
    line, _check = (filled.folder / "store.seal").read_text().splitlines()
    assert json.loads(line)["generation"] == 1
