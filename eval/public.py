"""Figures on public development sets, with the published figures next to ours.

    python eval/public.py DEV_FOLDER --limit 300 > table.md

Each set is a folder with `queries.jsonl` and `corpus.jsonl`; each question
searches all passages of its set.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from qa_bot.evaluation import evaluate

# Figures of others by the same definition; "gold": the reader is given the right passage.
PUBLISHED = {
    "squad2": "gold passage: 70–76 F1 for readers of this size trained on all 130,000 questions",
    "nq_retrieval": "",
    "clapnq": "",
    "tweetqa": "",
    "quail_news": "",
    "tsqa": "",
}
FIGURES = (
    "R@10 articles",
    "nDCG@10 articles",
    "token F1",
    "F1, declining counted",
    "declined when it should",
    "refusal F1",
    "AURC",
)


def main() -> int:
    """Print a Markdown table with a line for each set in the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=300, help="questions of each set")
    parser.add_argument("--sets", nargs="+", default=list(PUBLISHED))
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="chosen")
    arguments = parser.parse_args()
    chosen = dict(pair.split("=", 1) for pair in arguments.chosen)
    print(f"| set | n | {' | '.join(FIGURES)} | published |")
    print("|---" * (len(FIGURES) + 3) + "|")
    for name in arguments.sets:
        if (arguments.folder / name / "queries.jsonl").exists():
            report = evaluate(arguments.folder / name, chosen, arguments.limit)
            cells = " | ".join(_cell(report["figures"].get(figure)) for figure in FIGURES)
            print(f"| {name} | {report['n']} | {cells} | {PUBLISHED[name]} |", flush=True)
    return 0


def _cell(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "–"
    return f"{figure['mean']:.3f} ({figure['low']:.2f}–{figure['high']:.2f})"


if __name__ == "__main__":
    sys.exit(main())
