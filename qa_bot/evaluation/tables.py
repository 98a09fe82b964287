"""Tables of figures for the terminal: one run, or a sweep over settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_OF_A_SWEEP = ("nDCG@10 articles", "R@10 passages", "right and sourced", "declined when it should")


def run_table(report: Mapping[str, Any]) -> str:
    """Return the figures of a run with their intervals, its times and its memory."""
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


def sweep_table(reports: Sequence[Mapping[str, Any]]) -> str:
    """Return a line for each combination of settings, with the figures that decide."""
    lines = ["".join(f"{name:<28}" for name in ("settings", *_OF_A_SWEEP)) + "ask p50 ms"]
    for report in reports:
        chosen = " ".join(f"{name}={value}" for name, value in report["chosen"].items())
        cells = [_cell(report["figures"].get(name)) for name in _OF_A_SWEEP]
        p50 = report["latencies_ms"]["total"][0]
        lines.append("".join(f"{cell:<28}" for cell in (chosen, *cells)) + f"{p50:.0f}")
    return "\n".join(lines)


def _cell(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "-"
    return f"{figure['mean']:.3f} ({figure['low']:.3f}..{figure['high']:.3f})"
