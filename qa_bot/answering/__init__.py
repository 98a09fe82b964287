"""Evidence → an answer of quoted sentences with exact citations, or a refusal with its reason.

It knows nothing of retrieval or of language models.
"""

from __future__ import annotations

from qa_bot.answering.citations import with_context
from qa_bot.answering.compose import answer_or_refuse
from qa_bot.answering.conflicts import DISAGREE, lead_of
from qa_bot.answering.draft import Draft
from qa_bot.answering.timeline import asks_day, asks_timeline, tell_events
from qa_bot.answering.times import time_statements, times_of

__all__ = [
    "DISAGREE",
    "Draft",
    "answer_or_refuse",
    "asks_day",
    "asks_timeline",
    "lead_of",
    "tell_events",
    "time_statements",
    "times_of",
    "with_context",
]
