"""Progress on the terminal for work that takes longer than a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_bot.index import Progress


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """Show a spinner with a message, if stderr is a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(message):
            yield
    else:
        yield


@contextmanager
def build_progress() -> Iterator[Progress]:
    """Show bars of the bytes read, with the time left, and of the passages embedded per second."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks = {
            "reading": bars.add_task("read and indexed", total=None, count=""),
            "embedding": bars.add_task("passages embedded", total=None, count=""),
        }

        def report(stage: str, done: int, total: int) -> None:
            task = bars.tasks[tasks[stage]]
            bars.update(task.id, advance=done, total=total or None)
            if stage == "embedding":
                count = f"{task.completed:,.0f} · {task.speed or 0.0:,.0f}/s"
                bars.update(task.id, count=count)

        yield report
