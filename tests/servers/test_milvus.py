"""Milvus reads filters as the rows of the store do."""

from importlib import import_module

import numpy as np
import pytest
from making import make_article

from qa_bot import Settings
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.vectors.milvus import MilvusIndex
from qa_bot.models.embedder import HashingEmbedder

ferries = import_module("tests.index.test_filters")


@pytest.fixture(scope="module", params=["server", "in process"])
def milvus(request, tmp_path_factory):
    """The articles of the filters' cases in Milvus, and the article id of each key."""
    if request.param == "server":
        address = request.getfixturevalue("milvus_server")
    else:
        pytest.importorskip(
            "milvus_lite", reason="no milvus-lite here; make test-cluster brings it"
        )
        address = str(tmp_path_factory.mktemp("milvus") / "vectors.db")
    folder = tmp_path_factory.mktemp("index")
    index = PassageIndex.create(folder, HashingEmbedder(64), Settings(embedder="hashing-64"))
    index.apply([*ferries.ARTICLES, make_article("more", "No ferry.", publisher="wire")])
    with index._store.reading() as snapshot:
        (rows,) = snapshot.vectors()
        names = {key: p.article.id for key, p in snapshot.passages(rows.keys.tolist()).items()}
    index.close()
    vectors = MilvusIndex(address, "", index.manifest.index_id, 64)
    vectors.add(rows)
    yield vectors, rows, names
    vectors.close()


@ferries.every_filter
def test_milvus_and_rows_admit_the_same(milvus, filters, ids):
    vectors, rows, names = milvus
    found = vectors.search(np.ones(64, dtype=np.float32) / 8, 99, filters)
    assert {scored.key for scored in found} == set(rows.keys[rows.admitted(filters)].tolist())
    assert sorted(names[s.key] for s in found if names[s.key] != "more") == ids
