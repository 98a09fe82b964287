"""Data sets of questions with known answers: BEIR folders, SQuAD JSON, plain JSON lines."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa_bot.resources import sample_articles


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its right answers, sources and evidence.

    Attributes:
        id: unique in its set.
        text: the question as a person asks it.
        type: the kind of question, for figures by kind.
        answerable: whether the articles answer it.
        groups: a right answer contains an alternative of every group.
        short: acceptable short answers, as in SQuAD.
        grades: relevance, 1 or more, of each relevant article by its id.
        evidence: (article id, words) that answer it.
        options: further arguments of ``QABot.ask``: as_of, since, until, publisher, history …
    """

    id: str
    text: str
    type: str
    answerable: bool
    groups: tuple[tuple[str, ...], ...] = ()
    short: tuple[str, ...] = ()
    grades: dict[str, int] = field(default_factory=dict)
    evidence: tuple[tuple[str, str], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Questions and the files of articles that they are about; ``digest`` is of the questions."""

    name: str
    articles: tuple[Path, ...]
    questions: tuple[Question, ...]
    digest: str


def load(path: Path, scratch: Path) -> DataSet:
    """Return the data set in a folder (BEIR form) or a file (SQuAD JSON).

    ``scratch`` is a folder for articles that are inside a question file.

    Raises:
        ValueError: the path is no data set, or a line of it is invalid.
    """
    if path.is_dir() and (path / "queries.jsonl").is_file():
        return _load_folder(path)
    if path.suffix == ".json" and path.is_file():
        return _load_squad(path, scratch)
    raise ValueError(f"{path} is no data set: name a folder with queries.jsonl, or a SQuAD .json")


def _load_folder(folder: Path) -> DataSet:
    """Read queries.jsonl, qrels/*.tsv and corpus.jsonl (without one: the sample articles)."""
    grades = _grades(folder / "qrels")
    records = list(_records(folder / "queries.jsonl"))
    questions = tuple(_question(number, record, grades) for number, record in records)
    corpus = folder / "corpus.jsonl"
    articles = corpus if corpus.is_file() else sample_articles()
    digest = hashlib.sha256((folder / "queries.jsonl").read_bytes()).hexdigest()[:12]
    return DataSet(folder.resolve().name, (articles,), questions, digest)


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield number, dict(json.loads(line))
                except (ValueError, TypeError) as exc:
                    raise ValueError(f"{path}:{number}: is not a JSON object ({exc})") from exc


def _grades(folder: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                grades.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return grades


def _question(number: int, record: dict[str, Any], grades: dict[str, dict[str, int]]) -> Question:
    """Return the question of a record with BEIR's names or those of plain question files."""
    question_id = str(record.get("_id", record.get("id", number)))
    text = record.get("text") or record.get("question")
    if not text:
        raise ValueError(f"question {question_id} (line {number}) has no text")
    answerable = bool(record.get("answerable", not record.get("unanswerable", False)))
    answers = record.get("answers") or []
    groups = answers if answers and isinstance(answers[0], list) else [answers] if answers else []
    relevant = {one: 1 for one in record.get("relevant_ids", [])} if answerable else {}
    names = ("as_of", "since", "until", "publisher", "articles", "history")
    return Question(
        id=question_id,
        text=str(text),
        type=str(record.get("type", "question")),
        answerable=answerable,
        groups=tuple(tuple(group) for group in groups),
        short=tuple(record.get("short") or (answers if groups and groups[0] is answers else ())),
        grades=grades.get(question_id, relevant),
        evidence=tuple((e["article_id"], e["quote"]) for e in record.get("evidence", [])),
        options={name: record[name] for name in names if record.get(name)},
    )


def _load_squad(path: Path, scratch: Path) -> DataSet:
    """Read SQuAD 1.1 or 2.0, and write its paragraphs to a file of articles in the folder."""
    content = path.read_bytes()
    data = json.loads(content)["data"]
    digest = hashlib.sha256(content).hexdigest()[:12]
    scratch.mkdir(parents=True, exist_ok=True)
    corpus = scratch / f"{path.stem}-{digest}.jsonl"
    questions: list[Question] = []
    with corpus.open("w", encoding="utf-8") as file:
        for page in data:
            for number, paragraph in enumerate(page["paragraphs"]):
                article_id = f"{page['title']}/{number}"
                article = {"id": article_id, "title": page["title"], "text": paragraph["context"]}
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
                questions += [_squad_question(asked, article_id) for asked in paragraph["qas"]]
    return DataSet(path.stem, (corpus,), tuple(questions), digest)


def _squad_question(asked: dict[str, Any], article_id: str) -> Question:
    answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
    answerable = not asked.get("is_impossible", False)
    return Question(
        id=str(asked["id"]),
        text=asked["question"],
        type="span" if answerable else "unanswerable",
        answerable=answerable,
        groups=(answers,) if answers else (),
        short=answers,
        grades={article_id: 1} if answerable else {},
    )
