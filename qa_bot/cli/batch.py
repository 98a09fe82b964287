"""Batches: JSON lines of questions, queries or sentences in, a JSON line on stdout for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from qa_bot.cli.output import say, show
from qa_bot.errors import QABotError
from qa_bot.export import to_json

if TYPE_CHECKING:
    from qa_bot.bot import QABot

Record = dict[str, Any]
_FILTERS = ("as_of", "since", "until", "publisher", "articles")


class Line(BaseModel):
    """A line of a batch: each command reads the fields that it needs; other names are allowed."""

    model_config = ConfigDict(frozen=True)

    question: str | None = None
    query: str | None = None
    sentence: str | None = None
    passage: str | None = None
    as_of: str | None = None
    since: str | None = None
    until: str | None = None
    publisher: str | None = None
    articles: list[str] = []
    history: list[dict[str, Any]] = []

    @field_validator("articles", "history", mode="before")
    @classmethod
    def _none_is_empty(cls, value: Any) -> Any:
        return value or []

    @classmethod
    def of(cls, record: Record) -> Line:
        """Return the line that a JSON object is.

        Raises:
            ValueError: a field is of the wrong kind; the first is named.
        """
        try:
            return cls.model_validate(record)
        except ValidationError as exc:
            name = str(exc.errors()[0]["loc"][0])
            kind = "a list of the right kind" if name in ("articles", "history") else "text"
            raise ValueError(f"{name} is {record[name]!r}, which is not {kind}") from exc

    def given(self, names: Iterable[str]) -> Record:
        """Return those of the named fields that the line states."""
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value}


def reply_to_all(path: Path, reply: Callable[[Line], Record]) -> bool:
    """Print a reply to each line of the file; return whether none failed.

    A line without an answer gets ``{"id", "error"}``, and stderr names its number.
    """
    good = True
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            record: Record = {}
            try:
                record = _parse(line)
                result = reply(Line.of(record))
            except (QABotError, ValueError) as exc:
                say(f"{path}:{number}: {exc}")
                result, good = {"error": str(exc)}, False
            show(to_json({"id": record.get("id")} | result))
    return good


def answer_record(bot: QABot, line: Line, given: Record) -> Record:
    """Return the answer to a line's question, in the JSON form of the contract.

    ``given`` holds for all lines; what a line states itself takes precedence.
    """
    own = line.given((*_FILTERS, "history"))
    return bot.ask(line.question or "", **given | own).to_dict()


def hits_record(bot: QABot, line: Line, given: Record) -> Record:
    """Return the hits for a line's query (or question); ``given`` as in ``answer_record``."""
    query = line.query or line.question or ""
    return {"hits": [hit.to_dict() for hit in bot.search(query, **given | line.given(_FILTERS))]}


def verdict_record(line: Line, size: str = "auto") -> Record:
    """Return the verdict of the judge of a size on a line's sentence by its own passage.

    No index is needed.
    """
    from qa_bot.grounding import load_grounding, verdict_dict

    sentence, passage = line.sentence or "", line.passage or ""
    if not sentence.strip() or not passage.strip():
        raise ValueError("a line needs a sentence and a passage")
    return verdict_dict(load_grounding(size).judge([(sentence, passage)])[0])


def _parse(line: bytes) -> Record:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise ValueError("the line is not JSON in UTF-8") from exc
    if not isinstance(record, dict):
        raise ValueError("the line is not a JSON object")
    return record
