"""Measures speed in one run: building, asking, cold start, memory.

    python eval/bench.py [--articles 1000] [--passages 10000]

The articles consist of shuffled sentences of the sample articles, so no network is needed. Compare
ratios between machines, not times.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from qa_bot import Article, QABot, Settings
from qa_bot.index import embedded_text
from qa_bot.models import PublishedEmbedder, has_bfloat16
from qa_bot.resources import sample_articles
from qa_bot.text import split_sentences

_QUESTIONS = (
    "When did the leaders meet in Geneva?",
    "Who won the mayoral election in Saltmere?",
    "How many homes were evacuated after the flood?",
    "What did the council decide about the bridge?",
    "Who was appointed manager of the Rovers?",
)


def main() -> None:
    """Run all measurements and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, help="articles of the asked index")
    parser.add_argument("--passages", type=int, default=10_000, help="passages of the large index")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the encoding comparison")
    arguments = parser.parse_args()
    table = Table("what", "figure", title=f"bfloat16 on this processor: {has_bfloat16()}")
    with tempfile.TemporaryDirectory() as folder:
        for row in _rows(Path(folder), arguments):
            table.add_row(*row)
            Console(stderr=True).print("…", row[0])
    Console().print(table)


def _rows(folder: Path, arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    sentences = _sentences()
    yield from _encoding(sentences, arguments.rounds)
    bot = QABot.create(folder / "asked")
    began = time.perf_counter()
    bot.add([_article(sentences, number) for number in range(arguments.articles)])
    seconds = time.perf_counter() - began
    n_passages = sum(bot.passage_counts().values())
    yield f"build, {arguments.articles} articles", f"{n_passages / seconds:.0f} passages/s"
    yield from _asking(bot)
    bot.close()
    yield from _cold_start(folder / "asked")
    yield from _large(folder, sentences, arguments.passages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "peak memory of this process", f"{peak:.0f} MB"


def _encoding(sentences: list[str], rounds: int) -> Iterator[tuple[str, str]]:
    """Compare our embedding with plain float32 encoding, in turns, on the same passages."""
    from sentence_transformers import SentenceTransformer

    from qa_bot.index import Budget, chunk

    ours = PublishedEmbedder()
    budget = Budget(200, ours.max_pieces, 1, ours.count_pieces)
    articles = [_article(sentences, number) for number in range(24)]
    texts = [embedded_text(p) for article in articles for p in chunk(article, budget)]
    plain = SentenceTransformer(str(ours.folder), device="cpu")
    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: plain.encode(texts, batch_size=32, show_progress_bar=False),
        "ours": lambda: ours.embed(texts),
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, embed in ways.items():
            began = time.perf_counter()
            embed()
            if number:  # the first round warms up
                speeds[name].append(len(texts) / (time.perf_counter() - began))
    ratios = [a / b for a, b in zip(speeds["ours"], speeds["plain"], strict=True)]
    yield "plain float32 encode, batch 32", f"{statistics.median(speeds['plain']):.0f} passages/s"
    yield "our embedding", f"{statistics.median(speeds['ours']):.0f} passages/s"
    low, high = min(ratios), max(ratios)
    yield "ours ÷ plain", f"{statistics.median(ratios):.2f} (median; {low:.2f}..{high:.2f})"


def _asking(bot: QABot) -> Iterator[tuple[str, str]]:
    answers = [bot.ask(question) for question in _QUESTIONS * 8][5:]
    for stage in ("embed", "retrieve", "read", "total"):
        times = sorted(answer.timings_ms[stage] for answer in answers)
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        yield f"warm ask, {stage}", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms"


def _cold_start(index: Path) -> Iterator[tuple[str, str]]:
    command = [sys.executable, "-m", "qa_bot.cli", "ask", _QUESTIONS[0], "--index", str(index)]
    for name, arguments in (("qa-bot ask", command), ("qa-bot --help", [*command[:3], "--help"])):
        times = []
        for _ in range(4):
            began = time.perf_counter()
            subprocess.run(arguments, capture_output=True, check=False)
            times.append(time.perf_counter() - began)
        yield f"cold start, {name}", f"{statistics.median(times[1:]):.2f} s"


def _large(folder: Path, sentences: list[str], n_passages: int) -> Iterator[tuple[str, str]]:
    """Measure an index filled without a model, so that only the index itself counts."""
    settings = Settings.load(embedder="hashing-384")
    empty, large = (QABot.create(folder / name, settings=settings) for name in ("empty", "large"))
    number = 0
    while sum(large.passage_counts().values()) < n_passages:
        large.add([_article(sentences, number + i) for i in range(500)])
        number += 500
    retrieve = sorted(large.ask(q).timings_ms["retrieve"] for q in _QUESTIONS * 6)[5:]
    yield f"retrieval at {n_passages} passages", f"p50 {statistics.median(retrieve):.1f} ms"
    ratios = []
    for one in range(10):
        article = _article(sentences, 10_000_000 + one)
        times = []
        for bot in (empty, large):
            began = time.perf_counter()
            bot.add([article])
            times.append(time.perf_counter() - began)
        ratios.append(times[1] / times[0])
    yield f"add one article: {n_passages} passages ÷ empty", f"{statistics.median(ratios):.2f}"


def _sentences() -> list[str]:
    found = []
    for path in sorted(sample_articles().rglob("*.md")):
        text = path.read_text(encoding="utf-8").split("---", 2)[2]
        found += [text[span.start : span.end] for span in split_sentences(text)]
    return found


def _article(sentences: list[str], number: int) -> Article:
    chosen = random.Random(number).sample(sentences, 18)
    return Article(f"made/{number}", f"Made article {number}", " ".join(chosen))


if __name__ == "__main__":
    main()
