"""An index folder → a copy of it at one committed state, whole or not there at all."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from qa_bot.errors import IndexMissingError, IndexStoreError
from qa_bot.store import Manifest, SQLiteStore, writer_lock
from qa_bot.store.durable import LOCK_NAME, PID_NAME, sync_folder

_LEFT = {LOCK_NAME, PID_NAME}


def copy_index(source: Path, target: Path, lock_wait_s: float) -> Manifest:
    """Copy an index into a folder that is not there yet; nothing is embedded again.

    No writer can commit meanwhile; readers go on. The copy is checked before it gets its name.

    Raises:
        IndexMissingError: there is no index in the source.
        IndexBusyError: a writer was at work all the time.
        IndexStoreError: the target is there already, or cannot be written.
    """
    if not source.is_dir():
        raise IndexMissingError(source)
    if target.exists():
        raise IndexStoreError(
            target, f"{target} is there already; nothing was copied. Name a folder that is not."
        )
    partial = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with writer_lock(source, lock_wait_s):
            partial.mkdir()
            for path in sorted(source.iterdir()):
                if path.is_file() and path.name not in _LEFT:
                    _copy(path, partial / path.name)
        manifest = _checked(partial)
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as exc:
        raise IndexStoreError(
            target,
            f"{target} cannot be written ({exc.strerror}); the index at {source} is as it was.",
        ) from exc
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _copy(path: Path, copy: Path) -> None:
    shutil.copyfile(path, copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())


def _checked(folder: Path) -> Manifest:
    store = SQLiteStore(folder)
    try:
        with store.reading() as snapshot:
            return snapshot.manifest
    finally:
        store.close()
