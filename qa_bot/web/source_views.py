"""What the page says of the sources that ``qa-bot watch`` reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qa_bot.bot import QABot
from qa_bot.watching import SourceState, SourceStates
from qa_bot.web.renderer import render

_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A source, and what became of it."""

    name: str
    state: str


def states_of(bot: QABot) -> list[SourceState]:
    """Return what became of the sources that are watched for an index; none if none are."""
    folder = bot.collection.folder
    return SourceStates(folder).all() if folder else []


def source_list(states: Sequence[SourceState], now: datetime) -> str:
    """Return the sources with when each was read, or why it was not; nothing without sources."""
    if not states:
        return ""
    rows = [
        _Row(state.outlet or state.shown, _described(state, now))
        for state in sorted(states, key=lambda one: (one.problem is None, one.outlet or one.name))
    ]
    return render("watched.html", rows=rows)


def newest_line(states: Sequence[SourceState], now: datetime) -> str:
    """Return when the sources last brought something; empty if they never did."""
    newest = max((state.changed for state in states if state.changed), default=None)
    return f"The newest came {elapsed(now - newest)}." if newest else ""


def _described(state: SourceState, now: datetime) -> str:
    if state.problem:
        return f"could not be read {elapsed(now - state.read)}: {state.problem}"
    return f"read {elapsed(now - state.read)}"


def elapsed(time: timedelta) -> str:
    """Return how long ago something was, in the largest unit that fits.

    >>> elapsed(timedelta(seconds=20)), elapsed(timedelta(minutes=1)), elapsed(timedelta(hours=50))
    ('just now', '1 minute ago', '2 days ago')
    """
    for name, unit in _UNITS:
        n = time // unit
        if n >= 1:
            return f"{n:,} {name}{'s' if n > 1 else ''} ago"
    return "just now"
