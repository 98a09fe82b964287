"""Find the folders that belong to the program, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the path of a bundled folder or file, such as ``index/articles``.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for root in (_PACKAGE / "_bundled", _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is missing from this installation. Reinstall qa-bot.")


def sample_articles() -> Path:
    """Return the folder of the sample articles."""
    return resource("index/articles")


def model_folder(name: str) -> Path:
    """Return the folder of one of qa-bot's own models, such as ``reader``."""
    return _PACKAGE / "_weights" / name
