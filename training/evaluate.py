"""Figures of a reader on development sets, each question with its own passage.

``python -m training.evaluate --data FOLDER --model FOLDER``
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from qa_bot.evaluation.measures import exact_match, token_f1
from qa_bot.news import header_line
from qa_bot.reading import SpanReader
from training.examples import read_rows, read_sources

SETS = ("squad2", "tweetqa", "nq_retrieval", "quail_news", "tsqa")


def gold_passage(reader: SpanReader, folder: Path, limit: int | None) -> dict[str, float]:
    """Return F1 of the answerable questions, and of all at the best threshold."""
    sources = read_sources(folder)
    pairs, golds = [], []
    for row in read_rows(folder, "queries.jsonl"):
        about = (row.get("relevant_ids") or row.get("context_ids") or [None])[0]
        if about in sources and (row["answers"] or row["unanswerable"]):
            source = sources[about]
            head = header_line(source.title, None, None)
            pairs.append((row["question"], f"{head}\n{source.text}" if head else source.text))
            golds.append([] if row["unanswerable"] else row["answers"])
    pairs, golds = pairs[:limit], golds[:limit]
    found = reader.find(pairs)
    logits = np.array([f[0].logit for f in found])
    texts = [c[f[0].start : f[0].end] for (_, c), f in zip(pairs, found, strict=True)]
    f1 = np.array([token_f1(t, g) if g else 0.0 for t, g in zip(texts, golds, strict=True)])
    em = np.array([exact_match(t, g) if g else 0.0 for t, g in zip(texts, golds, strict=True)])
    none = np.array([not g for g in golds])
    figures = {
        "n": len(pairs),
        "f1_answerable": 100 * f1[~none].mean(),
        "em": 100 * em[~none].mean(),
    }
    if none.any():
        by_threshold = {
            t: np.where(logits >= t, f1, none.astype(float)).mean()
            for t in np.quantile(logits, np.linspace(0, 1, 101))
        }
        threshold = max(by_threshold, key=by_threshold.__getitem__)
        order = logits.argsort().argsort()
        yes = (~none).sum()
        auroc = (order[~none].sum() - yes * (yes - 1) / 2) / (yes * none.sum())
        figures |= {
            "f1_all": 100 * by_threshold[threshold],
            "f1_all_at_0": 100 * np.where(logits >= 0, f1, none.astype(float)).mean(),
            "threshold": threshold, "auroc": auroc,
        }  # fmt: skip
    return {name: round(float(value), 3) for name, value in figures.items()}


def main() -> None:
    """Print a line of figures for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    reader = SpanReader(args.model, args.model.name)
    for name in args.sets:
        print(name, json.dumps(gold_passage(reader, args.data / name, args.limit)))


if __name__ == "__main__":
    main()
