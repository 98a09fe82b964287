"""Figures of the check of support, on short statements in everyday words.

    python eval/statements.py [--reader small]

The data are ``eval/datasets/statements``: half of the statements are true of an article. Those over
press releases need the text that ``eval/press.py`` writes. Each statement is checked twice: against
its own article, and against all articles.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

from qa_bot import QABot, Settings
from qa_bot.resources import sample_articles

HERE = Path(__file__).resolve().parent / "datasets"
RELEASES = HERE / "natural-press" / "corpus.jsonl"
FALSE_ACCEPTED = 0.1  # the share of false statements at which true ones are counted


def main() -> int:
    """Print the figures of each part of the set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reader", default="auto", help="the setting: auto, large or small")
    parser.add_argument("--worst", type=int, default=0, help="print so many wrong verdicts")
    arguments = parser.parse_args()
    lines = (HERE / "statements" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    statements = [json.loads(line) for line in lines]
    if not RELEASES.exists():
        print("Without the press releases: see eval/press.py.")
        statements = [one for one in statements if one["set"] != "press"]
    parts = {"sample": sample_articles(), "press": RELEASES}
    for name, articles in parts.items():
        chosen = [one for one in statements if one["set"] == name]
        if not chosen:
            continue
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings.load(store="", vectors="faiss", reader=arguments.reader)
            bot = QABot.build(articles, folder, settings=settings)
            for given in (True, False):
                part = f"{name}, {'its article' if given else 'all articles'}"
                _report(part, bot, chosen, given, arguments.worst)
            bot.close()
    return 0


def _report(
    name: str, bot: QABot, statements: Sequence[dict[str, Any]], given: bool, worst: int
) -> None:
    checks = [
        bot.check(one["text"], **({"articles": one["articles"]} if given else {}))
        for one in statements
    ]
    true = np.array([one["label"] == "supported" for one in statements])
    scores = np.array([check.verdict.probability for check in checks])
    accepted = np.array([check.verdict.supported for check in checks])
    auroc = mannwhitneyu(scores[true], scores[~true]).statistic / (true.sum() * (~true).sum())
    threshold = np.quantile(scores[~true], 1 - FALSE_ACCEPTED)
    print(
        f"{name:22} n {len(true)}, AUROC {auroc:.3f}, true accepted at {FALSE_ACCEPTED:.0%} of the "
        f"false {(scores[true] > threshold).mean():.3f} (threshold {threshold:.2f}); at the set "
        f"threshold: true {accepted[true].mean():.3f}, false {accepted[~true].mean():.3f}"
    )
    wrong = sorted(
        (float(-abs(p - 0.5)), one["label"], round(float(p), 2), check.verdict.missing, one["text"])
        for p, one, check in zip(scores, statements, checks, strict=True)
        if (one["label"] == "supported") != check.verdict.supported
    )
    for _, *shown in wrong[:worst]:
        print("   ", *shown)


if __name__ == "__main__":
    sys.exit(main())
