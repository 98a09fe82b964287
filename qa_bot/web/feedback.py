"""What readers say of answers → lines of a file that the harness can ask again as a test set.

Each line is a question in the harness's own form (``queries.jsonl``) with the answer that was
given. What a reader found good becomes the answer wanted; what should have been declined becomes
unanswerable; a wrong answer states no truth, and is kept to be looked at.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

VERDICTS = ("good", "wrong_answer", "wrong_source", "should_have_declined")
_LONGEST_COMMENT = 2_000
_LOCK = threading.Lock()


def feedback_record(answer: Mapping[str, Any], verdict: str, comment: str) -> dict[str, Any]:
    """Return the line for an answer in the JSON form of the contract.

    Raises:
        ValueError: the verdict is none of ``VERDICTS``, or the answer lacks a part.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"The verdict is {verdict!r}; it must be one of {', '.join(VERDICTS)}.")
    try:
        record = {
            "_id": uuid.uuid4().hex,
            "text": str(answer["question"]),
            "type": f"feedback_{verdict}",
            "answerable": _answerable(verdict, bool(answer["answered"])),
            **_truth(answer, verdict),
            **{name: value for name, value in dict(answer.get("narrowed") or {}).items() if value},
            "verdict": verdict,
            "comment": comment[:_LONGEST_COMMENT],
            "given": datetime.now(UTC).isoformat(timespec="seconds"),
            "answer": dict(answer),
        }
    except (KeyError, TypeError) as exc:
        raise ValueError(f"The answer lacks a part that it must have ({exc}).") from exc
    return record


def keep_feedback(path: Path, record: Mapping[str, Any]) -> None:
    """Append a line to the file.

    Raises:
        OSError: the file cannot be written.
    """
    line = json.dumps(record, ensure_ascii=False)
    with _LOCK, path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{line}\n")


def _answerable(verdict: str, answered: bool) -> bool:
    return verdict != "should_have_declined" and (answered or verdict != "good")


def _truth(answer: Mapping[str, Any], verdict: str) -> dict[str, Any]:
    """Return what a good answer says of the right one."""
    if verdict != "good" or not answer["answered"]:
        return {}
    words = answer.get("short") or answer["sentences"][0]["text"]
    cited = [{"article_id": c["article_id"], "quote": c["quote"]} for c in answer["citations"]]
    return {
        "answers": [words],
        "evidence": cited,
        "relevant_ids": sorted({c["article_id"] for c in answer["citations"]}),
    }
