"""JSON lines of questions or queries → a JSON line on stdout for each, under its id."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_bot.errors import QABotError
from qa_bot.export import to_json

if TYPE_CHECKING:
    from qa_bot.bot import QABot

Record = dict[str, Any]
_TEXTS = ("question", "query", "sentence", "passage", "as_of", "since", "until", "publisher")


def reply_to_all(path: Path, reply: Callable[[Record], Record]) -> bool:
    """Print a reply to each line of the file; return whether none failed.

    A line that cannot be answered gets ``{"id", "error"}``, and its number is named on stderr.
    """
    good = True
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            record: Record = {}
            try:
                record = _parse(line)
                _check(record)
                result = reply(record)
            except (QABotError, ValueError) as exc:
                print(f"{path}:{number}: {exc}", file=sys.stderr)
                result, good = {"error": str(exc)}, False
            print(to_json({"id": record.get("id")} | result), flush=True)
    return good


def answer_record(bot: QABot, record: Record, given: Record) -> Record:
    """Return the answer to a record's question, in the JSON form of the contract.

    ``given`` holds for all records; what a record states itself goes before it.
    """
    names = ("as_of", "since", "until", "publisher", "articles", "history")
    own = {name: record[name] for name in names if record.get(name)}
    return bot.ask(record.get("question") or "", **given | own).to_dict()


def hits_record(bot: QABot, record: Record, given: Record) -> Record:
    """Return the hits for a record's query (or question); ``given`` as in ``answer_record``."""
    names = ("as_of", "since", "until", "publisher", "articles")
    own = {name: record[name] for name in names if record.get(name)}
    query = record.get("query") or record.get("question") or ""
    return {"hits": [hit.to_dict() for hit in bot.search(query, **given | own)]}


def verdict_record(record: Record) -> Record:
    """Return the verdict on a record's sentence by its own passage; no index is needed."""
    from qa_bot.grounding import load_grounding, verdict_dict

    sentence, passage = record.get("sentence") or "", record.get("passage") or ""
    if not sentence.strip() or not passage.strip():
        raise ValueError("a line needs a sentence and a passage")
    return verdict_dict(load_grounding().judge([(sentence, passage)])[0])


def _parse(line: bytes) -> Record:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise ValueError("the line is not JSON in UTF-8") from exc
    if not isinstance(record, dict):
        raise ValueError("the line is not a JSON object")
    return record


def _check(record: Record) -> None:
    for name in _TEXTS:
        if not isinstance(record.get(name, ""), str | None):
            raise ValueError(f"{name} is {record[name]!r}, which is not text")
    for name, kind in (("articles", str), ("history", dict)):
        given = record.get(name) or []
        if not isinstance(given, list) or not all(isinstance(one, kind) for one in given):
            raise ValueError(f"{name} is {given!r}, which is not a list of the right kind")
