"""A question and its answer → values; values of many questions → figures with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from questions import Question

from qa_bot import measures
from qa_bot.measures import Interval

Row = dict[str, Any]
"""One question's outcome: id, type, answerable, answered, and a value for each measure."""

# The figures in the order of the report: name, the rows that it is over, the row's value.
_ALL, _ANSWERABLE, _UNANSWERABLE = "all", "answerable", "unanswerable"
FIGURES: tuple[tuple[str, str, str], ...] = (
    ("R@10 articles", _ANSWERABLE, "R@10"),
    ("nDCG@10 articles", _ANSWERABLE, "nDCG@10"),
    ("RR articles", _ANSWERABLE, "RR"),
    ("R@10 passages", _ANSWERABLE, "R@10 passages"),
    ("contains answer", _ANSWERABLE, "contains"),
    ("right source", _ANSWERABLE, "source"),
    ("right and sourced", _ANSWERABLE, "right"),
    ("exact match", _ANSWERABLE, "EM"),
    ("token F1", _ANSWERABLE, "F1"),
    ("declined when it should", _UNANSWERABLE, "declined"),
    ("quotes exact", _ALL, "exact"),
)


def score(question: Question, form: Mapping[str, Any], texts: Mapping[str, str]) -> Row:
    """Return the values of one answer in the JSON form; a failed one (``error``) scores 0.

    Args:
        question: what was asked, and what is right.
        form: the answer's ``to_dict()``, or ``{"error": …}``.
        texts: the text of each article by id, to check quotes against.
    """
    answered = bool(form.get("answered"))
    cited = {citation["article_id"] for citation in form.get("citations", [])}
    hits = form.get("hits", [])
    ranking = list(dict.fromkeys(hit["article_id"] for hit in hits))
    contains = answered and measures.contains_answer(form["text"], question.groups)
    source = bool(cited & {one for one, grade in question.grades.items() if grade > 0})
    short = (form.get("short") or form.get("text", "")) if answered else ""
    return {
        "id": question.id,
        "type": question.type,
        "answerable": question.answerable,
        "answered": answered,
        "error": form.get("error"),
        "R@10": measures.recall_at(ranking, question.grades, 10),
        "nDCG@10": measures.ndcg_at(ranking, question.grades, 10),
        "RR": measures.reciprocal_rank(ranking, question.grades),
        "R@10 passages": _passage_recall(question, hits[:10]),
        "contains": float(contains),
        "source": float(answered and source),
        "right": float(contains and source),
        "EM": measures.exact_match(short, question.short) if question.short else None,
        "F1": measures.token_f1(short, question.short) if question.short else None,
        "declined": float(not answered and "error" not in form),
        "exact": _exact(form, texts),
        "confidence": float(form.get("confidence", 0.0)),
        "milliseconds": dict(form.get("timings_ms", {})),
    }


def _passage_recall(question: Question, hits: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the share of the evidence that lies whole in a hit; None where none is judged."""
    if not question.evidence:
        return None
    found = [
        any(hit["article_id"] == article and words in hit["text"] for hit in hits)
        for article, words in question.evidence
    ]
    return sum(found) / len(found)


def _exact(form: Mapping[str, Any], texts: Mapping[str, str]) -> float:
    """Return whether every quote is the article's text at its offsets, and every marker cited."""
    citations = form.get("citations", [])
    numbers = {citation["number"] for citation in citations}
    marked = {n for sentence in form.get("sentences", []) for n in sentence["citations"]}
    quotes = all(
        texts.get(c["article_id"], "")[c["start"] : c["end"]] == c["quote"] != "" for c in citations
    )
    return float(quotes and marked <= numbers)


def figures(rows: Sequence[Row]) -> dict[str, Interval]:
    """Return every figure with its 95 % interval; means over the rows that it is about."""
    found = {
        name: measures.bootstrap([row[key] for row in over(rows, which) if row[key] is not None])
        for name, which, key in FIGURES
    }
    found["refusal precision"] = _over_rows(rows, lambda part: _refusals(part).precision)
    found["refusal recall"] = _over_rows(rows, lambda part: _refusals(part).recall)
    found["refusal F1"] = _over_rows(rows, lambda part: _refusals(part).f1)
    found["AURC"] = _over_rows(rows, _aurc)
    return {name: interval for name, interval in found.items() if interval.n}


def over(rows: Sequence[Row], which: str) -> list[Row]:
    """Return the rows that a figure is over."""
    if which == _ALL:
        return list(rows)
    return [row for row in rows if row["answerable"] == (which == _ANSWERABLE)]


def by_type(rows: Sequence[Row]) -> dict[str, Interval]:
    """Return the share of right outcomes (right and sourced, or declined) by type of question."""
    types = sorted({row["type"] for row in rows})
    return {
        one: measures.bootstrap([outcome(row) for row in rows if row["type"] == one])
        for one in types
    }


def outcome(row: Row) -> float:
    """Return 1.0 if the question was answered rightly from a right source, or rightly declined."""
    return float(row["right"] if row["answerable"] else row["declined"])


def latencies(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Return (p50, p95) in milliseconds of each stage."""
    stages = dict.fromkeys(stage for row in rows for stage in row["milliseconds"])
    times = {stage: [row["milliseconds"].get(stage, 0.0) for row in rows] for stage in stages}
    return {
        stage: (measures.percentile(taken, 0.5), measures.percentile(taken, 0.95))
        for stage, taken in times.items()
    }


def _over_rows(rows: Sequence[Row], statistic: Callable[[Sequence[Row]], float]) -> Interval:
    return measures.bootstrap_of(lambda chosen: statistic([rows[i] for i in chosen]), len(rows))


def _refusals(rows: Sequence[Row]) -> measures.PrecisionRecall:
    declined = [bool(row["declined"]) for row in rows]
    return measures.refusal_quality(declined, [not row["answerable"] for row in rows])


def _aurc(rows: Sequence[Row]) -> float:
    """Return the area over the answered questions; an answer to an unanswerable one is wrong."""
    answered = [row for row in rows if row["answered"]]
    right = [bool(row["right"]) and row["answerable"] for row in answered]
    return measures.aurc([row["confidence"] for row in answered], right)
