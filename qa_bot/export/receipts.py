"""An answer → a receipt that anyone can check later against the articles, with no model.

A receipt is the answer's JSON without what was only looked at, plus a seal: the SHA-256 of all the
rest. The seal finds slips and edits; who forges a receipt and seals it anew still has to quote
articles that say it, because every quote is compared with the index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa_bot.answering import DISAGREE, lead_of, time_statements, times_of
from qa_bot.datatypes import Article, Span
from qa_bot.news import publication_statement, speaker_of
from qa_bot.text import parse_date

FORM = "qa-bot-receipt/1"
_LEFT_OUT = ("hits", "timings_ms", "confidence")


class Standing(StrEnum):
    """How a receipt, or one citation of it, stands today."""

    INTACT = "intact"
    CHANGED = "article changed since"
    GONE = "article gone"
    QUOTE_ALTERED = "quote altered"
    SHIFTED = "offsets shifted"
    RECEIPT_ALTERED = "receipt altered"


@dataclass(frozen=True, slots=True)
class Verified:
    """One thing that was checked: a citation by its number, or the receipt itself (number 0).

    ``verified`` says that it is as it was made: the words stand in the text that it cites, which
    is the article's own now or the older version that the index keeps.
    """

    number: int
    standing: Standing
    message: str
    verified: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return number, standing, message, and whether it is verified."""
        told = {"number": self.number, "standing": str(self.standing), "message": self.message}
        return told | {"verified": self.verified}

    def __str__(self) -> str:
        """Return ``[1] intact: …``."""
        name = f"[{self.number}]" if self.number else "receipt"
        return f"{name} {self.standing}: {self.message}"


def make_receipt(answer: Mapping[str, Any], made: datetime | None = None) -> dict[str, Any]:
    """Return the receipt of an answer given in the JSON form of the contract."""
    kept = {name: value for name, value in answer.items() if name not in _LEFT_OUT}
    stamp = (made or datetime.now(UTC)).isoformat(timespec="seconds")
    receipt = {"receipt": FORM, "made": stamp, **kept}
    return receipt | {"seal": _seal(receipt)}


def verify_receipt(
    receipt: Mapping[str, Any],
    find: Callable[[str], Article | None],
    find_version: Callable[[str, str], Article | None] = lambda *_: None,
) -> list[Verified]:
    """Return how the receipt and each of its citations stand, the receipt first.

    Args:
        receipt: as ``make_receipt`` made it, read again from JSON.
        find: returns the article of an id as it is in the index now, or None.
        find_version: returns an article as it was, by id and version, if that text is kept.

    Raises:
        ValueError: it is not a receipt.
    """
    if receipt.get("receipt") != FORM:
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
    except (KeyError, TypeError, AttributeError) as exc:
        raise ValueError(f"The receipt lacks a part that it must have ({exc}).") from exc


def write_receipt(path: Path, answer: Mapping[str, Any]) -> None:
    """Write the receipt of an answer into a file.

    Raises:
        OSError: the file cannot be written.
    """
    text = json.dumps(make_receipt(answer), indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")


def read_receipt(path: Path) -> dict[str, Any]:
    """Return the receipt in a file, not verified yet.

    Raises:
        ValueError: the file is not a JSON object in UTF-8.
        OSError: it cannot be read.
    """
    try:
        receipt = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as exc:
        raise ValueError(f"{path} is not a receipt: it is not JSON in UTF-8.") from exc
    if not isinstance(receipt, dict):
        raise ValueError(f"{path} is not a receipt: it is not a JSON object.")
    return receipt


def _whole(receipt: Mapping[str, Any], articles: Mapping[str, Article | None]) -> Verified:
    """Check the seal, and that the sentences say what their citations quote."""
    rest = {name: value for name, value in receipt.items() if name != "seal"}
    if receipt.get("seal") != _seal(rest):
        message = "its seal does not fit: something in it was changed after it was made."
        return Verified(0, Standing.RECEIPT_ALTERED, message)
    numbers = {citation["number"] for citation in receipt["citations"]}
    if len(numbers) < len(receipt["citations"]) or not all(
        number in numbers for s in receipt["sentences"] for number in s["citations"]
    ):
        message = "a sentence cites a number that it does not have."
        return Verified(0, Standing.RECEIPT_ALTERED, message)
    if receipt["models"].get("generator") is None and not _only_quotes(receipt, articles):
        message = "a sentence is not what its citation quotes."
        return Verified(0, Standing.RECEIPT_ALTERED, message)
    message = f"made {receipt['made']}, nothing in it was changed."
    return Verified(0, Standing.INTACT, message, verified=True)


def _only_quotes(receipt: Mapping[str, Any], articles: Mapping[str, Article | None]) -> bool:
    """Return whether every sentence is a quote, or states what is known of its article."""
    by_number = {citation["number"]: citation for citation in receipt["citations"]}
    for sentence in receipt["sentences"]:
        cited = [by_number[number] for number in sentence["citations"]]
        allowed = {_one_line(citation["quote"]) for citation in cited}
        allowed |= {DISAGREE} if receipt.get("difference") else set()
        known = [
            (c, _as_known_then(c, article))
            for c in cited
            if (article := articles[c["article_id"]]) and c["article_version"] == article.version
        ]
        lead = sentence.get("lead")
        for citation, article in known:
            place = Span(int(citation["start"]), int(citation["end"]))
            allowed |= {publication_statement(article)} | time_statements(article, place)
        may_lead = {None}.union(*(_may_lead(receipt, c, article) for c, article in known))
        if len(known) == len(cited) and (sentence["text"] not in allowed or lead not in may_lead):
            return False
    return True


def _as_known_then(citation: Mapping[str, Any], article: Article) -> Article:
    """Return the article with the publisher and the date that it had when it was cited."""
    published = parse_date(citation["published"]) if citation["published"] else None
    return replace(article, publisher=citation["publisher"], published=published)


def _may_lead(
    receipt: Mapping[str, Any], citation: Mapping[str, Any], article: Article
) -> set[str | None]:
    """Return what may stand before a sentence of a citation."""
    difference = receipt.get("difference")
    words = Span(int(citation["start"]), int(citation["end"]))
    if receipt.get("timeline"):
        return set(times_of(article, words))
    if difference and citation["number"] in (difference["first"], difference["second"]):
        first = citation["number"] == difference["first"]
        return {lead_of(difference["kind"], article, words, first=first)}
    return {_speaker(citation, article)}


def _speaker(citation: Mapping[str, Any], article: Article) -> str | None:
    """Return who says what is cited, as the article has it."""
    return speaker_of(article.text, Span(int(citation["start"]), int(citation["end"])))


def _citation(
    citation: Mapping[str, Any], article: Article | None, older: Article | None
) -> Verified:
    number, start, end = (int(citation[name]) for name in ("number", "start", "end"))
    quote = str(citation["quote"])
    if article is None:
        message = f"there is no article {citation['article_id']!r} in the index any more."
        return Verified(number, Standing.GONE, message)
    if citation.get("article_version") != article.version:
        return _changed(number, Span(start, end), quote, article, older)
    if 0 <= start < end and article.text[start:end] == quote:
        message = f"the words stand in “{article.title}” at characters {start}–{end}."
        return Verified(number, Standing.INTACT, message, verified=True)
    elsewhere = article.text.find(quote) if quote else -1
    if elsewhere >= 0:
        message = (
            f"the words stand in “{article.title}” at characters {elsewhere}–"
            f"{elsewhere + len(quote)}, not at {start}–{end}."
        )
        return Verified(number, Standing.SHIFTED, message)
    message = f"“{article.title}” is as it was, and does not say these words."
    return Verified(number, Standing.QUOTE_ALTERED, message)


def _changed(
    number: int, place: Span, quote: str, article: Article, older: Article | None
) -> Verified:
    """Check a citation of an article that has another text now, in the older one if it is kept."""
    where = "still stand in it" if quote and quote in article.text else "are not in it any more"
    if older is None:
        message = f"“{article.title}” has another text now; the quoted words {where}."
        return Verified(number, Standing.CHANGED, message)
    if not (0 <= place.start < place.end and older.text[slice(*place)] == quote):
        message = f"the version of “{older.title}” that it cites does not say these words there."
        return Verified(number, Standing.QUOTE_ALTERED, message)
    message = (
        f"the words stand in the version of “{older.title}” that it cites, at characters "
        f"{place.start}–{place.end}. A newer version exists; the quoted words {where}."
    )
    return Verified(number, Standing.CHANGED, message, verified=True)


def _seal(receipt: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON: sorted names, no spaces, UTF-8."""
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _one_line(text: str) -> str:
    return " ".join(text.split())
