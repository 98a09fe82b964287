"""Does a text support a statement? A model and the facts of the statement decide.

It knows nothing of questions, of retrieval or of language models.
"""

from __future__ import annotations

from qa_bot.grounding.check import Checked, check_sentence, verdict_dict
from qa_bot.grounding.facts import missing_facts
from qa_bot.grounding.judge import Grounding, Verdict, load_grounding, term_share

__all__ = [
    "Checked",
    "Grounding",
    "Verdict",
    "check_sentence",
    "load_grounding",
    "missing_facts",
    "term_share",
    "verdict_dict",
]
