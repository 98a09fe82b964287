"""Compose an answer of quoted sentences with exact citations, or a refusal with its reason.

The package knows nothing about language models.
"""

from __future__ import annotations

from qa_bot.answering.answerer import Limits, answer_from
from qa_bot.answering.citations import with_context
from qa_bot.answering.composition import Composition
from qa_bot.answering.conflicts import DISAGREE

__all__ = ["DISAGREE", "Composition", "Limits", "answer_from", "with_context"]
