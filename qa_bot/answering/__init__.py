"""Compose an answer of quoted sentences with exact citations, or a refusal with its reason.

The package knows nothing about language models.
"""

from __future__ import annotations

from qa_bot.answering.answerer import Limits, answer_from
from qa_bot.answering.citations import with_context
from qa_bot.answering.composition import Composition
from qa_bot.answering.conflicts import DISAGREE
from qa_bot.answering.refusal import decline_small_talk

__all__ = ["DISAGREE", "Composition", "Limits", "answer_from", "decline_small_talk", "with_context"]
