"""Questions with known answers → figures of how good the answers are: ``qa-bot eval``.

It asks through ``QABot.ask``, as everybody does.
"""

from __future__ import annotations

from qa_bot.evaluation.harness import evaluate, main

__all__ = ["evaluate", "main"]
