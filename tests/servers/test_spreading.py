"""The embedding stage in many processes, and on a Ray cluster of two workers: the same vectors."""

import multiprocessing

import numpy as np
import pytest

from qa_bot import QABot, Settings
from qa_bot.errors import EmbedderError
from qa_bot.models.embedder import load_embedder
from qa_bot.models.parallel import spread_embedder

NAME = "all-MiniLM-L6-v2"
TEXTS = [f"Ship {n} came to port {n % 7}. " * (1 + n % 40) for n in range(120)]


@pytest.fixture(scope="module")
def expected():
    return load_embedder(NAME).embed(TEXTS)


def test_processes_give_the_same_vectors_in_the_same_order(expected):
    done = []
    vectors = spread_embedder(NAME, 2).embed(TEXTS, done.append)
    assert sum(done) == len(TEXTS)
    assert np.allclose(vectors, expected, atol=1e-6)


def test_a_worker_that_is_killed_is_said():
    def kill_all(_done):
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(EmbedderError, match="What was committed before is safe"):
        spread_embedder("hashing-64", 2).embed(TEXTS * 50, kill_all)


def test_an_index_built_by_workers_is_the_same(tmp_path, bot):
    one = QABot.build(index=tmp_path / "index", settings=Settings(workers=2))
    question = "Who won the regatta?"
    hits = [[(h.passage.id, round(h.score, 4)) for h in b.search(question)] for b in (bot, one)]
    assert hits[0] == hits[1]
    one.close()


def test_ray_gives_the_same_vectors_in_the_same_order(expected):
    ray = pytest.importorskip("ray", reason="no Ray here; make test-cluster installs it")
    try:
        vectors = spread_embedder(NAME, 2, ray="local").embed(TEXTS)
    finally:
        ray.shutdown()
    assert np.allclose(vectors, expected, atol=1e-6)
