"""Answer questions about a folder of news articles, with citations exact to the character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_bot.answer import Answer, Citation, Refusal, RefusalReason, Sentence
from qa_bot.datatypes import Article, Coverage, Evidence, Hit, Passage, Turn
from qa_bot.errors import QABotError
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.bot import QABot

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Coverage",
    "Evidence",
    "Hit",
    "Passage",
    "QABot",
    "QABotError",
    "Refusal",
    "RefusalReason",
    "Sentence",
    "Settings",
    "Turn",
]


def __getattr__(name: str) -> object:
    """Import ``QABot`` on first use, so that ``import qa_bot`` stays light."""
    if name == "QABot":
        from qa_bot.bot import QABot

        return QABot
    raise AttributeError(f"module 'qa_bot' has no attribute {name!r}")
