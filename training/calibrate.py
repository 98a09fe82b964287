"""Calibrate a reader on retrieved passages, and write the calibration into the model's config.

``python -m training.calibrate --model FOLDER --data DEV_FOLDER`` retrieves passages for questions
of development sets and reads the best hits. A logistic regression learns the probability that the
span found in a hit is right from the margin of the span plus ten times the score of the hit.

``--small FOLDER`` calibrates a large reader instead, on the stories and the press releases that are
held out (``--data`` is then the folder of the training sets), over the hits that this small reader
finds most promising. It weighs margin and score freely, and prints the shares right, declined and
wrong at each threshold. Hits of which it is not known whether they answer are left out.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot import QABot, Settings
from qa_bot.evaluation.measures import token_f1
from qa_bot.index import PassageIndex
from qa_bot.models import load_embedder
from qa_bot.news import passage_header
from qa_bot.question import understand
from qa_bot.reading import SpanReader, promising_hits
from qa_bot.retrieval import Query, retrieve
from training.examples import read_rows
from training.retrieved import (
    Retrieved,
    Texts,
    judged_hits,
    read_releases,
    read_stories,
    retrieve_for,
)

_HITS = 8
_HIT_WEIGHT = 10.0  # of the score (0..1) against the margin: one threshold then suits all sets best
_RIGHT = 0.5  # least token F1 of a right span
Floats = NDArray[np.float64]


def observe(reader: SpanReader, folder: Path, n: int, seed: int) -> tuple[Floats, Floats]:
    """Return features (rows, 1) of each hit of each question, and whether its span is right."""
    rows = [r for r in read_rows(folder, "queries.jsonl") if r["answers"] or r["unanswerable"]]
    chosen = random.Random(seed).sample(rows, min(n, len(rows)))
    settings = Settings(reader="none")
    embedder = load_embedder(settings.embedder)
    features, right = [], []
    with tempfile.TemporaryDirectory() as scratch:
        QABot.build(folder / "corpus.jsonl", scratch, settings=settings).close()
        index = PassageIndex(Path(scratch), embedder, settings)
        for row in chosen:
            with index.searching() as search:
                query = Query.of(row["question"], embedder.embed([row["question"]])[0], search)
                hits = retrieve(search, query, _HITS, settings.dense_weight)
            contexts = [f"{passage_header(h.passage)}\n{h.passage.text}" for h in hits]
            found = reader.find([(row["question"], context) for context in contexts])
            for hit, context, findings in zip(hits, contexts, found, strict=True):
                best = findings[0]
                features.append([best.margin + _HIT_WEIGHT * hit.score])
                span = context[best.start : best.end]
                golds = [] if row["unanswerable"] else row["answers"]
                right.append(bool(golds) and token_f1(span, golds) >= _RIGHT)
        index.close()
    return np.array(features), np.array(right, dtype=float)


def _read_again(texts: Texts, small: SpanReader) -> Iterator[list[Retrieved]]:
    """Yield the hits of each question that the large reader of a cascade reads."""
    for asked, query, hits in retrieve_for(texts):
        question = understand(asked.text, (), None, asked.text)
        yield list(judged_hits(asked, promising_hits(small, question, query, hits)))


def observe_again(
    reader: SpanReader, found: Iterable[list[Retrieved]]
) -> tuple[list[Floats], list[Floats], list[bool]]:
    """Return the features (rows, 2) of each question's hits, which are right, and if any answers.

    A span is right if it overlaps an answer.
    """
    features, right, answerable = [], [], []
    for hits in found:
        if not hits:
            continue
        contexts = [f"{passage_header(h.hit.passage)}\n{h.hit.passage.text}" for h in hits]
        read = reader.find(
            [(h.asked.text, context) for h, context in zip(hits, contexts, strict=True)]
        )
        best = [findings[0] for findings in read]
        features.append(
            np.array([[f.margin, h.hit.score] for f, h in zip(best, hits, strict=True)])
        )
        starts = [len(c) - len(h.hit.passage.text) for h, c in zip(hits, contexts, strict=True)]
        right.append(
            np.array(
                [
                    any(f.start - s < end and start < f.end - s for start, end in h.spans)
                    for h, f, s in zip(hits, best, starts, strict=True)
                ],
                dtype=float,
            )
        )
        answerable.append(bool(hits[0].asked.answers))
    return features, right, answerable


def fit(features: Floats, right: Floats, steps: int = 50) -> Floats:
    """Return the weights and the bias of a logistic regression, by Newton's method."""
    x = np.hstack([features, np.ones((len(features), 1))])
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - right) + 1e-3 * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(x.shape[1])
        weights -= np.linalg.solve(hessian, gradient)
    return weights


def fit_and_print(features: Floats, right: Floats) -> Floats:
    """Return the weights and the bias, and print the calibration by bins of probability."""
    weights = fit(features, right)
    p = _probability(features, weights)
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        if inside.any():
            said, true = p[inside].mean(), right[inside].mean()
            print(f"{low:.1f}: said {said:.2f}, is {true:.2f}, n {inside.sum()}")
    return weights


def calibrate_cascade(large: SpanReader, small: SpanReader, data: Path, n: int) -> Floats:
    """Return the weights and the bias for a large reader.

    Args:
        large: the reader.
        small: the reader that chooses the hits.
        data: the folder of the training sets.
        n: questions over the held-out stories, and as many over the held-out releases.
    """
    seen = []
    for texts in (read_stories(held_out=True), read_releases(data, held_out=True)):
        chosen = random.Random(11).sample(texts.questions, min(n, len(texts.questions)))
        again = _read_again(Texts(texts.articles, tuple(chosen)), small)
        seen.append(observe_again(large, again))
    weights = fit_and_print(
        np.vstack([hits for of_hits, _, _ in seen for hits in of_hits]),
        np.concatenate([one for _, right, _ in seen for one in right]),
    )
    for of_hits, right, answerable in seen:
        best = [_probability(hits, weights) for hits in of_hits]
        print_thresholds(
            np.array([float(one.max()) for one in best]),
            np.array([bool(r[int(b.argmax())]) for b, r in zip(best, right, strict=True)]),
            np.array(answerable),
        )
    return weights


def print_thresholds(best: Floats, right: NDArray[np.bool_], answerable: NDArray[np.bool_]) -> None:
    """Print the shares of answers right, of the others declined, and wrong, at each threshold."""
    order = np.argsort(-best)
    risk = np.cumsum(~right[order]) / np.arange(1, len(best) + 1)
    print(f"area under risk and coverage {risk.mean():.3f}, {len(best)} questions")
    for threshold in np.arange(0.1, 0.75, 0.05):
        answered = best >= threshold
        print(
            f"{threshold:.2f}: right {right[answered].sum() / answerable.sum():.3f} of answerable, "
            f"declined {(~answered & ~answerable).sum() / (~answerable).sum():.3f}, "
            f"wrong {(answered & ~right).sum() / len(best):.3f} of all"
        )


def _probability(features: Floats, weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1]))))


def main() -> None:
    """Fit, print the calibration by bins of probability, and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--small", type=Path, help="folder of the small reader of a cascade")
    parser.add_argument("--sets", nargs="+", default=("squad2", "nq_retrieval"))
    parser.add_argument("-n", type=int, default=400, help="questions of each set")
    args = parser.parse_args()
    reader = SpanReader(args.model, args.model.name)
    if args.small:
        weights = calibrate_cascade(
            reader, SpanReader(args.small, args.small.name), args.data, args.n
        )
    else:
        seen = [observe(reader, args.data / name, args.n, seed=11) for name in args.sets]
        weights = fit_and_print(
            np.vstack([s[0] for s in seen]), np.concatenate([s[1] for s in seen])
        )
    path = args.model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    *slopes, bias = (float(weight) for weight in weights)
    hit = slopes[1] if args.small else _HIT_WEIGHT * slopes[0]
    known = {"margin": slopes[0], "hit": hit, "bias": bias}
    config["calibration"] = {name: round(value, 4) for name, value in known.items()}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(config["calibration"])


if __name__ == "__main__":
    main()
