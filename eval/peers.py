"""Compares our speed with LlamaIndex, Haystack and txtai: same articles and embedder, 2 cores.

    python eval/peers.py --venvs FOLDER [--articles 200] [--rounds 3]

Each of the others runs in its own environment; the table leaves out those that are missing:

    python -m venv FOLDER/llamaindex; python -m venv FOLDER/haystack; python -m venv FOLDER/txtai
    FOLDER/llamaindex/bin/pip install -c constraints.txt torch faiss-cpu llama-index-core
        llama-index-embeddings-huggingface llama-index-vector-stores-faiss
    FOLDER/haystack/bin/pip install -c constraints.txt torch haystack-ai sentence-transformers
        sentence-transformers-haystack
    FOLDER/txtai/bin/pip install -c constraints.txt torch txtai chonkie

Each program follows its own documentation, with passages of about 200 tokens and an overlap of
about 20, and searches by vectors only. Ours searches by vectors and by words, and loads everything
that it needs for answers. The time of a build starts after the model is loaded and ends when the
index is on disk. A cold start lasts from the start of a new process to the passages for its first
question. No program uses the network. The script reads memory from /proc, so it needs Linux.

If other work runs on the same cores, set OMP_WAIT_POLICY=passive for all programs: spinning threads
slow short questions down many times, and only our program sets it itself.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import _article, _sentences
from peer_programs import ASK, BUILD, OURS, SYSTEMS
from rich.console import Console
from rich.table import Table

from qa_bot.models import BUNDLED_MODEL, has_bfloat16, weights_folder
from qa_bot.resources import resource

_CORES = 2
_QUESTIONS = 31  # the first is the cold start's
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "CUDA_VISIBLE_DEVICES": "",
}

# The program of each environment: to_build(model, folder) loads the model and returns a function
# that builds the index and returns the number of passages; to_search(model, folder) opens the index
# and returns a function that finds ten passages for a question.


def main() -> None:
    """Run the rounds, the systems in turn, and print one table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venvs", type=Path, required=True, help="folder of the environments")
    parser.add_argument("--articles", type=int, default=200, help="articles of the index")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over the systems")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    figures: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_articles(folder / "articles.jsonl", arguments.articles)
        _write_questions(folder / "questions.txt")
        for system, figure in _rounds(folder, arguments.venvs, arguments.rounds):
            figures.setdefault(system, []).append(figure)
    if OURS not in figures:
        sys.exit("Our own measurement failed, so there is nothing to compare with.")
    policy = os.environ.get("OMP_WAIT_POLICY", "not set")
    title = f"bfloat16 on this processor: {has_bfloat16()}; OMP_WAIT_POLICY: {policy}"
    Console().print(_table(figures, title))


def _rounds(folder: Path, venvs: Path, rounds: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the figures of each system and round; leave out systems that are missing or fail."""
    console = Console(stderr=True)
    pythons = {system: venvs.absolute() / system / "bin" / "python" for system in SYSTEMS}
    pythons[OURS] = Path(sys.executable)
    for system in [system for system, python in pythons.items() if not python.exists()]:
        console.print(f"{system}: there is no {pythons.pop(system)}; left out")
    for number in range(rounds):
        for system, python in list(pythons.items()):
            try:
                yield system, _measured(system, python, folder, f"{system}-{number}")
                console.print(f"… round {number + 1}, {system}")
            except subprocess.CalledProcessError as exc:
                del pythons[system]
                console.print(f"{system} failed; left out\n{exc.stderr[-2000:]}", markup=False)


def _measured(system: str, python: Path, folder: Path, index: str) -> dict[str, float]:
    """Build an index in one process and ask it in another; return the figures of both."""
    built = _run(python, SYSTEMS[system] + BUILD, folder, index, "articles.jsonl")
    asked = _run(python, SYSTEMS[system] + ASK, folder, index, "questions.txt")
    times = sorted(asked["milliseconds"])
    return {
        "passages": built["passages"],
        "passages/s": built["passages"] / built["seconds"],
        "build, s": built["seconds"],
        "cold start, s": asked["cold"],
        "warm p50, ms": statistics.median(times),
        "warm p95, ms": times[int(len(times) * 0.95)],
        "building, MB": built["megabytes"],
        "asking, MB": asked["megabytes"],
    }


def _run(python: Path, program: str, folder: Path, index: str, given: str) -> dict[str, Any]:
    """Run a program in an environment; return the JSON of its last line."""
    model = weights_folder(BUNDLED_MODEL)
    environment = {key: value for key, value in os.environ.items() if "TIKTOKEN" not in key}
    command: list[str | Path] = [python, "-c", program, model, folder / index, folder / given]
    command.append(str(time.time()))
    done = subprocess.run(
        command, cwd=folder, env=environment | _OFFLINE, capture_output=True, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _table(figures: dict[str, list[dict[str, float]]], title: str) -> Table:
    """Return the medians over the rounds, with their ratio to ours in brackets."""
    table = Table("median (÷ ours)", *figures, title=title)
    for row in figures[OURS][0]:
        medians = {
            system: statistics.median(figure[row] for figure in rounds)
            for system, rounds in figures.items()
        }
        ours = medians.pop(OURS)
        others = [f"{_shown(value)} ({value / ours:.2f})" for value in medians.values()]
        table.add_row(row, _shown(ours), *others)
    return table


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _write_articles(path: Path, n_articles: int) -> None:
    """Write the articles of bench.py as JSON lines."""
    sentences = _sentences()
    made = (_article(sentences, number) for number in range(n_articles))
    lines = [json.dumps({"id": a.id, "title": a.title, "text": a.text}) for a in made]
    path.write_text("\n".join(lines), encoding="utf-8")


def _write_questions(path: Path) -> None:
    """Write the first questions of the sample set, one on each line."""
    queries = resource("eval/datasets/sample") / "queries.jsonl"
    lines = queries.read_text(encoding="utf-8").splitlines()[:_QUESTIONS]
    path.write_text("\n".join(json.loads(line)["text"] for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
