"""Changes of an index; its refusals of another maker; the store and the vectors agree."""

import numpy as np
import pytest
from making import make_article

from qa_bot.errors import IndexMismatchError, IndexMissingError, IndexStoreError
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder


@pytest.fixture
def filled(index):
    texts = ("The old ferry sank.", "The new ferry ran.", "A ferry of no date.", "The June ferry.")
    names = ("old", "new", "undated", "june")
    index.apply([make_article(name, text) for name, text in zip(names, texts, strict=True)])
    index.finish()
    return index


def ids(index):
    """The ids that both kinds of search find, which must agree."""
    vector = HashingEmbedder(64).embed(["ferry"])[0]
    with index.searching() as search:
        dense, words = search.nearest(vector, 10), search.best_words(["ferry"], 10)
        passages = search.passages([scored.key for scored in dense])
        assert {s.key for s in dense} == {s.key for s in words}
        return sorted({passage.article.id for passage in passages.values()})


def test_removed_article_is_found_no_more(filled):
    changes = filled.apply(remove=["old", "nope"])
    assert changes.removed == ("old",)
    assert ids(filled) == ["june", "new", "undated"]


def test_put_again_unchanged_is_no_commit(filled):
    before = filled.known_files()
    changes = filled.apply([make_article("undated", "A ferry of no date.")])
    assert (changes.put, changes.generation) == ((), 1)
    assert filled.known_files() == before


def test_new_text_takes_the_place_of_the_old(filled):
    filled.apply([make_article("old", "The bridge opened.")])
    with filled.searching() as search:
        assert {s.key for s in search.best_words(["ferry"], 9)} == {2, 3, 4}
        assert [s.key for s in search.best_words(["bridge"], 9)] == [5]
        assert search.passages([1]) == {}


def test_reopened_index_finds_the_same_numbers(filled, settings):
    vector = HashingEmbedder(64).embed(["the new ferry"])[0]
    with filled.searching() as search:
        before = search.nearest(vector, 4)
    again = PassageIndex(filled.folder, HashingEmbedder(64), settings)
    with again.searching() as search:
        assert search.nearest(vector, 4) == before
    again.close()


def test_index_without_its_vectors_file_is_the_same(filled, settings):
    vector = HashingEmbedder(64).embed(["the new ferry"])[0]
    with filled.searching() as search:
        before = search.nearest(vector, 4)
    (filled.folder / "vectors.faiss").unlink()
    again = PassageIndex(filled.folder, HashingEmbedder(64), settings)
    with again.searching() as search:
        assert search.nearest(vector, 4) == before
    again.close()


def test_open_reader_sees_the_next_commit(filled, settings):
    reader = PassageIndex(filled.folder, HashingEmbedder(64), settings)
    filled.apply([make_article("late", "A late ferry.")], remove=["old"])
    assert ids(reader) == ["june", "late", "new", "undated"]
    reader.close()


def test_vectors_equal_brute_force_after_changes(filled):
    filled.apply([make_article(f"n{n}", f"Ship {n} came to port {n}.") for n in range(40)])
    filled.apply(remove=[f"n{n}" for n in range(0, 40, 3)])
    query = HashingEmbedder(64).embed(["ship 7 port"])[0]
    with filled.searching() as search:
        keys = [scored.key for scored in search.best_words(["ship", "ferry", "june"], 100)]
        passages = search.passages(keys)
        texts = [f"{passages[k].article.title}\n{passages[k].text}" for k in keys]
        scores = np.round(HashingEmbedder(64).embed(texts) @ query, 6)
        order = sorted(range(len(keys)), key=lambda i: (-scores[i], keys[i]))
        nearest = search.nearest(query, len(keys))
    assert [scored.key for scored in nearest] == [keys[i] for i in order]
    assert np.allclose([s.score for s in nearest], [scores[i] for i in order], atol=1e-6)


@pytest.mark.parametrize(
    ("embedder", "change", "what"),
    [
        (HashingEmbedder(32), {}, "the embedder hashing-64, not hashing-32"),
        (HashingEmbedder(64), {"chunk_tokens": 100}, "chunk_tokens 200, not 100"),
        (HashingEmbedder(64), {"chunk_overlap": 0}, "chunk_overlap 1, not 0"),
    ],
)
def test_index_of_another_making_is_refused(filled, settings, embedder, change, what):
    with pytest.raises(IndexMismatchError) as caught:
        PassageIndex(filled.folder, embedder, settings.with_changes(**change))
    assert what in str(caught.value)
    assert f"qa-bot doctor --repair --index {filled.folder}" in str(caught.value)


def test_embedder_with_other_weights_under_the_same_name_is_refused(filled, settings):
    other = HashingEmbedder(64)
    other.fingerprint = "something else"
    with pytest.raises(IndexMismatchError, match="embedder weights"):
        PassageIndex(filled.folder, other, settings)


def test_folder_without_an_index_is_refused(tmp_path, settings):
    (tmp_path / "store.sqlite3").write_bytes(b"")
    with pytest.raises(IndexMissingError, match="Build one with: qa-bot build"):
        PassageIndex(tmp_path, HashingEmbedder(64), settings)


def test_error_in_the_middle_leaves_everything_as_it_was(filled):
    class Broken(HashingEmbedder):
        def embed(self, texts, progress=None):
            raise IndexStoreError(filled.folder, "the disk is full")

    filled._embedder = Broken(64)
    with pytest.raises(IndexStoreError):
        filled.apply([make_article("x")], remove=["old"])
    assert ids(filled) == ["june", "new", "old", "undated"]


def test_one_id_twice_in_a_commit_keeps_the_last(filled):
    filled.apply([make_article("x", "The first zeppelin."), make_article("x", "The last ferry.")])
    with filled.searching() as search:
        assert [a.text for a in search.articles() if a.id == "x"] == ["The last ferry."]
        assert [scored.key for scored in search.best_words(["zeppelin"], 9)] == []


def test_index_made_with_other_chunks_opens_as_it_is(tmp_path, settings):
    small = settings.with_changes(chunk_tokens=30)
    folder = tmp_path / "small"
    PassageIndex.create(folder, HashingEmbedder(64), small).close()
    index = PassageIndex(folder, HashingEmbedder(64), settings)
    assert index.manifest.chunk_tokens == 30
    index.close()
