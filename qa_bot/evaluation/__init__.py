"""Evaluation on questions with known answers: ``qa-bot eval``.

The harness asks through ``QABot.ask``, like every other caller.
"""

from __future__ import annotations

from qa_bot.evaluation.command import main
from qa_bot.evaluation.harness import evaluate

__all__ = ["evaluate", "main"]
