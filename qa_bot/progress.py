"""Progress of a build → bars on the terminal, for anything that takes longer than a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_bot.building import Progress


@contextmanager
def build_progress() -> Iterator[Progress]:
    """Show files read with time left, and passages embedded with their rate, on stderr."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks = {
            "reading": bars.add_task("files read", total=None, rate=""),
            "embedding": bars.add_task("passages embedded", total=None, rate=""),
        }

        def report(stage: str, done: int, total: int) -> None:
            task = bars.tasks[tasks[stage]]
            speed = task.speed or 0.0
            bars.update(task.id, advance=done, total=total or None, rate=f"{speed:,.0f}/s")

        yield report
