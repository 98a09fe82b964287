"""Examine an index, report each finding in one line, and repair it.

The articles in the store are the truth: a repair makes everything else, the store's other tables
included, from the undamaged articles.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qa_bot.datatypes import Article
from qa_bot.errors import IndexCorruptError, IndexMissingError, IndexStoreError
from qa_bot.index.layout import NAMES, SEAL_NAME, STORE_NAME, VECTORS_NAME
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import SQLiteStore, open_store, stated_bytes, sync_folder, writer_lock
from qa_bot.models import Embedder, has_bfloat16, load_embedder
from qa_bot.settings import Settings

_BATCH = 200
_NAMED = 50  # lost articles that are named
_CUT = "cut"
_CUT_TO = 100  # a store of which less than this part is left is given up; chosen by hand
_JOURNAL_NAME = f"{STORE_NAME}-journal"


UNFINISHED = (
    "a build of this index is running or was ended before it was done: articles may be missing. "
    "If none is running, run it again (qa-bot doctor --repair takes this note away)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of the examination."""

    message: str
    wrong: bool = False

    def __str__(self) -> str:
        """Return ``ok: …`` or ``WRONG: …``."""
        return f"{'WRONG' if self.wrong else 'ok'}: {self.message}"


def examine(folder: Path, settings: Settings, *, repair: bool = False) -> list[Finding]:
    """Return the findings; with ``repair``, first repair what can be repaired.

    Raises:
        IndexMissingError: there is no index in the folder.
        EmbedderError: the embedder cannot be loaded.
    """
    if not settings.store and not (folder / STORE_NAME).is_file():
        raise IndexMissingError(folder)
    embedder = load_embedder(settings.embedder)
    findings = [_processor(), Finding(f"embedder {embedder.name} loads, {embedder.dim} dimensions")]
    problem = _problem(folder, embedder, settings)
    if problem and repair and not settings.store:
        findings += _rebuild(folder, embedder, settings)
        problem = _problem(folder, embedder, settings)
    findings.append(Finding(problem or _summary(folder, settings), wrong=bool(problem)))
    if not problem:
        with closing(PassageIndex(folder, embedder, settings)) as index:
            findings += _derived(index, repair=repair)
            findings.append(_vectors(index, settings, repair=repair))
            if repair:
                index.forget_unfinished()
            if index.is_unfinished:
                findings.append(Finding(UNFINISHED, wrong=True))
    return findings + _strangers(folder)


def _processor() -> Finding:
    dtype = "bfloat16 (the processor has it)" if has_bfloat16() else "float32 (no bfloat16 here)"
    return Finding(f"embedding is computed in {dtype}")


def _problem(folder: Path, embedder: Embedder, settings: Settings) -> str | None:
    """Check everything in the store; return the first problem, or None."""
    try:
        PassageIndex(folder, embedder, settings).close()
        with closing(open_store(folder, settings.store)) as store:
            problems = store.verify()
    except IndexStoreError as exc:
        return str(exc)
    return problems[0] if problems else None


def _summary(folder: Path, settings: Settings) -> str:
    with closing(open_store(folder, settings.store)) as store, store.reading() as snapshot:
        manifest = snapshot.manifest
    where = f" in {store.place}" if settings.store else ""
    return (
        f"store{where}: {manifest.n_articles:,} articles, {manifest.n_passages:,} passages, "
        f"generation {manifest.generation}; every row is as it was committed"
    )


def _derived(index: PassageIndex, *, repair: bool) -> list[Finding]:
    """Return a line where older rules derived the times and copies, after deriving them again."""
    made_with = index.manifest.rules_version
    if repair and index.derive_again():
        today = index.manifest.rules_version
        return [Finding(f"times and copies: derived again by today's rules (version {today})")]
    if index.has_older_rules:
        return [
            Finding(
                f"times and copies: derived by older rules (version {made_with}); the next "
                "qa-bot build, or qa-bot doctor --repair, derives them again"
            )
        ]
    return []


def _vectors(index: PassageIndex, settings: Settings, *, repair: bool) -> Finding:
    """Look at the derived vectors; rebuild them if they cannot be used and ``repair`` is set."""
    described = index.described_vectors()
    if repair and (described is None or settings.vectors != "faiss"):
        index.finish(always=True)
        described = index.described_vectors()
    if described is None:
        message = (
            "vectors: no usable file; made again from the store at each start. "
            "qa-bot doctor --repair writes it"
        )
        return Finding(message, wrong=not settings.store)
    return Finding(f"vectors: {described}")


def _strangers(folder: Path) -> list[Finding]:
    if not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir() if path.name not in NAMES)
    return (
        [Finding(f"files that are not the index's, ignored: {', '.join(names)}")] if names else []
    )


def _rebuild(folder: Path, embedder: Embedder, settings: Settings) -> list[Finding]:
    """Build a new index from the undamaged articles, and put it in the place of the old one."""
    folder = folder.absolute()
    new = folder.with_name(f".{folder.name}-repair")
    lost: list[str] = []
    with writer_lock(folder, settings.lock_wait_s):
        shutil.rmtree(new, ignore_errors=True)  # of a repair that was killed
        try:
            n_saved = _fill(new, folder, embedder, settings, lost)
            kept = _keep(folder)
            _take_over(new, folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    findings = [
        Finding(f"made anew from the {n_saved:,} articles in it that are whole"),
        Finding(f"the old store is kept as {kept.name}; delete it when you miss nothing"),
    ]
    named = [Finding(f"lost, read it in again: {what}", wrong=True) for what in lost[:_NAMED]]
    more = len(lost) - len(named)
    return [*findings, *named, *([Finding(f"lost: {more:,} more", wrong=True)] if more else [])]


def _fill(new: Path, folder: Path, embedder: Embedder, settings: Settings, lost: list[str]) -> int:
    """Build an index from the undamaged articles of another; return their number."""
    settings = _as_made(folder, settings).with_changes(vectors="faiss")
    index = PassageIndex.create(new, embedder, settings)
    folder = _lengthened(folder, new / _CUT)
    n_saved = 0
    articles = _salvaged(folder, lost)
    while batch := list(itertools.islice(articles, _BATCH)):
        index.apply(batch)
        n_saved += len(batch)
    index.keep_versions(_old_versions(folder, lost))
    index.finish()
    index.close()
    return n_saved


def _as_made(folder: Path, settings: Settings) -> Settings:
    """Return the settings, with the chunks of the old index where they say nothing else."""
    try:
        with closing(SQLiteStore(folder, check=False)) as store, store.reading() as snapshot:
            made = snapshot.manifest
    except IndexStoreError:
        return settings
    tokens, overlap = settings.chunk_tokens, settings.chunk_overlap
    return settings.with_changes(
        chunk_tokens=made.chunk_tokens if tokens is None else tokens,
        chunk_overlap=made.chunk_overlap if overlap is None else overlap,
    )


def _lengthened(folder: Path, room: Path) -> Path:
    """Return the folder, or ``room`` with a copy of its store if that was cut at its end.

    SQLite reads nothing of a file with fewer pages than its header states. The copy has zeros in
    their place: what does not lie there can be read.
    """
    path = folder / STORE_NAME
    stated, n_bytes = stated_bytes(path), path.stat().st_size
    if not n_bytes < stated <= _CUT_TO * n_bytes:
        return folder
    room.mkdir()
    shutil.copyfile(path, room / STORE_NAME)
    os.truncate(room / STORE_NAME, stated)
    return room


def _keep(folder: Path) -> Path:
    """Keep the old store under a second name, beside the first one; return the second path."""
    kept = next(
        path
        for number in itertools.count(1)
        if not (path := folder / f"{STORE_NAME}.old-{number}").exists()
    )
    journal = folder / _JOURNAL_NAME
    if journal.exists():
        _link(journal, kept.with_name(f"{kept.name}-journal"))
    _link(folder / STORE_NAME, kept)
    sync_folder(folder)
    return kept


def _link(path: Path, second: Path) -> None:
    """Give a file a second name; copy it where the file system has no hard links."""
    try:
        second.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, second)


def _take_over(new: Path, folder: Path) -> None:
    """Put the new store in the place of the old one, by one rename.

    Whoever opens the folder at any moment meanwhile finds the old store or the new one: a store
    without its seal is checked row by row, and vectors that do not fit it are made again.
    """
    for name in (SEAL_NAME, _JOURNAL_NAME):
        (folder / name).unlink(missing_ok=True)
    for name in (STORE_NAME, VECTORS_NAME, SEAL_NAME):
        (new / name).replace(folder / name)
    sync_folder(folder)


def _old_versions(folder: Path, lost: list[str]) -> list[Article]:
    """Return the undamaged earlier texts of articles; say in ``lost`` how many others there are."""
    store = SQLiteStore(folder, check=False)
    try:
        with store.reading() as snapshot:
            kept = list(snapshot.versions())
            n_lost = snapshot.n_versions - len(kept)
            if n_lost:
                lost.append(f"earlier texts of articles, {n_lost:,} of them")
            return kept
    except IndexStoreError:
        lost.append("the earlier texts of articles: they cannot be read")
        return []
    finally:
        store.close()


def _salvaged(folder: Path, lost: list[str]) -> Iterator[Article]:
    """Yield the articles with the right digest; name the others in ``lost``."""
    store = SQLiteStore(folder, check=False)
    try:
        keys = store.article_keys()
    except IndexCorruptError:
        lost.append("everything: the store is no database any more")
        keys = []
    try:
        for key in keys:
            try:
                yield store.article_if_whole(key)
            except IndexCorruptError as exc:
                lost.append(str(exc))
    finally:
        store.close()
