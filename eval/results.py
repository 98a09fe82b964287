"""Print the figures of evaluation reports as a Markdown table.

``python eval/results.py REPORT.json...``: a report is the ``report.json`` of a run, or a baseline.
Several reports give a column each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Report = Mapping[str, Any]


def read_report(path: str | Path) -> Report:
    """Return the report in a JSON file."""
    report: Report = json.loads(Path(path).read_text(encoding="utf-8"))
    return report


def results_table(reports: Sequence[Report]) -> str:
    """Return a Markdown table with a row for each figure and a column for each report.

    A cell holds the mean and the 95 % interval; a figure that a report lacks is a dash.
    """
    names = list(dict.fromkeys(name for report in reports for name in report["figures"]))
    heads = [f"{report['dataset']}, {report['n']} questions" for report in reports]
    lines = [_row(["figure", "over", *heads]), _row(["---"] * (len(reports) + 2))]
    for name in names:
        figures = [report["figures"].get(name) for report in reports]
        over = next(str(figure["n"]) for figure in figures if figure)
        lines.append(_row([name, over, *map(_cell, figures)]))
    return "\n".join(lines)


def _cell(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "–"
    return f"{figure['mean']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(results_table([read_report(path) for path in sys.argv[1:]]))
