"""Write the releases of the data set ``natural-press``, whose text is not part of the project.

    python eval/press.py TRAIN_FOLDER

TRAIN_FOLDER holds ``press/corpus.jsonl`` (or ``.gz``) with 14,000 public-domain press releases. The
chosen ones go into ``eval/datasets/natural-press/corpus.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from training.examples import read_rows

FOLDER = Path(__file__).resolve().parent / "datasets" / "natural-press"
CORPUS = FOLDER / "corpus.jsonl"


def main() -> int:
    """Write the corpus and print the number of releases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder / "press"
    wanted = set((FOLDER / "releases.txt").read_text(encoding="utf-8").split())
    chosen = [row for row in read_rows(folder, "corpus.jsonl") if row["id"] in wanted]
    if len(chosen) < len(wanted):
        print(f"{folder} has only {len(chosen)} of the {len(wanted)} releases; nothing was written")
        return 1
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)
    CORPUS.write_text("".join(lines), encoding="utf-8")
    print(f"{len(chosen)} releases are in {CORPUS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
