"""The vectors' file of an index follows the store it belongs to."""

import shutil

import pytest
from making import make_article

from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder


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
