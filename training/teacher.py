"""The teacher: labels of the large reader, and its last layer, for the small reader to learn.

``python -m training.teacher --model qa_bot/_weights/reader-large --work FOLDER``; the labels of 256
examples at a time go to ``FOLDER/labels`` (about 80 MB). Another run, also at the same
time, makes the missing labels.
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

from qa_bot.models import BATCH_PIECES, CrossEncoder, batches_by_length
from training.examples import Example
from training.loop import Taught

log = logging.getLogger("training")
SHARD = 256
# The share of each kind that gets a label.
WORTH = {
    "squad2": 1.0, "qed": 0.5, "mined": 0.3, "corrupted": 0.3, "misplaced": 0.8, "without": 0.5,
}  # fmt: skip


class Teacher(CrossEncoder):
    """A trained model that also returns its last layer."""

    def label(self, examples: Sequence[Example]) -> dict[str, Taught]:
        """Return labels by the examples' keys; contexts longer than one window get none."""
        encodings = self._encode([(e.question, e.context) for e in examples])
        whole = [i for i, encoding in enumerate(encodings) if not encoding.overflowing]
        lengths = [len(encodings[i].ids) for i in whole]
        labels: dict[str, Taught] = {}
        for places in batches_by_length(lengths, BATCH_PIECES):
            chosen = [whole[place] for place in places]
            hidden = self._hidden([encodings[i] for i in chosen])
            windows = self._windows([encodings[i] for i in chosen], hidden)
            level = torch.nn.functional.layer_norm(hidden.float(), hidden.shape[-1:]).half()
            for row, (i, window) in enumerate(zip(chosen, windows, strict=True)):
                parts = encodings[i].sequence_ids
                kept = [0, *(place for place, part in enumerate(parts) if part is not None)]
                ends = np.concatenate([window.first[None], window.pieces]).astype(np.float16)
                last_layer = level[row, kept].numpy()
                labels[examples[i].key] = Taught(ends, float(window.pair[0]), last_layer)
        return labels


def taught_examples(examples: Sequence[Example], seed: int) -> list[Example]:
    """Return the examples that get a label, in a random order that the seed fixes."""
    rng = random.Random(seed)
    worth = [e for e in examples if rng.random() < WORTH.get(e.origin, 0.0)]
    return rng.sample(worth, len(worth))


def read_labels(folder: Path) -> dict[str, Taught]:
    """Return all labels made so far."""
    made: dict[str, Taught] = {}
    for path in sorted(folder.glob("*.pkl")):
        made |= pickle.loads(path.read_bytes())
    return made


def main() -> None:
    """Label the examples without a label, a shard at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the large reader")
    parser.add_argument("--work", type=Path, required=True, help="of the small reader's training")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    teacher = Teacher(args.model)
    examples = taught_examples(pickle.loads((args.work / "examples.pkl").read_bytes()), args.seed)
    folder = args.work / "labels"
    folder.mkdir(exist_ok=True)
    for start in range(0, len(examples), SHARD):
        path = folder / f"{start:06d}.pkl"
        with suppress(Timeout), FileLock(path.with_suffix(".lock"), timeout=0):
            if not path.exists():
                labels = teacher.label(examples[start : start + SHARD])
                path.write_bytes(pickle.dumps(labels))
                log.info("%d of %d examples", start + SHARD, len(examples))


if __name__ == "__main__":
    main()
