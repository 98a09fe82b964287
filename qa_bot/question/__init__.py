"""Analyse a question once: its parts and kind, the times and names in it.

The package knows nothing about an index or about answers.
"""

from __future__ import annotations

from qa_bot.question.comparison import Comparison, Form
from qa_bot.question.followup import complete, needs_context, plain_answer, read_turns
from qa_bot.question.intent import AUXILIARY, Expects, Intent
from qa_bot.question.language import is_foreign
from qa_bot.question.question import Kind, Question, clean_question, understand
from qa_bot.question.small_talk import is_small_talk
from qa_bot.question.spelling import correct_spelling, unknown_words
from qa_bot.question.suggestions import (
    Starter,
    find_starters,
    keep_starters,
)
from qa_bot.question.time_range import TimeRange

__all__ = [
    "AUXILIARY",
    "Comparison",
    "Expects",
    "Form",
    "Intent",
    "Kind",
    "Question",
    "Starter",
    "TimeRange",
    "clean_question",
    "complete",
    "correct_spelling",
    "find_starters",
    "is_foreign",
    "is_small_talk",
    "keep_starters",
    "needs_context",
    "plain_answer",
    "read_turns",
    "understand",
    "unknown_words",
]
