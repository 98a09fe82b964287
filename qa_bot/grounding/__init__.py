"""Judge whether a passage supports a sentence, by a trained model and by exact facts.

The package has no knowledge of questions, retrieval or language models.
"""

from __future__ import annotations

from qa_bot.grounding.check import SupportCheck, check_sentence, verdict_dict
from qa_bot.grounding.facts import missing_facts
from qa_bot.grounding.judge import SupportJudge, Verdict, load_grounding, term_share

__all__ = [
    "SupportCheck",
    "SupportJudge",
    "Verdict",
    "check_sentence",
    "load_grounding",
    "missing_facts",
    "term_share",
    "verdict_dict",
]
