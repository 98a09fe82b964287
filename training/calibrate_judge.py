"""Calibrate the large judge on statements in everyday words, and write the weights into its config.

``python -m training.calibrate_judge --model FOLDER`` fits the weight of the model's log odds, that
of shared terms, and the bias, on the statements of ``eval/datasets/statements`` over the sample
articles, each with the passages of its own article. It prints what passes at several
thresholds and writes that of ``--threshold``. ``eval/statements.py`` measures both sets.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from qa_bot import QABot, Settings
from qa_bot.grounding import SupportJudge, term_share
from qa_bot.news import passage_header
from training.calibrate import Floats, fit

_STATEMENTS = Path(__file__).parent.parent / "eval" / "datasets" / "statements" / "statements.jsonl"
_PASSAGES = 6


def features_of(judge: SupportJudge, bot: QABot, statement: dict[str, Any]) -> Floats:
    """Return (2,): the log odds of the passage that supports most, and its share of the terms."""
    text = statement["text"]
    hits = bot.search(text, k=_PASSAGES, articles=statement["articles"])
    pairs = [(text, f"{passage_header(hit.passage)}\n{hit.passage.text}") for hit in hits]
    odds = [verdict.logit for verdict in judge.judge(pairs)]
    best = int(np.argmax(odds))
    return np.array([odds[best], term_share(*pairs[best])])


def main() -> None:
    """Fit, print the shares that are recognised, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--threshold", type=float, default=0.65)
    args = parser.parse_args()
    model = args.model
    judge = SupportJudge(model)
    lines = _STATEMENTS.read_text(encoding="utf-8").splitlines()
    statements = [s for s in map(json.loads, lines) if s["set"] == "sample"]
    with tempfile.TemporaryDirectory() as scratch:
        bot = QABot.build(index=scratch, settings=Settings(reader="none"))
        features = np.array([features_of(judge, bot, one) for one in statements])
        bot.collection.close()
    true = np.array([one["label"] == "supported" for one in statements])
    weights = fit(features, true.astype(float))
    probability = 1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1])))
    for limit in (0.5, args.threshold, 0.7, 0.8):
        said = probability > limit
        shares = f"true {said[true].mean():.3f}, false {said[~true].mean():.3f}"
        print(f"accepted at {limit:.2f}: {shares}")
    path = model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    named = zip(("logit", "share", "bias"), weights, strict=True)
    config["calibration"] = {name: round(float(weight), 4) for name, weight in named}
    config["threshold"] = args.threshold
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(config["calibration"])


if __name__ == "__main__":
    main()
