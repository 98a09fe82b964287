"""Measures the cost of size: whole indexes of 10,000, 100,000 and 1,000,000 passages.

    python eval/scale.py [--sizes 10000 100000] [--data FOLDER] [--into FOLDER] [--kind ivf]

A process of its own builds and searches each size. The articles consist of shuffled sentences of
the sample articles, or with --data of passages of the question sets in that folder
(``*/corpus.jsonl``). Each vector is that of a real passage plus noise: the vectors are distributed
almost like real ones, without an hour of embedding. R@10 compares with a search of all vectors. The
script prints a line of JSON for each size.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xxhash
from numpy.typing import NDArray

from qa_bot import Article, Settings
from qa_bot.datatypes import Published
from qa_bot.filters import Filters
from qa_bot.index import PassageIndex
from qa_bot.models import PublishedEmbedder
from qa_bot.resources import sample_articles
from qa_bot.text import content_words, split_sentences

_SIZES = (10_000, 100_000, 1_000_000)
_BASE = 10_000  # real passages, the source of all vectors
_NOISE = 0.6  # length of the noise; the nearest vectors are then about as near as real ones
_PER_COMMIT = 500
_ASKED = 200
_DAYS = 3_650


class MadeEmbedder:
    """Vectors of real passages, each with its own noise; equal texts have equal vectors."""

    name, fingerprint = "made-384", "made"
    max_pieces = 10_000

    def __init__(self, base: NDArray[np.float32]) -> None:
        self._base = base
        self.dim = base.shape[1]

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return a number of pieces for each text, too low for any limit."""
        return [1] * len(texts)

    def embed(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return (n, dim) float32, rows of unit length."""
        seeds = [xxhash.xxh3_64_intdigest(text.encode()) for text in texts]
        rows = np.stack([self._base[seed % len(self._base)] for seed in seeds])
        noise = np.stack(
            [np.random.default_rng(s).standard_normal(self.dim, dtype=np.float32) for s in seeds]
        )
        noise *= _NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
        made = rows + noise
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(_SIZES))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--into", type=Path, help="keep the indexes in this folder")
    parser.add_argument("--kind", default="auto", help="exact, ivf or auto")
    parser.add_argument("--plot", type=Path, help="draw the lines of an earlier run instead")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.plot:
        print(plotted(arguments.plot.read_text().splitlines()), end="")
        return
    if arguments.one:
        print(json.dumps(_measure(arguments)))
        return
    with tempfile.TemporaryDirectory() as folder:
        into = arguments.into or Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        _base_of(_texts(arguments.data), into)
        for size in arguments.sizes:
            command = [sys.executable, __file__, "--one", str(size), "--into", str(into)]
            command += ["--kind", arguments.kind]
            command += ["--data", str(arguments.data)] if arguments.data else []
            subprocess.run(command, check=True)


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    folder = arguments.into / f"{arguments.kind}-{arguments.one}"
    embedder = MadeEmbedder(np.load(arguments.into / "base.npy"))
    settings = Settings(embedder=embedder.name, vector_search=arguments.kind)
    figures: dict[str, Any] = {"passages": arguments.one}
    began = time.perf_counter()
    index = PassageIndex.create(folder, embedder, settings)
    articles = _articles(_texts(arguments.data))
    while index.manifest.n_passages < arguments.one:
        index.apply([next(articles) for _ in range(_PER_COMMIT)])
        if index.manifest.generation % 50 == 0:
            print(f"{index.manifest.n_passages:,}", file=sys.stderr, flush=True)
    figures["commits_s"] = time.perf_counter() - began
    began = time.perf_counter()
    index.finish()
    figures["finish_s"] = time.perf_counter() - began
    figures["build_peak_mb"] = _peak_mb()
    index.close()
    sizes = {path.name: path.stat().st_size / 1e6 for path in folder.iterdir()}
    figures["files_mb"] = {name: round(size, 1) for name, size in sizes.items() if size > 0.1}
    figures |= json.loads(_searched_apart(arguments))
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}


def _searched_apart(arguments: argparse.Namespace) -> str:
    """Open and search the index in a new process, to measure the memory of searching alone."""
    code = (
        f"import sys; sys.argv = ['scale']; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
        f"import scale; print(scale.searched({str(arguments.into)!r}, {arguments.kind!r}, "
        f"{arguments.one}))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout


def searched(into: str, kind: Literal["auto", "exact", "ivf"], size: int) -> str:
    """Return figures of opening and searching an index, as JSON."""
    folder = Path(into) / f"{kind}-{size}"
    embedder = MadeEmbedder(np.load(Path(into) / "base.npy"))
    settings = Settings(embedder=embedder.name, vector_search=kind)
    before = _peak_mb()
    began = time.perf_counter()
    index = PassageIndex(folder, embedder, settings)
    figures: dict[str, Any] = {"open_s": time.perf_counter() - began}
    queries = embedder.embed([f"asked {number}" for number in range(_ASKED)])
    half = Filters(as_of=date(2015, 1, 1) + timedelta(days=_DAYS // 2))
    few = Filters(publisher="Publisher 7", since=date(2024, 6, 1))
    with index.searching() as search:
        texts = [passage.text for passage in search.passages(range(1, 400)).values()]
    words = [content_words(text)[2:6] for text in texts[:_ASKED]]
    found: list[list[int]] = []
    for name, filters in (("all", Filters()), ("half", half), ("few", few)):
        times, lexical = [], []
        for query, asked in zip(queries, words, strict=False):
            with index.searching(filters) as search:
                began = time.perf_counter()
                hits = search.nearest(query, 50)
                times.append(time.perf_counter() - began)
                if name == "all":
                    found.append([scored.key for scored in hits[:10]])
                    began = time.perf_counter()
                    search.best_words(asked, 50)
                    lexical.append(time.perf_counter() - began)
        figures[f"nearest_{name}_ms"] = _middle_and_high(times)
        if lexical:
            figures["words_ms"] = _middle_and_high(lexical)
    figures["search_peak_mb"] = _peak_mb() - before
    figures["recall_at_10"] = _recall(index, queries, found)
    index.close()
    return json.dumps(figures)


def _peak_mb() -> float:
    """Return the peak memory of this process, with that of mapped files."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _middle_and_high(times: list[float]) -> list[float]:
    """Return the median and the 95th percentile, in milliseconds."""
    return [round(1000 * q, 1) for q in (statistics.median(times), np.quantile(times, 0.95))]


def _recall(
    index: PassageIndex, queries: NDArray[np.float32], found: Sequence[Sequence[int]]
) -> float:
    """Return the share of the true 10 nearest vectors that the search found."""
    best: list[list[tuple[float, int]]] = [[] for _ in found]
    with index._store.reading() as snapshot:
        for rows in snapshot.vectors():
            scores = queries @ rows.vectors.T
            top = np.argpartition(-scores, min(10, len(rows) - 1), axis=1)[:, :10]
            for number, places in enumerate(top):
                best[number] += [(-float(scores[number, p]), int(rows.keys[p])) for p in places]
                best[number] = sorted(best[number])[:10]
    right = [
        len({key for _, key in true} & set(keys)) for true, keys in zip(best, found, strict=False)
    ]
    return sum(right) / (10 * len(right))


def _texts(data: Path | None) -> list[str]:
    """Return real passages, or the sample articles' sentences."""
    if data is None:
        texts = [path.read_text(encoding="utf-8") for path in sorted(sample_articles().iterdir())]
    else:
        texts = [json.loads(line)["text"] for path in _corpora(data) for line in _lines(path)]
    return texts


def _corpora(data: Path) -> list[Path]:
    return sorted([*data.glob("*/corpus.jsonl"), *data.glob("*/corpus.jsonl.gz")])


def _lines(path: Path) -> list[str]:
    content = path.read_bytes()
    unpacked = gzip.decompress(content) if path.suffix == ".gz" else content
    return unpacked.decode("utf-8").splitlines()


def _base_of(texts: Sequence[str], into: Path) -> None:
    """Embed real passages, once."""
    if not (into / "base.npy").exists():
        chosen = random.Random(3).sample(list(texts), min(_BASE, len(texts)))
        vectors = PublishedEmbedder().embed([text[:600] for text in chosen])
        np.save(into / "base.npy", vectors)


def _articles(texts: Sequence[str]) -> Iterator[Article]:
    """Yield dated articles of about 1,000 characters, without end.

    The words of each sentence are shuffled: articles that share sentences would be copies.
    """
    rng = random.Random(5)
    sentences = [
        text[slice(*span)].strip()
        for text in rng.sample(list(texts), min(4_000, len(texts)))
        for span in split_sentences(text)
    ]
    number = 0
    while True:
        number += 1
        day = date(2015, 1, 1) + timedelta(days=rng.randrange(_DAYS))
        body = " ".join(_shuffled(rng.choice(sentences), rng) for _ in range(7))
        yield Article(
            f"made-{number}",
            f"Report {number}",
            f"Report {number}. {body}",
            publisher=f"Publisher {number % 100}",
            published=Published(day, "day", "stated"),
        )


def _shuffled(sentence: str, rng: random.Random) -> str:
    *words, last = sentence.split() or [""]
    return " ".join([*rng.sample(words, len(words)), last])


_SERIES = ("nearest_all_ms", "words_ms", "commits_s")
_WIDE, _HIGH, _EDGE = 640, 360, 48


def plotted(lines: Sequence[str]) -> str:
    """Return an SVG of cost against size, both on logarithmic axes, from this script's output."""
    rows = sorted((json.loads(line) for line in lines), key=lambda row: row["passages"])
    low, high = 1.0, 10 ** np.ceil(np.log10(max(row["commits_s"] for row in rows)))
    first, last = rows[0]["passages"], rows[-1]["passages"]

    def place(passages: int, value: float) -> str:
        across = np.log(passages / first) / np.log(last / first)
        up = np.log(max(value, low) / low) / np.log(high / low)
        x, y = _EDGE + (_WIDE - 2 * _EDGE) * across, _HIGH - _EDGE - (_HIGH - 2 * _EDGE) * up
        return f"{x:.0f},{y:.0f}"

    drawn = []
    for number, (name, colour) in enumerate(zip(_SERIES, ("#0b6", "#07c", "#a50"), strict=True)):
        values = [row[name][0] if name.endswith("ms") else row[name] for row in rows]
        points = " ".join(
            place(row["passages"], value) for row, value in zip(rows, values, strict=True)
        )
        listed = ", ".join(f"{value:g}" for value in values)
        drawn += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{_EDGE}" y="{18 + 16 * number}" fill="{colour}">{name}: {listed}</text>',
        ]
    sizes = ", ".join(f"{row['passages']:,}" for row in rows)
    drawn.append(f'<text x="{_EDGE}" y="{_HIGH - 12}" fill="#777">passages: {sizes}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" '
        f'font-family="sans-serif" font-size="13">\n' + "\n".join(drawn) + "\n</svg>\n"
    )


if __name__ == "__main__":
    main()
