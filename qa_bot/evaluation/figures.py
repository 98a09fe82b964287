"""Figures of many questions, with their intervals, and times of the stages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa_bot.evaluation import measures
from qa_bot.evaluation.intervals import Interval, bootstrap, percentile
from qa_bot.evaluation.scoring import Row, is_right, outcome

# The figures in the order of the report: name, the questions that it is over, key in the row.
_ALL, _ANSWERABLE, _UNANSWERABLE = "all", "answerable", "unanswerable"
FIGURES: tuple[tuple[str, str, str], ...] = (
    ("R@10 articles", _ANSWERABLE, "R@10"),
    ("nDCG@10 articles", _ANSWERABLE, "nDCG@10"),
    ("RR articles", _ANSWERABLE, "RR"),
    ("R@10 passages", _ANSWERABLE, "R@10 passages"),
    ("nDCG@10 passages", _ANSWERABLE, "nDCG@10 passages"),
    ("RR passages", _ANSWERABLE, "RR passages"),
    ("contains answer", _ANSWERABLE, "contains"),
    ("right source", _ANSWERABLE, "source"),
    ("right and sourced", _ANSWERABLE, "right"),
    ("exact match", _ANSWERABLE, "EM"),
    ("token F1", _ANSWERABLE, "F1"),
    ("F1, declining counted", _ALL, "F1 or declined"),
    ("declined when it should", _UNANSWERABLE, "declined"),
    ("citation recall", _ALL, "citation recall"),
    ("citation precision", _ALL, "citation precision"),
    ("quotes exact", _ALL, "exact"),
)


def figures(rows: Sequence[Row]) -> dict[str, Interval]:
    """Return every figure with its 95 % interval."""
    found = {
        name: bootstrap([row[key] for row in over(rows, which) if row[key] is not None])
        for name, which, key in FIGURES
    }
    declined = np.array([bool(row["declined"]) for row in rows])
    unanswerable = np.array([not row["answerable"] for row in rows])
    for name, statistic in (
        ("refusal precision", measures.refusal_precision),
        ("refusal recall", measures.refusal_recall),
        ("refusal F1", measures.refusal_f1),
    ):
        found[name] = bootstrap(declined, unanswerable, statistic=statistic)
    confidences = np.array([row["confidence"] for row in rows])
    right = np.array([is_right(row) for row in rows])
    answered = np.array([row["answered"] for row in rows])
    found["AURC"] = bootstrap(confidences, right, answered, statistic=measures.aurc)
    return {name: interval for name, interval in found.items() if interval.n}


def over(rows: Sequence[Row], which: str) -> list[Row]:
    """Return the rows that a figure is over."""
    if which == _ALL:
        return list(rows)
    return [row for row in rows if row["answerable"] == (which == _ANSWERABLE)]


def by_type(rows: Sequence[Row]) -> dict[str, Interval]:
    """Return the share of right outcomes (right and sourced, or declined) by type of question."""
    types = sorted({row["type"] for row in rows})
    return {one: bootstrap([outcome(row) for row in rows if row["type"] == one]) for one in types}


def latencies(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Return (p50, p95) in milliseconds of each stage."""
    stages = dict.fromkeys(stage for row in rows for stage in row["milliseconds"])
    times = {stage: [row["milliseconds"].get(stage, 0.0) for row in rows] for stage in stages}
    return {
        stage: (percentile(taken, 0.5), percentile(taken, 0.95)) for stage, taken in times.items()
    }
