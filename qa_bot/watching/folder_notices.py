"""Notices of changes in folders, also in folders that come, go and come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import watchfiles

_TICK_MS = 1_000


def changes_in(folders: Sequence[Path], stop: threading.Event) -> Iterator[set[Path]]:
    """Yield the paths that changed in folders, an empty set each second without one.

    A folder that is there again counts as changed. Where the system gives no notices, as for a
    name that is no text, the folders count as changed once, and are listened to anew.
    """
    known: dict[Path, tuple[int, int]] = {}
    while not stop.is_set():
        there = _identities(folders)
        new = {folder for folder in there if there[folder] != known.get(folder)}
        known = there
        try:
            # Listening comes first: what happens while others work on a change is not missed.
            for changes in _listen(list(there), stop):
                yield changes | new
                new = set()
                if _identities(folders) != there:
                    break
        except (OSError, RuntimeError):  # RuntimeError: any failure within watchfiles
            known = {}
            stop.wait(_TICK_MS / 1000)


def _listen(folders: Sequence[Path], stop: threading.Event) -> Iterator[set[Path]]:
    if not folders:
        while not stop.wait(_TICK_MS / 1000):
            yield set()
        return
    for changes in watchfiles.watch(
        *folders, stop_event=stop, rust_timeout=_TICK_MS, yield_on_timeout=True
    ):
        yield {Path(path) for _, path in changes}


def _identities(folders: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Return what tells a folder from another one at the same path, for those that are there."""
    found = {}
    for folder in folders:
        try:
            about = folder.stat()
        except OSError:
            continue
        if folder.is_dir():
            found[folder] = (about.st_dev, about.st_ino)
    return found
