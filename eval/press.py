"""Write the releases of the data set ``natural-press``, whose text is not part of the project.

    python eval/press.py TRAIN_FOLDER

TRAIN_FOLDER holds ``press/corpus.jsonl`` (or ``.gz``) with 14,000 public-domain press releases. The
chosen ones go into ``eval/datasets/natural-press/corpus.jsonl``.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path

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
    packed = folder / "corpus.jsonl.gz"
    with (
        gzip.open(packed, "rt", encoding="utf-8")
        if packed.exists()
        else (folder / "corpus.jsonl").open(encoding="utf-8") as lines,
        CORPUS.open("w", encoding="utf-8") as corpus,
    ):
        count = 0
        for line in lines:
            if any(f'"{one}"' in line[:60] for one in wanted):
                count += corpus.write(line) > 0
    print(f"{count} of {len(wanted)} releases are in {CORPUS}")
    return 0 if count == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
