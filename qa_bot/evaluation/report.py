"""The report of a run: one self-contained HTML page of figures, curves and the worst failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from qa_bot.evaluation.dataset import Question
from qa_bot.evaluation.intervals import percentile
from qa_bot.evaluation.measures import risk_coverage
from qa_bot.evaluation.scoring import Row, is_right, outcome

HERE = Path(__file__).resolve().parent
_WORST = 40
_AROUND = 160  # characters of the article on either side of a cited quote
_DEPTHS = range(1, 11)
Points = list[tuple[float, float]]


def write_html(
    report: Mapping[str, Any],
    questions: Sequence[Question],
    answers: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
    path: Path,
) -> None:
    """Write the page of a run; it loads nothing from the network.

    Args:
        report: the content of ``report.json``.
        questions: the questions of the run.
        answers: the JSON form of each answer, by question id.
        texts: the text of each article, by id, to show quotes in their place.
        path: the file to write.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    rows = {row["id"]: row for row in report["rows"]}
    html = environment.get_template("report.html").render(
        report=report,
        settings=report["settings"],
        risk=line(_risk(report["rows"]), (0, 1), (0, 1)),
        articles=line(_depth(report["rows"], "depth"), (1, 10), (0, 1)),
        passages=line(_depth(report["rows"], "depth passages"), (1, 10), (0, 1)),
        histogram=_histogram([row["milliseconds"].get("total", 0.0) for row in report["rows"]]),
        failures=[
            _failure(question, rows[question.id], answers[question.id], texts)
            for question in worst(questions, rows)
        ],
        wrong=sum(1 - outcome(row) for row in report["rows"]),
    )
    path.write_text(html, encoding="utf-8")


def worst(questions: Sequence[Question], rows: Mapping[str, Row]) -> list[Question]:
    """Return the 40 worst failures: wrong answers first, by falling confidence."""
    wrong = [question for question in questions if not outcome(rows[question.id])]
    wrong.sort(key=lambda q: (not rows[q.id]["answered"], -rows[q.id]["confidence"], q.id))
    return wrong[:_WORST]


def line(points: Points, across: tuple[float, float], up: tuple[float, float]) -> str:
    """Return points as the coordinates of a polyline in a box 300 wide and 160 high.

    >>> line([(0, 0), (1, 1)], (0, 1), (0, 1))
    '0.0,160.0 300.0,0.0'
    """
    (left, right), (low, high) = across, up
    return " ".join(
        f"{300 * (x - left) / (right - left):.1f},{160 - 160 * (y - low) / (high - low):.1f}"
        for x, y in points
    )


def _risk(rows: Sequence[Row]) -> Points:
    """Return (share answered, share of the answers that is wrong) as the threshold falls."""
    answered = [row for row in rows if row["answered"]]
    confidences = np.array([row["confidence"] for row in answered])
    risks = risk_coverage(confidences, np.array([is_right(row) for row in answered]))
    return [((i + 1) / len(rows), float(risk)) for i, risk in enumerate(risks)]


def _depth(rows: Sequence[Row], key: str) -> Points:
    """Return (k, mean recall at k) over the answerable questions."""
    known = [row[key] for row in rows if row["answerable"] and row[key] is not None]
    return [(k, sum(one[k - 1] for one in known) / max(1, len(known))) for k in _DEPTHS]


def _histogram(times: Sequence[float], bins: int = 24) -> dict[str, Any]:
    """Return bars (x, height in 0..160) of times in milliseconds up to their 99th percentile."""
    longest = max(1.0, percentile(times, 0.99))
    counts = [0] * bins
    for taken in times:
        counts[min(bins - 1, int(taken / longest * bins))] += 1
    tallest = max(counts, default=0) or 1
    return {
        "bars": [(i * 300 / bins, 160 * count / tallest) for i, count in enumerate(counts)],
        "width": 300 / bins - 1,
        "longest": longest,
    }


def _failure(
    question: Question, row: Row, form: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, Any]:
    shown = [
        {"citation": c, "html": _in_place(texts.get(c["article_id"], ""), c["start"], c["end"])}
        for c in form.get("citations", [])
    ]
    return {"question": question, "row": row, "form": form, "shown": shown}


def _in_place(text: str, start: int, end: int) -> Markup:
    """Return the quote, marked, with the text on either side of it."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return Markup("{}<mark>{}</mark>{}").format(before, text[start:end], after)
