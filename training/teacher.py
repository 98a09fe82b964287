"""What the large reader finds in the examples: soft labels for the small one.

``python -m training.teacher --model qa_bot/_models/reader-large --work FOLDER``; the labels of 256
examples at a time go to ``FOLDER/labels``. Run again, or twice side by side, it makes what is
missing.
"""

from __future__ import annotations

import argparse
import logging
import pickle
import random
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock, Timeout

from qa_bot.crossencoder import CrossEncoder
from training.examples import Example
from training.loop import Taught

log = logging.getLogger("training")
SHARD = 256
SHORT = ("tweetqa", "qamr", "header")  # the small reader knows these: they are not worth the time


def taught_examples(examples: Sequence[Example], seed: int) -> list[Example]:
    """Return the examples worth a label, in an order of chance that the seed fixes."""
    worth = [e for e in examples if e.origin not in SHORT]
    return random.Random(seed).sample(worth, len(worth))


def label(teacher: CrossEncoder, examples: Sequence[Example]) -> dict[str, Taught]:
    """Return labels by the examples' keys; contexts longer than one window get none."""
    found = teacher.read([(e.question, e.context) for e in examples])
    return {
        example.key: Taught(
            np.concatenate([windows[0].first[None], windows[0].pieces]).astype(np.float16),
            float(windows[0].pair[0]),
        )
        for example, windows in zip(examples, found, strict=True)
        if len(windows) == 1
    }


def read_labels(folder: Path) -> dict[str, Taught]:
    """Return all labels made so far."""
    made: dict[str, Taught] = {}
    for path in sorted(folder.glob("*.pkl")):
        made |= pickle.loads(path.read_bytes())
    return made


def main() -> None:
    """Label what has no label yet, a shard at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the large reader")
    parser.add_argument("--work", type=Path, required=True, help="of the small reader's training")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    teacher = CrossEncoder(args.model)
    examples = taught_examples(pickle.loads((args.work / "examples.pkl").read_bytes()), args.seed)
    folder = args.work / "labels"
    folder.mkdir(exist_ok=True)
    for start in range(0, len(examples), SHARD):
        path = folder / f"{start:06d}.pkl"
        with suppress(Timeout), FileLock(path.with_suffix(".lock"), timeout=0):
            if not path.exists():
                labels = label(teacher, examples[start : start + SHARD])
                path.write_bytes(pickle.dumps(labels))
                log.info("%d of %d examples", start + SHARD, len(examples))


if __name__ == "__main__":
    main()
