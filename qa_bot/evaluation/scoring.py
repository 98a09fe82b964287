"""The score of one answer: a value for each measure.

The answer is in its JSON form, as ``qa-bot ask --json`` prints it, so that answers kept in a file
can be scored again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from qa_bot.answer import PartKind
from qa_bot.answering import DISAGREE
from qa_bot.evaluation import measures
from qa_bot.evaluation.dataset import Question
from qa_bot.grounding import Verdict
from qa_bot.news import header_line

Judge = Callable[[Sequence[tuple[str, str]]], Sequence[Verdict]]
Row = dict[str, Any]
"""One question's outcome: id, type, answerable, answered, and a value for each measure."""


def score(
    question: Question, form: Mapping[str, Any], texts: Mapping[str, str], judge: Judge
) -> Row:
    """Return the values of one answer; an answer that failed (``error``) scores 0.

    Args:
        question: the question with its right answers.
        form: the answer's ``to_dict()``, or ``{"error": …}``.
        texts: the text of each article by id, to check quotes against.
        judge: decides for (sentence, quotes) pairs whether the quotes support the sentence.
    """
    hits = form.get("hits", [])
    ranking = list(dict.fromkeys(hit["article_id"] for hit in hits))
    return {
        "id": question.id,
        "type": question.type,
        "answerable": question.answerable,
        "answered": bool(form.get("answered")),
        "error": form.get("error"),
        "R@10": measures.recall_at(ranking, question.grades, 10),
        "nDCG@10": measures.ndcg_at(ranking, question.grades, 10),
        "RR": measures.reciprocal_rank(ranking, question.grades),
        **_passages(question, hits[:10]),
        "depth": [measures.recall_at(ranking, question.grades, k) for k in range(1, 11)],
        **_correctness(question, form),
        **_citation_quality(form, judge),
        "exact": _exact(form, texts),
        "confidence": float(form.get("confidence", 0.0)),
        "milliseconds": dict(form.get("timings_ms", {})),
    }


def _correctness(question: Question, form: Mapping[str, Any]) -> Row:
    """Return whether the answer has the right words and a right source, or was declined."""
    answered = bool(form.get("answered"))
    cited = {citation["article_id"] for citation in form.get("citations", [])}
    contains = answered and measures.contains_answer(form["text"], question.groups)
    source = bool(cited & {one for one, grade in question.grades.items() if grade > 0})
    short = (form.get("short") or form.get("text", "")) if answered else ""
    f1 = measures.token_f1(short, question.short) if question.short else None
    declined = float(not answered and "error" not in form)
    return {
        "contains": float(contains),
        "source": float(answered and source),
        "right": float(contains and source),
        "EM": measures.exact_match(short, question.short) if question.short else None,
        "F1": f1,
        "F1 or declined": f1 if question.answerable else declined,
        "declined": declined,
    }


def outcome(row: Row) -> float:
    """Return 1.0 if the question was answered rightly from a right source, or rightly declined."""
    return float(row["right"] if row["answerable"] else row["declined"])


def is_right(row: Row) -> bool:
    """Return whether an answer is right; an answer to a question without one is wrong."""
    return bool(row["right"]) and row["answerable"]


def _passages(question: Question, hits: Sequence[Mapping[str, Any]]) -> Row:
    """Return how well the hits hold the evidence, each piece whole; None where none is known.

    A hit with evidence is relevant; evidence that an earlier hit has too counts once.
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

    The judge does not see the bot's own sentences: a day computed from the article's date, a yes
    or no, and the remark that two articles disagree.
    """
    computed = {DISAGREE} | {
        f"{one['written']} (“{one['words']}”)." for one in form.get("when", [])
    }
    sentences = [
        s for s in form.get("sentences", [])
        if s["text"] not in computed and not _is_stated(s)
    ]  # fmt: skip
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


def _is_stated(sentence: Mapping[str, Any]) -> bool:
    """Return whether a sentence is the program's own: yes or no, or that a part is not answered."""
    own = (PartKind.DECISION, PartKind.OPEN)
    return any(part["kind"] in own for part in sentence.get("parts", ()))


def _headed(citation: Mapping[str, Any]) -> str:
    """Return a quote under its article's header line, as the models read passages."""
    stated = citation["published"] or ""
    day = date.fromisoformat(stated) if len(stated) == len("2021-06-16") else None
    return f"{header_line(citation['title'], citation['publisher'], day)}\n{citation['quote']}"


def _supports(judge: Judge, sentence: str, quotes: Sequence[str]) -> bool:
    return judge([(sentence, "\n".join(quotes))])[0].supported


def _exact(form: Mapping[str, Any], texts: Mapping[str, str]) -> float:
    """Return 1.0 if every quote is the article's text at its offsets and every marker is cited."""
    citations = form.get("citations", [])
    numbers = {citation["number"] for citation in citations}
    marked = {n for sentence in form.get("sentences", []) for n in sentence["citations"]}
    quotes = all(
        texts.get(c["article_id"], "")[c["start"] : c["end"]] == c["quote"] != "" for c in citations
    )
    return float(quotes and marked <= numbers)
