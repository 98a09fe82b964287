"""A question and its answer → values; values of many questions → figures with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from qa_bot.answering import DISAGREE
from qa_bot.evaluation import measures
from qa_bot.evaluation.dataset import Question
from qa_bot.evaluation.intervals import Interval, bootstrap, percentile
from qa_bot.grounding import Verdict
from qa_bot.news import header_line

Judge = Callable[[Sequence[tuple[str, str]]], Sequence[Verdict]]
Row = dict[str, Any]
"""One question's outcome: id, type, answerable, answered, and a value for each measure."""

# The figures in the order of the report: name, the rows that it is over, the row's value.
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


def score(
    question: Question, form: Mapping[str, Any], texts: Mapping[str, str], judge: Judge
) -> Row:
    """Return the values of one answer in the JSON form; a failed one (``error``) scores 0.

    Args:
        question: what was asked, and what is right.
        form: the answer's ``to_dict()``, or ``{"error": …}``.
        texts: the text of each article by id, to check quotes against.
        judge: says of (sentence, quotes) pairs whether the quotes support the sentence.
    """
    answered = bool(form.get("answered"))
    cited = {citation["article_id"] for citation in form.get("citations", [])}
    hits = form.get("hits", [])
    ranking = list(dict.fromkeys(hit["article_id"] for hit in hits))
    contains = answered and measures.contains_answer(form["text"], question.groups)
    source = bool(cited & {one for one, grade in question.grades.items() if grade > 0})
    short = (form.get("short") or form.get("text", "")) if answered else ""
    f1 = measures.token_f1(short, question.short) if question.short else None
    declined = float(not answered and "error" not in form)
    return {
        "id": question.id,
        "type": question.type,
        "answerable": question.answerable,
        "answered": answered,
        "error": form.get("error"),
        "R@10": measures.recall_at(ranking, question.grades, 10),
        "nDCG@10": measures.ndcg_at(ranking, question.grades, 10),
        "RR": measures.reciprocal_rank(ranking, question.grades),
        **_passages(question, hits[:10]),
        "depth": [measures.recall_at(ranking, question.grades, k) for k in range(1, 11)],
        "contains": float(contains),
        "source": float(answered and source),
        "right": float(contains and source),
        "EM": measures.exact_match(short, question.short) if question.short else None,
        "F1": f1,
        "F1 or declined": f1 if question.answerable else declined,
        "declined": declined,
        **_citation_quality(form, judge),
        "exact": _exact(form, texts),
        "confidence": float(form.get("confidence", 0.0)),
        "milliseconds": dict(form.get("timings_ms", {})),
    }


def _passages(question: Question, hits: Sequence[Mapping[str, Any]]) -> Row:
    """Return how well the hits hold the evidence, each piece whole; None where none is judged.

    A hit with evidence is relevant; evidence that an earlier hit had too counts once.
    """
    names = ("R@10 passages", "nDCG@10 passages", "RR passages", "depth passages")
    if not question.evidence:
        return dict.fromkeys(names)
    first = [
        next((i for i, h in enumerate(hits) if h["article_id"] == a and words in h["text"]), None)
        for a, words in question.evidence
    ]
    ranking = [f"hit {i}" for i in range(len(hits))]
    found = {f"hit {i}" for i in first if i is not None}
    missing = {f"missing {n}" for n, i in enumerate(first) if i is None}
    grades = dict.fromkeys(found | missing, 1)
    depth = [sum(i is not None and i < k for i in first) / len(first) for k in range(1, 11)]
    values = (
        depth[-1],
        measures.ndcg_at(ranking, grades, 10),
        measures.reciprocal_rank(ranking, grades),
        depth,
    )
    return dict(zip(names, values, strict=True))


def _citation_quality(form: Mapping[str, Any], judge: Judge) -> Row:
    """Return ALCE's citation recall and precision of an answer; None where it was declined.

    A time that was reckoned from the article's own date, and that two articles disagree, are no
    sentences of an article to be judged.
    """
    reckoned = {DISAGREE} | {
        f"{one['written']} (“{one['words']}”)." for one in form.get("when", [])
    }
    sentences = [s for s in form.get("sentences", []) if s["text"] not in reckoned]
    if not sentences:
        return {"citation recall": None, "citation precision": None}
    quotes = {c["number"]: _headed(c) for c in form["citations"]}
    supported, needed = [], []
    for sentence in sentences:
        cited = [quotes[number] for number in sentence["citations"] if number in quotes]
        together = bool(cited) and _supports(judge, sentence["text"], cited)
        supported.append(together)
        for i in range(len(cited)):
            others = cited[:i] + cited[i + 1 :]
            spare = not _supports(judge, sentence["text"], [cited[i]]) and (
                bool(others) and _supports(judge, sentence["text"], others)
            )
            needed.append(together and not spare)
    return {
        "citation recall": measures.citation_recall(supported),
        "citation precision": measures.citation_precision(needed),
    }


def _headed(citation: Mapping[str, Any]) -> str:
    """Return a quote under what is known of its article, as a passage is read."""
    stated = citation["published"] or ""
    day = date.fromisoformat(stated) if len(stated) == len("2021-06-16") else None
    return f"{header_line(citation['title'], citation['publisher'], day)}\n{citation['quote']}"


def _supports(judge: Judge, sentence: str, quotes: Sequence[str]) -> bool:
    return judge([(sentence, "\n".join(quotes))])[0].supported


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


def outcome(row: Row) -> float:
    """Return 1.0 if the question was answered rightly from a right source, or rightly declined."""
    return float(row["right"] if row["answerable"] else row["declined"])


def latencies(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Return (p50, p95) in milliseconds of each stage."""
    stages = dict.fromkeys(stage for row in rows for stage in row["milliseconds"])
    times = {stage: [row["milliseconds"].get(stage, 0.0) for row in rows] for stage in stages}
    return {
        stage: (percentile(taken, 0.5), percentile(taken, 0.95)) for stage, taken in times.items()
    }


def is_right(row: Row) -> bool:
    """Return whether an answer is right; an answer to a question without one is wrong."""
    return bool(row["right"]) and row["answerable"]
