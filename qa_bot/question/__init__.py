"""A question, understood once: its parts, its kind, the times and names in it.

It knows nothing of an index or of answers.
"""

from __future__ import annotations

from qa_bot.question.followup import leans, plain_answer, stand_alone
from qa_bot.question.parts import question_parts
from qa_bot.question.suggestions import (
    Starter,
    find_starters,
    read_starters,
    write_starters,
)
from qa_bot.question.time_range import asked_days, narrowed

__all__ = [
    "Starter",
    "asked_days",
    "find_starters",
    "leans",
    "narrowed",
    "plain_answer",
    "question_parts",
    "read_starters",
    "stand_alone",
    "write_starters",
]
