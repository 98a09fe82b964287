"""Asks the questions of a data set and says how good the answers are: ``qa-bot eval``.

    python eval/run.py                                  the sample set
    python eval/run.py DATASET --limit 200              a BEIR folder or a SQuAD .json
    python eval/run.py --check eval/baseline.json       exit 1 if a figure fell
    python eval/run.py --accept eval/baseline.json      take the figures as the new baseline
    python eval/run.py --compare A.json B.json          did a change make a difference?
    python eval/run.py --set k=5,10 --set hits_read=4,8 every combination, one table

Every answer is written as it comes; a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

import qa_bot
from qa_bot import QABot, QABotError, Settings, __version__
from qa_bot.evaluation.dataset import DataSet, Question, load
from qa_bot.evaluation.gate import accept, check, compare
from qa_bot.evaluation.report import write_html
from qa_bot.evaluation.scoring import Row, by_type, figures, latencies, score
from qa_bot.grounding import load_grounding
from qa_bot.index import FORMAT_VERSION
from qa_bot.resources import resource as bundled
from qa_bot.settings import secret_names

SAMPLE = "eval/datasets/sample"  # among the bundled resources
RUNS = Path("eval-runs")
CONSOLE = Console(stderr=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the harness; return 0, 1 when a check failed, 2 for a wrong call."""
    parser = argparse.ArgumentParser(
        prog="qa-bot eval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dataset", nargs="?", type=Path, default=bundled(SAMPLE))
    parser.add_argument("--out", type=Path, help="folder for answers and figures")
    parser.add_argument("--limit", type=int, help="ask every nth question, so many in all")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE,…", help="settings; all are run"
    )
    parser.add_argument("--check", type=Path, metavar="BASELINE")
    parser.add_argument("--accept", type=Path, metavar="BASELINE")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"))
    arguments = parser.parse_args(argv)
    try:
        if arguments.compare:
            print(compare(*(_read(path) for path in arguments.compare)))
            return 0
        reports = [
            evaluate(arguments.dataset, chosen, arguments.limit, arguments.out)
            for chosen in grid(arguments.set)
        ]
    except (QABotError, ValueError, OSError) as exc:
        print(f"qa-bot eval: {exc}", file=sys.stderr)
        return 2
    if len(reports) > 1:
        print(_sweep_table(reports))
        return 0
    (report,) = reports
    print(_table(report))
    if arguments.accept:
        print(accept(report, arguments.accept))
    if arguments.check:
        failures = check(report, _read(arguments.check))
        print("\n".join(failures) or "no figure fell below the baseline by more than its interval")
        return 1 if failures else 0
    return 0


def grid(given: Sequence[str]) -> list[dict[str, str]]:
    """Return every combination of the settings given as ``NAME=VALUE,VALUE``.

    >>> grid(["k=5,10", "port=1"])
    [{'k': '5', 'port': '1'}, {'k': '10', 'port': '1'}]
    """
    pairs = [one.partition("=") for one in given]
    names = [name for name, _, _ in pairs]
    values = [value.split(",") for _, _, value in pairs]
    return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)]


def evaluate(
    dataset: Path, chosen: dict[str, str], limit: int | None = None, out: Path | None = None
) -> dict[str, Any]:
    """Ask a set with these settings, and score; return the report, which is written too."""
    data = load(dataset, RUNS)
    # The questions' own articles never go into an index that others share.
    settings = Settings.load(**{"store": "", "vectors": "faiss"} | chosen)
    questions = _spread(data.questions, limit)
    key = _key(data, settings)
    out = out or RUNS / f"{data.name}-{key}"
    out.mkdir(parents=True, exist_ok=True)
    CONSOLE.print(f"{len(questions)} questions of {data.name} {chosen or ''}, into {out}")
    bot = QABot.build(data.articles, _index_folder(data, settings), settings=settings)
    texts = {article.id: article.text for article in bot.articles()}
    answers = _ask(bot, questions, out / f"answers-{key}.jsonl")
    bot.close()
    judge = load_grounding().judge
    rows = [score(question, answers[question.id], texts, judge) for question in questions]
    report = _report(data, settings, bot.models, rows) | {"chosen": chosen}
    write_html(report, questions, answers, texts, out / "report.html")
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    for name in ("report.json", f"report-{key}.json"):
        (out / name).write_text(text, encoding="utf-8")
    return report


def _index_folder(data: DataSet, settings: Settings) -> Path:
    """Return where the index lies that runs with other settings of asking share."""
    made_with = (FORMAT_VERSION, settings.embedder, settings.chunk_tokens, settings.chunk_overlap)
    told = hashlib.sha256(f"{data.name}{data.digest}{made_with}".encode())
    return RUNS / f"index-{told.hexdigest()[:10]}"


def _ask(bot: QABot, questions: Sequence[Question], path: Path) -> dict[str, dict[str, Any]]:
    """Return the answers by question id; those in the file already are not asked again."""
    answers: dict[str, dict[str, Any]] = {}
    if path.exists():
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]  # a half-written line is none
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        answers = {form["id"]: form for form in map(json.loads, lines)}
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


def _table(report: dict[str, Any]) -> str:
    lines = [f"{report['dataset']}, {report['n']} questions", ""]
    for title, part in (("figure", "figures"), ("right by type", "types")):
        lines += [f"{title:<26}{'mean':>7}   95 % interval      n"]
        for name, i in report[part].items():
            lines.append(
                f"{name:<26}{i['mean']:7.3f}   {i['low']:.3f} .. {i['high']:.3f}  {i['n']:5}"
            )
        lines.append("")
    for stage, (p50, p95) in report["latencies_ms"].items():
        lines.append(f"{stage:<26}p50 {p50:7.1f} ms   p95 {p95:7.1f} ms")
    lines.append(f"{'memory':<26}{report['memory_mb']:,} MB at most")
    return "\n".join(lines)


def _sweep_table(reports: Sequence[dict[str, Any]]) -> str:
    """Return a line for each combination of settings, with the figures that decide."""
    shown = ("nDCG@10 articles", "R@10 passages", "right and sourced", "declined when it should")
    lines = ["".join(f"{name:<28}" for name in ("settings", *shown)) + "ask p50 ms"]
    for report in reports:
        chosen = " ".join(f"{name}={value}" for name, value in report["chosen"].items())
        cells = [_cell(report["figures"].get(name)) for name in shown]
        p50 = report["latencies_ms"]["total"][0]
        lines.append("".join(f"{cell:<28}" for cell in (chosen, *cells)) + f"{p50:.0f}")
    return "\n".join(lines)


def _cell(figure: dict[str, float] | None) -> str:
    if figure is None:
        return "-"
    return f"{figure['mean']:.3f} ({figure['low']:.3f}..{figure['high']:.3f})"


def _spread(questions: tuple[Question, ...], limit: int | None) -> tuple[Question, ...]:
    """Return so many questions, evenly spread over the set."""
    if not limit or limit >= len(questions):
        return questions
    return tuple(questions[i * len(questions) // limit] for i in range(limit))


def _key(data: DataSet, settings: Settings) -> str:
    """Return a name for this set, these settings and this code: equal runs share a folder."""
    told = hashlib.sha256(f"{data.digest}{_named(settings)}".encode())
    for path in sorted(Path(qa_bot.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".safetensors", ".json"):
            told.update(path.read_bytes())
    return told.hexdigest()[:10]


def _named(settings: Settings) -> dict[str, Any]:
    """Return the settings that can change an answer."""
    service = {"index", "host", "port", "lock_wait_s", "uploads", "upload_mb", "upload_files"}
    return settings.model_dump(exclude=service | secret_names())


def _read(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report
