"""The contract of Embedder on both implementations, and what the real model must hold."""

import numpy as np
import pytest

from qa_bot.errors import EmbedderError
from qa_bot.models.embedder import HashingEmbedder, PublishedEmbedder, load_embedder

TEXTS = ["The ferry sank in the bay.", "", "Célia 😀 — “yes”", "The ferry sank in the bay. " * 30]


@pytest.fixture(scope="module")
def model():
    return PublishedEmbedder()


@pytest.fixture(params=["hashing", "model"])
def embedder(request, model):
    return model if request.param == "model" else HashingEmbedder()


def test_rows_are_float32_of_unit_length_in_the_order_of_the_texts(embedder):
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (4, embedder.dim) and vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.allclose(lengths[[0, 2, 3]], 1, atol=1e-5)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.min(np.sum(vectors * alone, axis=1)[[0, 2, 3]]) > 0.999


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed([]).shape == (0, embedder.dim)
    assert embedder.count_pieces([]) == []


def test_pieces_add_up(embedder):
    one, two, both = embedder.count_pieces(["The ferry", "sank.", "The ferry sank."])
    assert one + two == both > 2


def test_progress_counts_every_text(embedder):
    done = []
    embedder.embed(TEXTS * 20, done.append)
    assert sum(done) == 80


def test_like_meanings_are_near(model):
    ferry, boat, tax = model.embed(["The ferry sank.", "A boat went down.", "Taxes were raised."])
    assert ferry @ boat > ferry @ tax + 0.2


def test_model_is_the_published_one_and_sees_256_pieces(model):
    assert model.fingerprint.startswith("53aa51172d14")
    assert (model.dim, model.max_pieces) == (384, 254)


def test_counting_pieces_does_not_change_embedding(model):
    before = model.embed(TEXTS)
    model.count_pieces(TEXTS)
    assert np.array_equal(before, model.embed(TEXTS))


def test_counting_in_one_thread_does_not_disturb_embedding_in_another(model):
    from threading import Thread

    failures = []

    def embed():
        try:
            for _ in range(15):
                model.embed(TEXTS)
        except Exception as exc:
            failures.append(exc)

    threads = [Thread(target=embed) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        model.count_pieces(TEXTS)
    assert failures == []


def test_unknown_model_is_refused_without_asking_a_hub():
    with pytest.raises(EmbedderError, match="There is no embedder 'nonsense'"):
        load_embedder("nonsense")


def test_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(EmbedderError, match="holds no model weights"):
        load_embedder(str(tmp_path))


def test_damaged_weights_are_refused(tmp_path, model):
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        load_embedder(str(folder))
