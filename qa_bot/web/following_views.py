"""The list of followed questions on the page, with what changed in their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qa_bot.following import Change, Followed
from qa_bot.web.renderer import render
from qa_bot.web.source_views import elapsed


@dataclass(frozen=True, slots=True)
class _Row:
    """A followed question, its answer, and the last change of it; empty without one."""

    question: str
    answer: str
    change: str


def followed_list(followed: Sequence[Followed], changes: Sequence[Change], now: datetime) -> str:
    """Return the followed questions with their answers; nothing without questions.

    Args:
        followed: in the order in which they were followed.
        changes: of their answers, the newest first.
        now: with its time zone.
    """
    if not followed:
        return ""
    last = {change.question: change for change in reversed(changes)}
    rows = [
        _Row(one.question, one.answer.gist, _described(last.get(one.question), now))
        for one in followed
    ]
    return render("followed.html", rows=rows)


def _described(change: Change | None, now: datetime) -> str:
    if change is None:
        return ""
    try:
        ago = elapsed(now - datetime.fromisoformat(change.after.at))
    except (ValueError, TypeError):  # a file that somebody wrote by hand
        ago = "at an unknown time"
    return f"changed {ago}; before: {change.before.gist}"
