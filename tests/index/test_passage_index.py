"""The index: changes, filters, refusals of another maker; the store and the vectors agree."""

import dataclasses
import json
import shutil
from datetime import date

import numpy as np
import pytest
from making import make_article

from qa_bot.datatypes import Coverage, Published
from qa_bot.errors import IndexBusyError, IndexMismatchError, IndexMissingError, IndexStoreError
from qa_bot.filters import Filters
from qa_bot.index.doctor import _rebuild
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import writer_lock
from qa_bot.models.embedder import HashingEmbedder


@pytest.fixture
def filled(index):
    index.apply(
        [
            make_article("old", "The old ferry sank.", published="2020-01-05", publisher="Wire"),
            make_article("new", "The new ferry ran.", published="2021-06-16", publisher="Courier"),
            make_article("undated", "A ferry of no date."),
            make_article("june", "The June ferry.").__class__(
                id="june",
                title="June",
                text="The ferry of June.",
                published=Published(date(2021, 6, 1), "month", "stated"),
            ),
        ]
    )
    index.finish()
    return index


def found(index, filters, k=10):
    vector = HashingEmbedder(64).embed(["ferry"])[0]
    with index.searching(filters) as search:
        dense = search.nearest(vector, k)
        words = search.best_words(["ferry"], k)
        passages = search.passages([scored.key for scored in (*dense, *words)])
        assert {s.key for s in dense} == {s.key for s in words}
        return sorted({passage.article.id for passage in passages.values()})


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), ["june", "new", "old", "undated"]),
        (Filters(until=date(2021, 6, 15)), ["old"]),
        (Filters(until=date(2021, 6, 16)), ["new", "old"]),
        (Filters(until=date(2021, 6, 30)), ["june", "new", "old"]),
        (Filters(since=date(2021, 6, 1)), ["june", "new"]),
        (Filters(since=date(2021, 6, 2)), ["new"]),
        (Filters(publisher="COURIER"), ["new"]),
        (Filters(articles=("old", "nope")), ["old"]),
        (Filters(since=date(2022, 1, 1)), []),
    ],
)
def test_filters_hold_on_both_sides(filled, filters, ids):
    assert found(filled, filters) == ids


def test_filter_is_applied_before_the_top_k(filled):
    assert found(filled, Filters(articles=("undated",)), k=1) == ["undated"]


def test_coverage_counts_what_dates_cannot_tell(filled):
    with filled.searching(Filters(until=date(2021, 6, 16))) as search:
        assert search.coverage == Coverage(
            2, date(2020, 1, 5), date(2021, 6, 16), left_out=2, in_index=4
        )


def test_removed_article_is_found_no_more(filled):
    changes = filled.apply(remove=["old", "nope"])
    assert changes.removed == ("old",)
    assert found(filled, Filters()) == ["june", "new", "undated"]


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
    assert found(reader, Filters()) == ["june", "late", "new", "undated"]
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


def test_second_writer_gets_a_clear_error(filled):
    with writer_lock(filled.folder, 1.0), pytest.raises(IndexBusyError) as caught:
        filled.apply([make_article("x")])
    assert "is writing to the index" in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
    filled.apply([make_article("x")])


def test_error_in_the_middle_leaves_everything_as_it_was(filled):
    class Broken(HashingEmbedder):
        def embed(self, texts, progress=None):
            raise IndexStoreError(filled.folder, "the disk is full")

    filled._embedder = Broken(64)
    with pytest.raises(IndexStoreError):
        filled.apply([make_article("x")], remove=["old"])
    assert found(filled, Filters()) == ["june", "new", "old", "undated"]


def test_manifest_tells_what_the_index_is(filled):
    manifest = filled.manifest
    assert (manifest.n_articles, manifest.n_passages, manifest.generation) == (4, 4, 1)
    assert (manifest.embedder, manifest.dim, manifest.chunk_tokens) == ("hashing-64", 64, 200)
    assert int(manifest.corpus_hash, 16) > 0


def test_one_id_twice_in_a_commit_keeps_the_last(filled):
    filled.apply([make_article("x", "The first zeppelin."), make_article("x", "The last ferry.")])
    assert found(filled, Filters(articles=("x",))) == ["x"]


def test_index_made_with_other_chunks_opens_as_it_is(tmp_path, settings):
    small = settings.with_changes(chunk_tokens=30)
    folder = tmp_path / "small"
    PassageIndex.create(folder, HashingEmbedder(64), small).close()
    index = PassageIndex(folder, HashingEmbedder(64), settings)
    assert index.manifest.chunk_tokens == 30
    index.close()


def test_open_index_that_was_replaced_says_so(filled):
    path = filled.folder / "store.sqlite3"
    path.with_name("copy").write_bytes(path.read_bytes())
    path.with_name("copy").replace(path)
    with pytest.raises(IndexStoreError, match="was replaced or removed while it was open"):
        found(filled, Filters())


def test_folder_name_with_signs_of_an_address_is_a_folder(tmp_path, settings):
    folder = tmp_path / "a?b=c#d %20"
    PassageIndex.create(folder, HashingEmbedder(64), settings).close()
    assert (folder / "store.sqlite3").is_file()


def test_reader_may_open_while_a_writer_is_at_work(filled, settings):
    with filled._store.writing() as transaction:
        transaction.set_source(filled.folder, "x")
        reader = PassageIndex(filled.folder, HashingEmbedder(64), settings)
        assert found(reader, Filters()) == ["june", "new", "old", "undated"]
        reader.close()


def test_seal_is_written_and_whole(filled):
    line, _check = (filled.folder / "store.seal").read_text().splitlines()
    assert json.loads(line)["generation"] == 1


def versions_of(index, *articles):
    with index.searching() as search:
        return [search.version(a.id, a.version) for a in articles]


def test_older_text_is_kept_until_the_article_is_removed(index):
    first, second = make_article("a", "The first text."), make_article("a", "The second text.")
    index.apply([first])
    index.apply([second])
    assert versions_of(index, first, second) == [first, None]
    index.apply([dataclasses.replace(second, title="Another title")])
    index.apply([first])
    assert versions_of(index, second)[0].text == second.text
    index.apply(remove=["a"])
    assert versions_of(index, first, second) == [None, None]


def test_times_told_are_found_within_days_and_filters(index):
    index.apply(
        [
            make_article("a", "It sank on Wednesday. It will go in July.", published="2021-06-17"),
            make_article("b", "It sank on June 16. It was built in 1990.", published="2021-06-20"),
        ]
    )
    june = date(2021, 6, 1), date(2021, 6, 30)

    def told(search, first, last):
        keys = search.told_between(first, last, 9)
        passages = search.passages(keys)
        return [passages[key].article.id for key in keys]

    with index.searching() as search:
        assert told(search, *june) == ["a", "b"]
        assert told(search, date(1980, 1, 1), date(2030, 1, 1)) == ["a", "b"]
        assert told(search, date(2021, 7, 1), date(2021, 7, 31)) == ["a"]
        assert told(search, date(1990, 1, 1), date(1990, 12, 31)) == []
    with index.searching(Filters(as_of=date(2021, 6, 17))) as search:
        assert told(search, *june) == ["a"]


def test_a_repair_brings_older_versions_over(index, settings):
    first, second = make_article("a", "The first text."), make_article("a", "The second text.")
    index.apply([first])
    index.apply([second])
    index.finish()
    index.close()
    _rebuild(index.folder, HashingEmbedder(64), settings)
    again = PassageIndex(index.folder, HashingEmbedder(64), settings)
    assert versions_of(again, first, second) == [first, None]
    again.close()


def test_vectors_of_another_past_are_not_used(index, settings, tmp_path):
    index.apply([make_article("a", "The ferry sank.")])
    index.finish()
    shutil.copytree(index.folder, tmp_path / "put back")
    index.apply([make_article("x", "A zeppelin landed.")])
    index.finish(always=True)
    other = PassageIndex(tmp_path / "put back", HashingEmbedder(64), settings)
    other.apply([make_article("y", "A tram derailed.")])
    other.finish()
    other.close()
    shutil.copy(index.folder / "vectors.faiss", tmp_path / "put back" / "vectors.faiss")
    again = PassageIndex(tmp_path / "put back", HashingEmbedder(64), settings)
    with again.searching() as search:
        query = HashingEmbedder(64).embed(["Title of y\nA tram derailed."])[0]
        (best, *_) = search.nearest(query, 2)
        assert search.passages([best.key])[best.key].article.id == "y"
        assert best.score == pytest.approx(1.0, abs=1e-5)
    again.close()
