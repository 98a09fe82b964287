"""A run of the harness: every question of a data set is asked, and the answers are scored.

Each answer is written as it comes. A run that was stopped continues where it was.
"""

from __future__ import annotations

import hashlib
import json
import resource
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

import qa_bot
from qa_bot import QABot, QABotError, Settings, __version__
from qa_bot.evaluation.dataset import DataSet, Question, load
from qa_bot.evaluation.figures import by_type, figures, latencies
from qa_bot.evaluation.report import write_html
from qa_bot.evaluation.scoring import Row, score
from qa_bot.grounding import load_grounding
from qa_bot.index import FORMAT_VERSION
from qa_bot.settings import secret_names

RUNS = Path("eval-runs")
CONSOLE = Console(stderr=True)
_OF_THE_SERVICE = {
    "index", "host", "port", "lock_wait_s", "uploads", "upload_mb", "upload_files",
}  # fmt: skip


def evaluate(
    dataset: Path, chosen: dict[str, str], limit: int | None = None, out: Path | None = None
) -> dict[str, Any]:
    """Ask the questions of a data set and score the answers; write and return the report.

    Args:
        dataset: a BEIR folder or a SQuAD JSON file.
        chosen: settings by name, as text.
        limit: the number of questions to ask, spread evenly over the set; None asks all.
        out: the folder for answers and reports; by default one in ``eval-runs``, which equal runs
            share.
    """
    data = load(dataset, RUNS)
    # The questions' own articles never go into an index that others share.
    settings = Settings.load(**{"store": "", "vectors": "faiss"} | chosen)
    questions = _spread(data.questions, limit)
    bot = QABot.build(data.articles, _index_folder(data, settings), settings=settings)
    key = _key(data, settings, bot.models)
    out = out or RUNS / f"{data.name}-{key}"
    out.mkdir(parents=True, exist_ok=True)
    CONSOLE.print(f"{len(questions)} questions of {data.name} {chosen or ''}, into {out}")
    texts = {article.id: article.text for article in bot.articles()}
    answers = _ask(bot, questions, out / f"answers-{key}.jsonl")
    bot.close()
    judge = load_grounding(settings.reader).judge
    rows = [score(question, answers[question.id], texts, judge) for question in questions]
    report = _report(data, settings, bot.models, rows) | {"chosen": chosen}
    write_html(report, questions, answers, texts, out / "report.html")
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    for name in ("report.json", f"report-{key}.json"):
        (out / name).write_text(text, encoding="utf-8")
    return report


def _spread(questions: tuple[Question, ...], limit: int | None) -> tuple[Question, ...]:
    """Return at most ``limit`` questions, evenly spread over the set."""
    if not limit or limit >= len(questions):
        return questions
    return tuple(questions[i * len(questions) // limit] for i in range(limit))


def _key(data: DataSet, settings: Settings, models: dict[str, str | None]) -> str:
    """Return a name for this set, these settings, models and code: equal runs share a folder."""
    content = hashlib.sha256(f"{data.digest}{_named(settings)}{models}".encode())
    for path in sorted(Path(qa_bot.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".safetensors", ".json"):
            content.update(path.read_bytes())
    return content.hexdigest()[:10]


def _named(settings: Settings) -> dict[str, Any]:
    """Return the settings that can change an answer, without secrets."""
    return settings.model_dump(exclude=_OF_THE_SERVICE | secret_names())


def _index_folder(data: DataSet, settings: Settings) -> Path:
    """Return the folder of the index; runs that differ in other settings only share it."""
    made_with = (FORMAT_VERSION, settings.embedder, settings.chunk_tokens, settings.chunk_overlap)
    content = hashlib.sha256(f"{data.name}{data.digest}{made_with}".encode())
    return RUNS / f"index-{content.hexdigest()[:10]}"


def _ask(bot: QABot, questions: Sequence[Question], path: Path) -> dict[str, dict[str, Any]]:
    """Return the answers by question id; those in the file already are not asked again."""
    answers = _kept_answers(path)
    missing = [question for question in questions if question.id not in answers]
    with path.open("a", encoding="utf-8") as file:
        for question in track(missing, "asking", console=CONSOLE, disable=not missing):
            try:
                form = bot.ask(question.text, **question.options).to_dict()
            except (QABotError, ValueError) as exc:
                form = {"error": str(exc)}
            answers[question.id] = {"id": question.id} | form
            file.write(json.dumps(answers[question.id], ensure_ascii=False) + "\n")
            file.flush()
    return answers


def _kept_answers(path: Path) -> dict[str, dict[str, Any]]:
    """Return the answers of an earlier run by question id; cut a half-written line off the file."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return {form["id"]: form for form in map(json.loads, lines)}


def _report(
    data: DataSet, settings: Settings, models: dict[str, str | None], rows: Sequence[Row]
) -> dict[str, Any]:
    return {
        "dataset": data.name,
        "digest": data.digest,
        "n": len(rows),
        "version": __version__,
        "models": models,
        "settings": _named(settings),
        "figures": {name: asdict(interval) for name, interval in figures(rows).items()},
        "types": {name: asdict(interval) for name, interval in by_type(rows).items()},
        "latencies_ms": latencies(rows),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "rows": list(rows),
    }
