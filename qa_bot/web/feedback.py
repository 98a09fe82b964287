"""Readers' verdicts on answers, kept as lines of a file that the harness can ask again.

Each line is a question in the harness's own form (``queries.jsonl``) with the answer that was
given. A good answer becomes the expected one; a question that should have been declined becomes
unanswerable; a wrong answer states no truth and is kept for people to look at.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_bot.web.answer_form import AnswerForm

VERDICTS = ("good", "wrong_answer", "wrong_source", "should_have_declined")
_LONGEST_COMMENT = 2_000
_LOCK = threading.Lock()


def feedback_record(answer: AnswerForm, verdict: str, comment: str) -> dict[str, Any]:
    """Return the line for an answer.

    Raises:
        ValueError: the verdict is none of ``VERDICTS``.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"The verdict is {verdict!r}; it must be one of {', '.join(VERDICTS)}.")
    return {
        "_id": uuid.uuid4().hex,
        "text": answer.question,
        "type": f"feedback_{verdict}",
        "answerable": _is_answerable(verdict, answer.answered),
        **_truth(answer, verdict),
        **{name: value for name, value in answer.narrowed.to_dict().items() if value},
        "verdict": verdict,
        "comment": comment[:_LONGEST_COMMENT],
        "given": datetime.now(UTC).isoformat(timespec="seconds"),
        "answer": answer.to_dict(),
    }


def keep_feedback(path: Path, record: Mapping[str, Any]) -> None:
    """Append a line to the file.

    Raises:
        OSError: the file cannot be written.
    """
    line = json.dumps(record, ensure_ascii=False)
    with _LOCK, path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{line}\n")


def _is_answerable(verdict: str, answered: bool) -> bool:
    return verdict != "should_have_declined" and (answered or verdict != "good")


def _truth(answer: AnswerForm, verdict: str) -> dict[str, Any]:
    """Return the expected words and evidence, where a reader found the answer good."""
    if verdict != "good" or not answer.sentences:
        return {}
    return {
        "answers": [answer.short or answer.sentences[0].text],
        "evidence": [{"article_id": c.article_id, "quote": c.quote} for c in answer.citations],
        "relevant_ids": sorted({c.article_id for c in answer.citations}),
    }
