"""Write the releases of two data sets, whose text is not part of the project.

    python eval/press.py TRAIN_FOLDER

TRAIN_FOLDER holds ``press/corpus.jsonl`` (or ``.gz``) with 14,000 public-domain press releases. The
chosen ones go into ``corpus.jsonl`` of ``natural-press`` and of the sets after it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from training.examples import read_rows

DATASETS = Path(__file__).resolve().parent / "datasets"
NAMES = ("natural-press", "natural-press-second", "natural-press-third")


def main() -> int:
    """Write each corpus and print the number of its releases."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder / "press"
    releases = list(read_rows(folder, "corpus.jsonl"))
    for name in NAMES:
        wanted = set((DATASETS / name / "releases.txt").read_text(encoding="utf-8").split())
        chosen = [row for row in releases if row["id"] in wanted]
        if len(chosen) < len(wanted):
            print(f"{folder} has only {len(chosen)} of the {len(wanted)} releases of {name}")
            return 1
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)
        (DATASETS / name / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{len(chosen)} releases are in {DATASETS / name / 'corpus.jsonl'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
