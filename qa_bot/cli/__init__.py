"""The command line: ``qa-bot build``, ``ask``, ``chat`` and the rest."""

from __future__ import annotations

from qa_bot.cli.main import main, parser

__all__ = ["main", "parser"]
