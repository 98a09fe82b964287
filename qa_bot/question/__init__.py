"""A question, understood once: its parts and kind, the times and names in it.

It knows nothing of an index or of answers.
"""

from __future__ import annotations

from qa_bot.question.followup import leans, plain_answer, read_turns
from qa_bot.question.intent import Expects, Intent
from qa_bot.question.question import Kind, Question, clean_question, understand
from qa_bot.question.suggestions import (
    Starter,
    find_starters,
    keep_starters,
)
from qa_bot.question.time_range import TimeRange

__all__ = [
    "Expects",
    "Intent",
    "Kind",
    "Question",
    "Starter",
    "TimeRange",
    "clean_question",
    "find_starters",
    "keep_starters",
    "leans",
    "plain_answer",
    "read_turns",
    "understand",
]
