"""Answers, hits and verdicts as lines of JSON."""

from __future__ import annotations

import json
from typing import Any


def to_json(value: dict[str, Any]) -> str:
    """Return one line of JSON, with letters as they are wherever they can be written."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, from a question
        return json.dumps(value)
    return text
