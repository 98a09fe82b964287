"""The contract of VectorIndex, held against numpy: ids *and numbers*."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.vectors.faiss import FILE_NAME, FaissIndex

DIM = 16


def unit_rows(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def filled():
    index = FaissIndex(DIM)
    index.add(range(100, 300), unit_rows(200))
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


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(100, 299), max_size=40), st.integers(1, 20))
def test_filter_is_applied_before_the_top_k(allowed, k):
    index = FaissIndex(DIM)
    index.add(range(100, 300), unit_rows(200))
    query = unit_rows(1, seed=2)[0]
    keys = sorted(allowed)
    expected = brute_force(query, keys, unit_rows(200)[[key - 100 for key in keys]], k)
    found = index.search(query, k, np.array(keys, dtype=np.int64))
    assert [scored.key for scored in found] == [key for key, _ in expected]


def test_removed_vectors_are_found_no_more(filled):
    query = unit_rows(200)[7]
    filled.remove([107, 9999])
    assert 107 not in [scored.key for scored in filled.search(query, 200)]
    assert len(filled) == 199
    assert filled.keys().tolist() == [key for key in range(100, 300) if key != 107]


def test_more_than_there_are_gives_all_of_them(filled):
    assert len(filled.search(unit_rows(1)[0], 1000)) == 200
    assert FaissIndex(DIM).search(unit_rows(1)[0], 5) == []


def test_saved_index_gives_the_same_hits(filled, tmp_path):
    filled.generation = 7
    filled.save(tmp_path, "an-index")
    loaded = FaissIndex.load(tmp_path, "an-index", DIM)
    query = unit_rows(1, seed=3)[0]
    assert loaded.search(query, 20) == filled.search(query, 20)
    assert loaded.generation == 7


@pytest.mark.parametrize("damage", ["flip", "cut", "zero tail", "empty"])
def test_damaged_file_is_never_loaded(filled, tmp_path, damage):
    filled.save(tmp_path, "an-index")
    path = tmp_path / FILE_NAME
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


def test_file_of_another_index_is_not_loaded(filled, tmp_path):
    filled.save(tmp_path, "an-index")
    assert FaissIndex.load(tmp_path, "another", DIM) is None
    assert FaissIndex.load(tmp_path, "an-index", DIM + 1) is None
