"""The contract of VectorIndex, held against numpy: ids *and numbers*."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.filters import Filters
from qa_bot.index.layout import VECTORS_NAME
from qa_bot.index.store.rows import Rows, day_number, name_hash
from qa_bot.index.vectors.faiss import FaissIndex, kind_for

DIM = 16


def unit_rows(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def rows_of(keys, vectors):
    """Rows of articles on three days (or none), of two publishers, three passages each."""
    keys = np.asarray(keys, dtype=np.int64)
    days = np.array([day_number(DAYS[key % len(DAYS)]) for key in keys], dtype=np.int32)
    publishers = np.array([name_hash(f"p{key % 2}") for key in keys], dtype=np.int64)
    articles = np.array([name_hash(f"a{key // 3}") for key in keys], dtype=np.int64)
    return Rows(keys, vectors, days, days, publishers, articles)


DAYS = (date(2021, 3, 1), date(2021, 3, 2), None, date(2022, 1, 5))


def built(n, kind):
    rows = rows_of(range(100, 100 + n), unit_rows(n))
    return FaissIndex.build(DIM, n, lambda: iter([rows]), kind)


@pytest.fixture(params=["in memory", "built", "half and half"])
def filled(request):
    if request.param == "built":
        return built(200, "exact")
    index = built(90, "exact") if request.param == "half and half" else FaissIndex(DIM)
    begin = len(index)
    index.add(rows_of(range(100 + begin, 300), unit_rows(200)[begin:]))
    return index


def brute_force(query, keys, rows, k):
    scores = rows @ query
    order = sorted(range(len(keys)), key=lambda i: (-scores[i], keys[i]))[:k]
    return [(keys[i], float(scores[i])) for i in order]


def test_search_equals_brute_force_in_keys_and_scores(filled):
    for query in unit_rows(20, seed=1):
        expected = brute_force(query, list(range(100, 300)), unit_rows(200), 10)
        found = filled.search(query, 10)
        assert [scored.key for scored in found] == [key for key, _ in expected]
        assert np.allclose([s.score for s in found], [score for _, score in expected], atol=1e-6)


def test_best_comes_first(filled):
    found = filled.search(unit_rows(200)[7], 3)
    assert found[0].key == 107
    assert found[0].score == pytest.approx(1.0, abs=1e-6)
    assert found[0].score > found[1].score > found[2].score


NARROWED = st.builds(
    Filters,
    since=st.sampled_from([None, *filter(None, DAYS)]),
    until=st.sampled_from([None, *filter(None, DAYS)]),
    publisher=st.sampled_from([None, "P0", "p1", "nobody"]),
    articles=st.sampled_from([(), ("a40",), ("a40", "a41", "a99")]),
    as_of=st.sampled_from([None, *filter(None, DAYS)]),
)


def admits(filters, key):
    day = DAYS[key % len(DAYS)]
    within = not filters.dated or (
        day is not None and (filters.since or day) <= day <= (filters.last or day)
    )
    by = not filters.publisher or filters.publisher.casefold() == f"p{key % 2}"
    return within and by and (not filters.articles or f"a{key // 3}" in filters.articles)


@settings(max_examples=60, deadline=None)
@given(NARROWED, st.integers(1, 20), st.sampled_from(["exact", "ivf"]))
def test_filter_is_applied_before_the_top_k(filters, k, kind):
    index = built(120, kind)
    index.add(rows_of(range(220, 300), unit_rows(200)[120:]))
    index.remove([110, 250])
    query = unit_rows(1, seed=2)[0]
    keys = [key for key in range(100, 300) if admits(filters, key) and key not in (110, 250)]
    expected = brute_force(query, keys, unit_rows(200)[[key - 100 for key in keys]], k)
    found = index.search(query, k, filters)
    if kind == "exact":
        assert [scored.key for scored in found] == [key for key, _ in expected]
    else:  # so few are all looked at; eight bits a number put two of like score in either order
        assert len(found) == len(expected)
        scores = [score for _, score in expected]
        assert np.allclose([s.score for s in found], scores, atol=0.02)
        assert all(s.key in keys for s in found)


@pytest.mark.parametrize(
    ("n", "wanted", "kind"),
    [(10, "auto", "exact"), (100_001, "auto", "ivf"), (10**7, "exact", "exact"),
     (500, "ivf", "exact"), (5_000, "ivf", "ivf")],
)  # fmt: skip
def test_the_kind_follows_the_size_unless_it_is_named(n, wanted, kind):
    assert kind_for(n, wanted) == kind


def test_an_inverted_file_finds_most_of_the_nearest():
    index = built(4_000, "ivf")
    rows, found, wanted = unit_rows(4_000), 0, 0
    for query in unit_rows(30, seed=4) * 0.3 + rows[:30]:
        expected = {key for key, _ in brute_force(query, list(range(100, 4_100)), rows, 10)}
        found += len(expected & {s.key for s in index.search(query, 40)})
        wanted += len(expected)
    assert index.kind == "ivf" and found / wanted > 0.5  # of noise, in 1 list of 32


def test_removed_vectors_are_found_no_more(filled):
    query = unit_rows(200)[7]
    filled.remove([107, 9999])
    assert 107 not in [scored.key for scored in filled.search(query, 200)]
    assert len(filled) == 199
    assert filled.keys().tolist() == [key for key in range(100, 300) if key != 107]


def test_more_than_there_are_gives_all_of_them(filled):
    assert len(filled.search(unit_rows(1)[0], 1000)) == 200
    assert FaissIndex(DIM).search(unit_rows(1)[0], 5) == []


@pytest.mark.parametrize("kind", ["exact", "ivf"])
def test_saved_index_gives_the_same_hits_and_takes_more(kind, tmp_path):
    index = built(2_000, kind)
    index.generation = 7
    index.save(tmp_path, "an-index")
    loaded = FaissIndex.load(tmp_path, "an-index", DIM)
    query, publisher = unit_rows(1, seed=3)[0], Filters(publisher="p1")
    assert loaded.search(query, 20) == index.search(query, 20)
    assert loaded.search(query, 20, publisher) == index.search(query, 20, publisher)
    assert (loaded.generation, loaded.kind, loaded.unsaved) == (7, kind, 0)
    for one in (index, loaded):
        one.add(rows_of([5_000], query[None]))
        one.remove([100, 101])
    assert loaded.search(query, 1)[0].key == 5_000
    assert loaded.search(query, 50) == index.search(query, 50)
    assert loaded.keys().tolist() == index.keys().tolist()


def test_only_an_index_as_it_was_built_is_written(filled, tmp_path):
    filled.remove([107])
    with pytest.raises(ValueError, match="as it was built"):
        filled.save(tmp_path, "an-index")


@pytest.mark.parametrize("damage", ["flip", "cut", "zero tail", "empty"])
def test_damaged_file_is_never_loaded(tmp_path, damage):
    built(200, "exact").save(tmp_path, "an-index")
    path = tmp_path / VECTORS_NAME
    data = bytearray(path.read_bytes())
    for position in range(0, len(data), max(1, len(data) // 40)):
        changed = bytearray(data)
        if damage == "flip":
            changed[position] ^= 1
        elif damage == "cut":
            changed = changed[:position]
        elif damage == "zero tail":
            changed[max(position, 1) :] = bytes(len(data) - max(position, 1))
        else:
            changed = bytearray()
        path.write_bytes(changed)
        assert FaissIndex.load(tmp_path, "an-index", DIM) is None


def test_file_of_another_index_is_not_loaded(tmp_path):
    built(200, "exact").save(tmp_path, "an-index")
    assert FaissIndex.load(tmp_path, "another", DIM) is None
    assert FaissIndex.load(tmp_path, "an-index", DIM + 1) is None
