"""Comparison of two reports: what changed, whether by chance, and which figures fell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa_bot.evaluation.figures import FIGURES, over
from qa_bot.evaluation.intervals import paired_p
from qa_bot.evaluation.scoring import outcome

Report = Mapping[str, Any]
_LOWER_IS_BETTER = {"AURC"}


def check(report: Report, baseline: Report) -> list[str]:
    """Return a sentence for each figure below its accepted value by more than its interval.

    The room of a figure is the distance from its accepted value to the end of its interval on the
    worse side. A figure that is missing has fallen, and so has a run of other questions.
    """
    if (report["dataset"], report["digest"], report["n"]) != tuple(
        baseline[name] for name in ("dataset", "digest", "n")
    ):
        return [f"the baseline is of other questions: {baseline['dataset']}, {baseline['n']}"]
    failures = []
    for name, accepted in baseline["figures"].items():
        found = report["figures"].get(name)
        if found is None:
            failures.append(f"{name}: missing, accepted {accepted['mean']:.3f}")
            continue
        worse = found["mean"] - accepted["mean"]
        room = accepted["high"] - accepted["mean"]
        if name not in _LOWER_IS_BETTER:
            worse, room = -worse, accepted["mean"] - accepted["low"]
        if worse > room + 1e-12:
            failures.append(
                f"{name}: {found['mean']:.3f}, accepted {accepted['mean']:.3f} (room {room:.3f})"
            )
    return failures


def accept(report: Report, path: Path) -> str:
    """Write the report's figures as the baseline; return the difference to the earlier one."""
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"figures": {}}
    kept = {name: report[name] for name in ("dataset", "digest", "n", "figures")}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    lines = []
    for name, new in report["figures"].items():
        old = earlier["figures"].get(name)
        before = f"{old['mean']:.3f}" if old else "new"
        lines.append(f"{name:<26}{before:>7} → {new['mean']:.3f}")
    return "\n".join(lines)


def compare(one: Report, other: Report) -> str:
    """Return both means of each figure with the p-value of their paired difference.

    The ids of the questions with a better or worse outcome in B follow.
    """
    rows = {row["id"]: row for row in one["rows"]}
    pairs = [(rows[row["id"]], row) for row in other["rows"] if row["id"] in rows]
    lines = [
        f"{len(pairs)} questions in both",
        "",
        f"{'figure':<26}{'A':>7}{'B':>8}{'p':>8}      n",
    ]
    for name, which, key in FIGURES:
        about = [(a, b) for a, b in pairs if over([a], which)]
        kept = [(a, b) for a, b in about if a[key] is not None and b[key] is not None]
        if kept:
            a, b = ([pair[side][key] for pair in kept] for side in (0, 1))
            means = f"{sum(a) / len(a):7.3f} {sum(b) / len(b):7.3f}"
            lines.append(f"{name:<26}{means} {paired_p(a, b):7.3f}  {len(a):5}")
    for title, sign in (("better in B", 1), ("worse in B", -1)):
        changed = [b["id"] for a, b in pairs if (outcome(b) - outcome(a)) * sign > 0]
        lines += ["", f"{title}: {len(changed)}  {' '.join(changed)}"]
    return "\n".join(lines)
