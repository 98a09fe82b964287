"""The encoder against sentence-transformers: the same vectors without its imports."""

import json
import random
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch

from qa_bot.errors import EmbedderError, ModelError
from qa_bot.models.embedder import PublishedEmbedder, load_embedder
from qa_bot.models.encoder import Encoder, Trained, _tensor
from qa_bot.models.weights import BUNDLED_MODEL, LARGE_MODEL, prefer_large, weights_folder

SENTENCE = "The ferry to Hesk — 14.2 million € — sank, “yes”, on Öland 😀, and nobody 北京 was hurt"
HEAVY = ("sentence_transformers", "transformers", "scipy", "sklearn")


def texts(n):
    rng = random.Random(3)
    return [
        "",
        *(" ".join(rng.choices(SENTENCE.split(), k=rng.randint(1, 300))) for _ in range(n - 1)),
    ]


@pytest.fixture(params=[(BUNDLED_MODEL, 1000), (LARGE_MODEL, 60)], ids=["MiniLM", "mpnet"])
def published(request):
    """A published model with sentence-transformers, and texts."""
    from sentence_transformers import SentenceTransformer

    name, n = request.param
    if name == LARGE_MODEL and not prefer_large():
        pytest.skip("the large weights are not installed (extra: large)")
    return name, SentenceTransformer(str(weights_folder(name)), device="cpu"), texts(n)


def test_float32_equals_sentence_transformers(published, monkeypatch):
    name, theirs, said = published
    monkeypatch.setattr("qa_bot.models.embedder.has_bfloat16", lambda: False)
    expected = theirs.encode(said, normalize_embeddings=True, batch_size=16)
    assert np.abs(PublishedEmbedder(name).embed(said) - expected).max() < 1e-5


def test_bfloat16_is_near_to_float32(monkeypatch):
    said = texts(50)
    monkeypatch.setattr("qa_bot.models.embedder.has_bfloat16", lambda: True)
    rounded = PublishedEmbedder().embed(said)
    monkeypatch.setattr("qa_bot.models.embedder.has_bfloat16", lambda: False)
    assert np.min(np.sum(PublishedEmbedder().embed(said) * rounded, axis=1)) > 0.99


def test_filling_changes_no_row():
    encoder = Encoder(weights_folder(BUNDLED_MODEL), torch.float32)
    rows = [[101, 2009, 102], [101, *range(2000, 2040), 102]]
    together = encoder.encode(rows, [[0] * len(row) for row in rows])
    alone = encoder.encode(rows[:1], [[0] * 3])
    assert torch.allclose(together[0, :3], alone[0, :3], atol=1e-5)


ROW = [[101, 2009, 102]], [[0, 0, 0]]
QUERY = "encoder.layer.0.attention.self.query.weight"


def test_trained_weights_take_the_place_of_published_ones():
    folder = weights_folder(BUNDLED_MODEL)
    published = Encoder(folder, torch.float32).encode(*ROW)
    doubled = 2 * _tensor(folder / "model.safetensors", QUERY)
    changed = Encoder(folder, torch.float32, Trained({QUERY: doubled})).encode(*ROW)
    assert not torch.allclose(changed, published, atol=0.01)


def test_adapter_is_the_same_as_its_product_added_to_the_weight():
    folder = weights_folder(BUNDLED_MODEL)
    names = [QUERY, QUERY.replace("query", "key"), QUERY.replace("query", "value")]
    names.append("encoder.layer.0.intermediate.dense.weight")
    torch.manual_seed(0)
    published = {name: _tensor(folder / "model.safetensors", name) for name in names}
    adapters = {
        name: (0.1 * torch.randn(4, weight.shape[1]), 0.1 * torch.randn(weight.shape[0], 4))
        for name, weight in published.items()
    }
    added = {
        name: weight + adapters[name][1] @ adapters[name][0] for name, weight in published.items()
    }
    beside = Encoder(folder, torch.float32, Trained(adapters=adapters)).encode(*ROW)
    assert torch.allclose(
        beside, Encoder(folder, torch.float32, Trained(added)).encode(*ROW), atol=1e-4
    )
    assert not torch.allclose(beside, Encoder(folder, torch.float32).encode(*ROW), atol=0.01)


def test_adapter_of_a_part_of_the_attention_alone_is_refused():
    adapters = {QUERY: (torch.zeros(4, 384), torch.zeros(384, 4))}
    with pytest.raises(ModelError, match="some have none"):
        Encoder(weights_folder(BUNDLED_MODEL), torch.float32, Trained(adapters=adapters))


def test_models_on_one_base_share_the_published_weights():
    folder = weights_folder(BUNDLED_MODEL)
    one, other = (Encoder(folder, torch.float32) for _ in range(2))
    assert one._words.data_ptr() == other._words.data_ptr()
    layers = one._layers[0], other._layers[0]
    assert layers[0].projected.weight.data_ptr() == layers[1].projected.weight.data_ptr()


def test_damaged_weights_are_named(tmp_path, monkeypatch):
    folder = tmp_path / "model"
    shutil.copytree(weights_folder(BUNDLED_MODEL), folder)
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(ModelError, match="cannot be read .* Install them again"):
        Encoder(folder, torch.float32)
    monkeypatch.setattr("qa_bot.models.embedder.weights_folder", lambda _: folder)
    with pytest.raises(EmbedderError, match="not the published ones"):
        load_embedder(BUNDLED_MODEL)


def test_asking_imports_no_heavy_library(tmp_path):
    code = f"""
import json, sys
from qa_bot import QABot
bot = QABot.build(index={str(tmp_path / "index")!r})
assert bot.ask("Who won the mayoral election?").text
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout.splitlines()[-1]) == []
