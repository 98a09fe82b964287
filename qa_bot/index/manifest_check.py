"""Compare what an index was made with to the embedder and the settings in use."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from qa_bot.errors import IndexMismatchError
from qa_bot.index.store import Manifest
from qa_bot.models import Embedder
from qa_bot.settings import Settings


def check_manifest(
    place: Path | str, manifest: Manifest, embedder: Embedder, settings: Settings
) -> None:
    """Refuse an index that was made with another embedder or other settings.

    Raises:
        IndexMismatchError: it was; the message has the command that makes it anew.
    """
    compared = (
        ("the embedder", manifest.embedder, embedder.name),
        ("embedder weights", manifest.embedder_fingerprint[:12], embedder.fingerprint[:12]),
        ("vectors of length", manifest.dim, embedder.dim),
        ("chunk_tokens", manifest.chunk_tokens, settings.chunk_tokens),
        ("chunk_overlap", manifest.chunk_overlap, settings.chunk_overlap),
    )
    differing = [one for one in compared if one[2] is not None and one[1] != one[2]]
    if differing:
        command = {
            "the embedder": f"--embedder {quote(settings.embedder)}",
            "chunk_tokens": f"--chunk-tokens {settings.chunk_tokens}",
        }
        options = [command[what] for what, *_ in differing if what in command]
        what, expected, found = differing[0]
        raise IndexMismatchError(place, what, expected, found, _remedy(place, options))


def _remedy(place: Path | str, options: list[str]) -> str:
    if isinstance(place, str):  # a database, which no repair makes anew
        return "Use the same setting again, or build an index in another database from its files."
    command = " ".join(("qa-bot doctor --repair --index", quote(str(place)), *options))
    return (
        f"Use the same setting again, or make the index anew from its own articles with: {command}"
    )
