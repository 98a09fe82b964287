"""Write receipts of answers, and verify them later against the articles without any model.

A receipt is the answer's JSON without hits, timings and confidence, plus a seal: the SHA-256 of the
rest. The seal reveals accidents and edits. A forger who computes a new seal must still quote the
articles, because verification compares every quote with the index, byte by byte. Verification runs
no language rules: the program's own statements (days, publication, speakers) are typed parts of a
sentence; verification compares them with the article's words behind them and lists them in the
result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa_bot.answer import DECISIONS, PartKind
from qa_bot.datatypes import Article, Span
from qa_bot.export.receipt_parts import FIRST_FORM, holds, is_quoted, text_of, typed_parts
from qa_bot.text import squeeze

FORM = "qa-bot-receipt/2"
_LEFT_OUT = ("hits", "timings_ms", "confidence")


class Status(StrEnum):
    """The current state of a receipt or of one of its citations."""

    INTACT = "intact"
    CHANGED = "article changed since"
    GONE = "article gone"
    QUOTE_ALTERED = "quote altered"
    SHIFTED = "offsets shifted"
    RECEIPT_ALTERED = "receipt altered"


@dataclass(frozen=True, slots=True)
class Check:
    """The check of a citation, by its number, or of the whole receipt (number 0).

    ``verified`` means that it is unchanged: the cited text, current or an older version in the
    index, has its words.
    """

    number: int
    status: Status
    message: str
    verified: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the check in the JSON form of the contract."""
        return {
            "number": self.number,
            "standing": str(self.status),
            "message": self.message,
            "verified": self.verified,
        }

    def __str__(self) -> str:
        """Return ``[1] intact: …``."""
        name = f"[{self.number}]" if self.number else "receipt"
        return f"{name} {self.status}: {self.message}"


def make_receipt(answer: Mapping[str, Any], made: datetime | None = None) -> dict[str, Any]:
    """Return the receipt of an answer in the JSON form of the contract."""
    kept = {name: value for name, value in answer.items() if name not in _LEFT_OUT}
    stamp = (made or datetime.now(UTC)).isoformat(timespec="seconds")
    typed = all("parts" in sentence for sentence in kept["sentences"])
    receipt = {"receipt": FORM if typed else FIRST_FORM, "made": stamp, **kept}
    return receipt | {"seal": _seal(receipt)}


def verify_receipt(
    receipt: Mapping[str, Any],
    find: Callable[[str], Article | None],
    find_version: Callable[[str, str], Article | None] = lambda *_: None,
) -> list[Check]:
    """Return the check of the receipt, then those of its citations.

    Args:
        receipt: the result of ``make_receipt``, possibly read from JSON.
        find: returns the current article of an id, or None.
        find_version: returns an older article by id and version, or None if the index lacks it.

    Raises:
        ValueError: it is not a receipt.
    """
    if receipt.get("receipt") not in (FORM, FIRST_FORM):
        raise ValueError(f"This is not a receipt: its form is not {FORM!r}.")
    try:
        articles = {str(c["article_id"]): find(str(c["article_id"])) for c in receipt["citations"]}
        older = {
            str(c["article_id"]): find_version(str(c["article_id"]), str(c["article_version"]))
            for c in receipt["citations"]
            if "article_version" in c
        }
        cited = [
            _citation(c, articles[str(c["article_id"])], older.get(str(c["article_id"])))
            for c in receipt["citations"]
        ]
        as_cited = {name: older.get(name) or article for name, article in articles.items()}
        return [_whole(receipt, as_cited), *cited]
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as exc:
        raise ValueError(f"The receipt lacks a part that it must have ({exc}).") from exc


def write_receipt(path: Path, answer: Mapping[str, Any]) -> None:
    """Write the receipt of an answer into a file.

    Raises:
        OSError: the file is not writable.
    """
    text = json.dumps(make_receipt(answer), indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")


def read_receipt(path: Path) -> dict[str, Any]:
    """Return the receipt in a file without verifying it.

    Raises:
        ValueError: the file is not a JSON object in UTF-8.
        OSError: the file is not readable.
    """
    try:
        receipt = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as exc:
        raise ValueError(f"{path} is not a receipt: it is not JSON in UTF-8.") from exc
    if not isinstance(receipt, dict):
        raise ValueError(f"{path} is not a receipt: it is not a JSON object.")
    return receipt


def _whole(receipt: Mapping[str, Any], articles: Mapping[str, Article | None]) -> Check:
    """Check the seal, the citation numbers, and every part of every sentence."""
    rest = {name: value for name, value in receipt.items() if name != "seal"}
    if receipt.get("seal") != _seal(rest):
        return _altered("its seal does not fit: something in it was changed after it was made.")
    numbers = {citation["number"] for citation in receipt["citations"]}
    if (
        len(numbers) < len(receipt["citations"])
        or min(numbers, default=1) < 1
        or not all(number in numbers for s in receipt["sentences"] for number in s["citations"])
    ):
        return _altered("a sentence cites a number that it does not have.")
    others: list[str] = []  # the statements that are no quotations
    for sentence in receipt["sentences"]:
        parts = typed_parts(receipt, sentence)
        if parts is None or not all(holds(receipt, sentence, p, articles) for p in parts):
            return _altered("a sentence is not what its citation quotes.")
        others += [f"“{p.text}” ({p.kind})" for p in parts if p.kind is not PartKind.QUOTE]
    if receipt["text"] != text_of(receipt):
        return _altered("its text is not made of its sentences.")
    if refusal := receipt.get("refusal"):
        others.append(f"“{refusal['message']}” (refusal)")
    short = receipt.get("short")
    if short and (f"{short}." in DECISIONS or not is_quoted(str(short), receipt)):
        others.append(f"“{short}” (short answer)")
    stated = f" Not quotations in it: {_shown('; '.join(others))}." if others else ""
    message = f"made {_shown(str(receipt['made']))}, its seal fits.{stated}"
    return Check(0, Status.INTACT, message, verified=True)


def _shown(text: str) -> str:
    """Return a text of a receipt in one line, without control characters."""
    return squeeze("".join(char for char in text if char.isprintable() or char.isspace()))


def _altered(message: str) -> Check:
    return Check(0, Status.RECEIPT_ALTERED, message)


def _citation(citation: Mapping[str, Any], article: Article | None, older: Article | None) -> Check:
    number, start, end = (int(citation[name]) for name in ("number", "start", "end"))
    quote = str(citation["quote"])
    if article is None:
        message = f"there is no article {citation['article_id']!r} in the index any more."
        return Check(number, Status.GONE, message)
    if citation.get("article_version") != article.version:
        return _changed(number, Span(start, end), quote, article, older)
    if 0 <= start < end and article.text[start:end] == quote:
        message = f"the words stand in “{article.title}” at characters {start}–{end}."
        return Check(number, Status.INTACT, message, verified=True)
    elsewhere = article.text.find(quote) if quote else -1
    if elsewhere >= 0:
        message = (
            f"the words stand in “{article.title}” at characters {elsewhere}–"
            f"{elsewhere + len(quote)}, not at {start}–{end}."
        )
        return Check(number, Status.SHIFTED, message)
    message = f"“{article.title}” is as it was, and does not say these words."
    return Check(number, Status.QUOTE_ALTERED, message)


def _changed(
    number: int, place: Span, quote: str, article: Article, older: Article | None
) -> Check:
    """Check a citation of a changed article against its older version, if the index has it."""
    where = "still stand in it" if quote and quote in article.text else "are not in it any more"
    if older is None:
        message = f"“{article.title}” has another text now; the quoted words {where}."
        return Check(number, Status.CHANGED, message)
    if not (0 <= place.start < place.end and older.text[slice(*place)] == quote):
        message = f"the version of “{older.title}” that it cites does not say these words there."
        return Check(number, Status.QUOTE_ALTERED, message)
    message = (
        f"the words stand in the version of “{older.title}” that it cites, at characters "
        f"{place.start}–{place.end}. A newer version exists; the quoted words {where}."
    )
    return Check(number, Status.CHANGED, message, verified=True)


def _seal(receipt: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON: sorted names, no spaces, UTF-8."""
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
