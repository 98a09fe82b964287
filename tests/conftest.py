"""Shared fixtures: the sample articles, an index and a bot; tests use only the loopback network."""

from __future__ import annotations

import os

import pytest
from making import RAW_ARTICLES

from qa_bot import QABot, Settings
from qa_bot.corpus import Limits, Source
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

collect_ignore = ["faults/guided.py"]  # a program: it instruments its imports


@pytest.fixture(scope="session", autouse=True)
def _small_models():
    """Read and judge with the small models, a fifth of the time, unless a test names the large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_BOT_READER", "small")  # for the programs that tests start
        for module in ("reading.reader", "grounding.judge"):
            patch.setattr(f"qa_bot.{module}.prefer_large", lambda: False)
        yield


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch, tmp_path):
    """Run each test in its own folder, without settings from the environment but the reader."""
    for name in os.environ:
        if name.startswith("QA_BOT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("QA_BOT_READER", "small")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def bot(tmp_path_factory):
    """Return a bot over the sample articles, with the real embedder."""
    one = QABot.build(index=tmp_path_factory.mktemp("sample") / "index")
    yield one
    one.close()


@pytest.fixture(scope="session")
def raw_articles():
    """Return the folder of the five raw articles, if it is next to the checkout."""
    if not RAW_ARTICLES.is_dir():
        pytest.skip(f"no raw articles at {RAW_ARTICLES}")
    return RAW_ARTICLES


@pytest.fixture
def settings():
    """Return settings with an embedder that needs no model."""
    return Settings(embedder="hashing-64", lock_wait_s=1.0)


@pytest.fixture
def index(tmp_path, settings):
    """Return an empty index with the hashing embedder."""
    one = PassageIndex.create(tmp_path / "index", HashingEmbedder(64), settings)
    yield one
    one.close()


@pytest.fixture
def read(tmp_path):
    """Write bytes into a file and read it: (articles, problems)."""
    from qa_bot.corpus import Problem, read_source
    from qa_bot.corpus.scan import KINDS

    def reading(name, data, limits=Limits()):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        source = Source(path, path.stem, KINDS[path.suffix])
        items = list(read_source(source, limits))
        problems = [item for item in items if isinstance(item, Problem)]
        return [item for item in items if not isinstance(item, Problem)], problems

    return reading
