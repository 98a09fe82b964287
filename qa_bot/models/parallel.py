"""Embed on many cores or machines, in the same batches and so with the same vectors.

On one machine a pool of processes shares the cores; on a cluster Ray Data distributes the batches.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import Any

import numpy as np

from qa_bot.errors import ConfigError, EmbedderError
from qa_bot.models.embedder import Embedder, Progress, Vectors, load_embedder, text_batches
from qa_bot.models.runtime import limit_threads

_FEWEST_BATCHES = 4  # below this the caller's process embeds by itself; chosen by hand
_BLOCKS_PER_WORKER = 4  # blocks of a Ray data set; chosen by hand

Spread = Callable[[Sequence[Sequence[str]]], Iterable[Vectors]]


def spread_embedder(name: str, workers: int, ray: str = "") -> Embedder:
    """Return the embedder of this name, with its work spread over processes.

    Args:
        name: the name in the settings.
        workers: number of processes, at least 1; 1 without Ray is the process of the caller.
        ray: "auto", the address of a Ray cluster, or "local"; empty for no Ray.

    Raises:
        ConfigError: Ray is not installed.
        EmbedderError: the embedder cannot be loaded.
    """
    here = load_embedder(name)
    if ray:
        return SpreadEmbedder(here, _on_ray(name, workers, ray))
    return SpreadEmbedder(here, _on_processes(name, workers)) if workers > 1 else here


class SpreadEmbedder:
    """An embedder that hands its batches to other processes, and embeds few texts by itself."""

    def __init__(self, here: Embedder, spread: Spread) -> None:
        """Use ``here`` for counting and for few texts, and ``spread`` for all others."""
        self.name, self.fingerprint = here.name, here.fingerprint
        self.dim, self.max_pieces = here.dim, here.max_pieces
        self._here = here
        self._spread = spread

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, without special ones."""
        return self._here.count_pieces(texts)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length, in the order of the texts.

        Raises:
            EmbedderError: a worker process died.
        """
        places = text_batches(texts)
        if len(places) < _FEWEST_BATCHES:
            return self._here.embed(texts, progress)
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        found = self._spread([[texts[place] for place in batch] for batch in places])
        for batch, rows in zip(places, found, strict=True):
            vectors[batch] = rows
            if progress:
                progress(len(batch))
        return vectors


def _on_processes(name: str, workers: int) -> Spread:
    """Return a function that embeds batches in a process pool, started at its first call."""

    @cache
    def pool() -> ProcessPoolExecutor:
        threads = max(1, (os.cpu_count() or 1) // workers)
        fresh = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
        return ProcessPoolExecutor(workers, fresh, _prepare, (name, threads))

    def spread(texts: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        try:
            yield from pool().map(_embed, texts)
        except BrokenProcessPool as exc:
            raise EmbedderError(
                "A worker process ended before its time (memory?). What was committed before is "
                "safe; run the command again, with fewer workers."
            ) from exc

    return spread


_of_worker: dict[str, Embedder] = {}  # the embedder of this worker process


def _prepare(name: str, threads: int) -> None:
    """Load the embedder in a worker process, on its share of the cores."""
    limit_threads(threads)
    _of_worker["embedder"] = load_embedder(name)


def _embed(texts: Sequence[str]) -> Vectors:
    return _of_worker["embedder"].embed(texts)


def _on_ray(name: str, workers: int, address: str) -> Spread:
    """Return a function that embeds batches on a Ray cluster, or on a local Ray."""
    try:
        import ray
    except ModuleNotFoundError as exc:
        raise ConfigError("ray", "Embedding on Ray needs: pip install 'qa-bot[ray]'") from exc

    def spread(texts: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        if not ray.is_initialized():
            known = {} if address == "local" else {"address": address}
            own = {"num_cpus": workers} if address == "local" else {}
            ray.init(**known, **own, include_dashboard=False, log_to_driver=False)
            ray.data.DataContext.get_current().enable_progress_bars = False
        rows = [{"batch": number, "texts": list(batch)} for number, batch in enumerate(texts)]
        computed = ray.data.from_items(
            rows, override_num_blocks=min(len(rows), _BLOCKS_PER_WORKER * workers)
        ).map(_RayWorker, fn_constructor_args=(name,), concurrency=workers)
        found: dict[int, Vectors] = {
            row["batch"]: np.asarray(row["vectors"], dtype=np.float32)
            for row in computed.iter_rows()
        }
        yield from (found[number] for number in range(len(rows)))

    return spread


class _RayWorker:
    """An embedder in a Ray worker."""

    def __init__(self, name: str) -> None:
        self._embedder = load_embedder(name)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"batch": row["batch"], "vectors": self._embedder.embed(list(row["texts"]))}
