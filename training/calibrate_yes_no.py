"""Calibrate the large reader and the large judge on questions of yes or no, and write the weights.

``python -m training.calibrate_yes_no --small FOLDER --model FOLDER --judge FOLDER`` reads the
questions of yes or no in ``eval/datasets``. On whether a sentence is the one that decides it fits
the weights of the judge's log odds that the sentence does not leave the question open, of the log
share of the reader's best probability, and the bias. It prints what weights fitted on the other
sets do on each.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa_bot import QABot, Settings
from qa_bot.datatypes import Evidence
from qa_bot.grounding import SupportJudge
from qa_bot.index import PassageIndex
from qa_bot.models import load_embedder
from qa_bot.news import with_header
from qa_bot.question import Expects, understand
from qa_bot.reading import SpanReader, promising_hits
from qa_bot.reading.cascade_reader import MAY_DECIDE, log_odds
from qa_bot.retrieval import Query, retrieve
from training.calibrate import Floats, fit, print_thresholds

_DATASETS = Path(__file__).parent.parent / "eval" / "datasets"
_SETS = (
    "yes-no",
    "natural",
    *(f"natural-{n}" for n in ("third", "fourth", "fifth", "sixth", "seventh", "eighth")),
)
_OF_THEIR_OWN = ("natural-ninth", "natural-tenth")  # articles


@dataclass(frozen=True, slots=True)
class Read:
    """What was read for a question.

    Attributes:
        of: the set of the question.
        features: (sentences, 2).
        right: (sentences,), 1 for those that decide.
        answerable: whether any could.
    """

    of: str
    features: Floats
    right: Floats
    answerable: bool


@dataclass(frozen=True, slots=True)
class _Models:
    small: SpanReader
    large: SpanReader
    judge: SupportJudge


def observe(name: str, models: _Models) -> Iterator[Read]:
    """Yield what is read for each question of yes or no of a set."""
    settings = Settings(reader="none")
    embedder = load_embedder(settings.embedder)
    own = _DATASETS / name / "corpus.jsonl"
    with tempfile.TemporaryDirectory() as scratch:
        QABot.build(own if own.exists() else None, index=scratch, settings=settings).close()
        index = PassageIndex(Path(scratch), embedder, settings)
        for row in _rows(name):
            text = row["text"]
            question = understand(text, (), None, text)
            if question.expects is not Expects.YES_NO or question.parts:
                continue
            with index.searching() as search:
                query = Query.of(text, embedder.embed([text])[0], search)
                hits = retrieve(search, query, settings.hits_read, settings.dense_weight)
            promising = promising_hits(models.small, question, query, hits)
            evidence = models.large.read(question, query, promising)[:MAY_DECIDE]
            if evidence:
                right = np.array([_decides(e, row) for e in evidence], dtype=float)
                features = _features(text, evidence, models.judge)
                yield Read(name, features, right, row["answerable"])
        index.close()


def _rows(name: str) -> Iterator[dict[str, Any]]:
    lines = (_DATASETS / name / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return map(json.loads, lines)


def _features(text: str, evidence: Sequence[Evidence], judge: SupportJudge) -> Floats:
    pairs = [(text, with_header(e.text, e.article)) for e in evidence]
    told = [log_odds(1 - float(is_open)) for is_open in judge.relations(pairs)[:, 2]]
    read = np.array([e.probability for e in evidence])
    return np.stack([told, np.log(read / read[0])], axis=1)


def _decides(evidence: Evidence, row: dict[str, Any]) -> bool:
    """Return whether a sentence overlaps one that decides."""
    golds = [g for g in row.get("evidence", ()) if g["article_id"] == evidence.article.id]
    at = [(evidence.article.text.find(g["quote"]), len(g["quote"])) for g in golds]
    return any(i >= 0 and evidence.start < i + n and i < evidence.end for i, n in at)


def _fitted(read: Sequence[Read]) -> Floats:
    return fit(np.concatenate([r.features for r in read]), np.concatenate([r.right for r in read]))


def _print_use(read: Sequence[Read], weights: Floats) -> None:
    odds = [r.features @ weights[:-1] + weights[-1] for r in read]
    print_thresholds(
        np.array([1 / (1 + np.exp(-o.max())) for o in odds]),
        np.array([bool(r.right[int(o.argmax())]) for r, o in zip(read, odds, strict=True)]),
        np.array([r.answerable for r in read]),
    )


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=Path, required=True, help="folder of the small reader")
    parser.add_argument("--model", type=Path, required=True, help="folder of the large reader")
    parser.add_argument("--judge", type=Path, required=True, help="folder of the large judge")
    args = parser.parse_args()
    small, large = (SpanReader(folder, folder.name) for folder in (args.small, args.model))
    models = _Models(small, large, SupportJudge(args.judge))
    read = [one for name in (*_SETS, *_OF_THEIR_OWN) for one in observe(name, models)]
    for name in dict.fromkeys(one.of for one in read):
        print(name)
        others = [one for one in read if one.of != name]
        _print_use([one for one in read if one.of == name], _fitted(others))
    path = args.model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    named = zip(("told", "share", "bias"), _fitted(read), strict=True)
    config["yes_no_with_judge"] = {name: round(float(value), 2) for name, value in named}
    print(config["yes_no_with_judge"])
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
