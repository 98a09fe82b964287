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
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa_bot import QABotError
from qa_bot.evaluation.comparison import accept, check, compare
from qa_bot.evaluation.harness import evaluate
from qa_bot.evaluation.tables import run_table, sweep_table
from qa_bot.resources import resource

SAMPLE = "eval/datasets/sample"  # among the bundled resources


def main(argv: Sequence[str] | None = None) -> int:
    """Run the harness; return 0, 1 when a check failed, 2 for a wrong call."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.compare:
            print(compare(*(_read(path, "rows") for path in arguments.compare)))
            return 0
        reports = [
            evaluate(arguments.dataset, chosen, arguments.limit, arguments.out)
            for chosen in grid(arguments.set)
        ]
    except BrokenPipeError:  # the reader of the output has enough
        raise
    except (QABotError, ValueError, OSError) as exc:
        print(f"qa-bot eval: {exc}", file=sys.stderr)
        return 2
    if len(reports) > 1:
        print(sweep_table(reports))
        return 0
    (report,) = reports
    print(run_table(report))
    if arguments.accept:
        print(accept(report, arguments.accept))
    if arguments.check:
        failures = check(report, _read(arguments.check, "figures"))
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qa-bot eval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dataset", nargs="?", type=Path, default=resource(SAMPLE))
    parser.add_argument("--out", type=Path, help="folder for answers and figures")
    parser.add_argument("--limit", type=int, help="ask every nth question, so many in all")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE,…", help="settings; all are run"
    )
    parser.add_argument("--check", type=Path, metavar="BASELINE")
    parser.add_argument("--accept", type=Path, metavar="BASELINE")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"))
    return parser


def _read(path: Path, needed: str) -> dict[str, Any]:
    """Return a report, or a baseline, which has figures and no rows.

    Raises:
        ValueError: the file has no such part, or is not JSON.
    """
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if needed not in report:
        raise ValueError(f"{path} has no {needed!r}; name a report that a run wrote.")
    return report
