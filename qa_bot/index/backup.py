"""Copy an index at one committed state: the copy is whole, or there is none.

Between folders, the files are copied; to or from a database, the rows.
"""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from qa_bot.errors import IndexMissingError, IndexStoreError
from qa_bot.index.layout import LOCK_NAME, PID_NAME
from qa_bot.index.store import (
    Manifest,
    Snapshot,
    create_store,
    is_database,
    open_store,
    remove_left_over,
    sync_folder,
    writer_lock,
)
from qa_bot.index.vectors import LocalVectors

_SKIPPED = {LOCK_NAME, PID_NAME}


def copy_index(source: str | Path, target: str | Path, lock_wait_s: float) -> Manifest:
    """Copy an index into a folder or database that has none; nothing is embedded again.

    Args:
        source: a folder, or the URL of a database.
        target: a folder that does not exist yet, or the URL of a database without an index.
        lock_wait_s: seconds to wait for a writer.

    Raises:
        IndexMissingError: there is no index in the source.
        IndexBusyError: another program kept writing for that time.
        IndexStoreError: the target exists already, or cannot be written.
    """
    if not is_database(source) and not is_database(target):
        return _copy_folder(Path(source), Path(target), lock_wait_s)
    folder, url = _place(target)
    if not url and folder.exists():
        raise _exists_error(folder)
    with closing(open_store(*_place(source))) as origin, origin.reading() as snapshot:
        manifest = snapshot.manifest
        empty = replace(manifest, generation=0, n_articles=0, n_passages=0, corpus_hash="0" * 64)
        try:
            _fill(snapshot, folder, url, empty, lock_wait_s)
        except BaseException:
            if not url:
                shutil.rmtree(folder, ignore_errors=True)
            raise
    return manifest


def _fill(
    snapshot: Snapshot, folder: Path, url: str, manifest: Manifest, lock_wait_s: float
) -> None:
    """Create a store with the content of a snapshot."""
    create_store(folder, manifest, url, lock_wait_s)
    with closing(open_store(folder, url)) as store:
        with store.writing(lock_wait_s) as transaction:
            if transaction.manifest != manifest:
                raise _exists_error(store.place)
            transaction.take_over(snapshot)
        store.seal(lock_wait_s)
    if not url:
        _checked(folder)


def _place(place: str | Path) -> tuple[Path, str]:
    """Return the folder and the URL of a place; one of them is empty."""
    return (Path(), str(place)) if is_database(place) else (Path(place), "")


def _exists_error(place: Path | str) -> IndexStoreError:
    return IndexStoreError(
        place, f"{place} is there already; nothing was copied. Name a place that has no index."
    )


def _copy_folder(source: Path, target: Path, lock_wait_s: float) -> Manifest:
    """Copy the files of an index; writers wait meanwhile, readers do not."""
    if not source.is_dir():
        raise IndexMissingError(source)
    if target.exists():
        raise _exists_error(target)
    partial = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_left_over(target)
        with writer_lock(source, lock_wait_s):
            partial.mkdir()
            for path in sorted(source.iterdir()):
                if path.is_file() and not path.is_symlink() and path.name not in _SKIPPED:
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
    """Check a copy by opening it, and write the vectors' file if it has none."""
    with closing(open_store(folder)) as store, store.reading() as snapshot:
        LocalVectors(folder, snapshot.manifest, "auto").finish(snapshot)
        return snapshot.manifest
