"""Verify a receipt against the articles of an index, without any model.

The seal reveals accidents and edits. A forger who computes a new seal must still quote the
articles, because verification compares every quote, and the title, publisher, day and address of
its article, with the index. It runs no language rules: the program's own statements (days,
publication, speakers) are typed parts of a sentence; verification compares them with the article's
words behind them and lists them in the result. It lists all else as stated by the receipt's maker:
a signature says who that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from qa_bot.answer import DECISIONS, Citation, PartKind
from qa_bot.datatypes import Article, Span
from qa_bot.export.receipt_parts import (
    FIRST_FORM,
    Texts,
    has_unused_time,
    holds,
    is_quoted,
    text_key,
    text_of,
    typed_parts,
)
from qa_bot.export.receipts import FORM, canonical, seal_of
from qa_bot.export.signatures import signer
from qa_bot.text import squeeze

_CHECKED = frozenset(
    {"receipt", "sentences", "citations", "text", "when", "seal", "signature", "question"}
)
_DETAILS = {
    "title": "title",
    "publisher": "publisher",
    "published": "day of publication",
    "url": "address",
}
_CHECKED_OF_CITATION = _DETAILS.keys() | {
    "number", "article_id", "article_version", "start", "end", "quote"
}  # fmt: skip


_CHECKED_OF_SENTENCE = frozenset({"text", "citations", "lead", "parts"})
_CHECKED_OF_PART = frozenset({"kind", "text"})


class Status(StrEnum):
    """The current state of a receipt or of one of its citations."""

    INTACT = "intact"
    CHANGED = "article changed since"
    GONE = "article gone"
    QUOTE_ALTERED = "quote altered"
    SHIFTED = "offsets shifted"
    RECEIPT_ALTERED = "receipt altered"
    DETAILS_DIFFER = "details differ"
    NOT_SIGNED = "not signed by the key"


@dataclass(frozen=True, slots=True)
class Check:
    """The check of a citation, by its number, or of the whole receipt (number 0).

    ``verified`` means of a citation that the cited text, current or an older version in the index,
    has its words, and that the index has its title, publisher, day and address; of the receipt
    that its seal fits, its text is made of its sentences, and its sentences are quotations or typed
    parts. ``message`` names what nobody checked.
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
        status = str(self.status).removeprefix(f"{name} ")
        return f"{name} {status}: {self.message}"


def verify_receipt(
    receipt: Mapping[str, Any],
    find: Callable[[str], Article | None],
    find_version: Callable[[str, str], Article | None] = lambda *_: None,
    signed_by: str | None = None,
) -> list[Check]:
    """Return the check of the receipt, then those of its citations.

    Args:
        receipt: the result of ``make_receipt``, possibly read from JSON.
        find: returns the current article of an id, or None.
        find_version: returns an older article by id and version, or None if the index lacks it.
        signed_by: the fingerprint of the key that must have signed it.

    Raises:
        ValueError: it is not a receipt.
    """
    if receipt.get("receipt") not in (FORM, FIRST_FORM):
        raise ValueError(f"This is not a receipt: its form is not {FORM!r}.")
    try:
        quoted = _quoted(receipt)
        articles = {str(c["article_id"]): find(str(c["article_id"])) for c in quoted}
        older = {key: find_version(*key) for c in quoted if (key := text_key(c))[1]}
        cited = [
            _citation(c, articles[str(c["article_id"])], older.get(text_key(c))) for c in quoted
        ]
        as_cited = {text_key(c): older.get(text_key(c)) or articles[text_key(c)[0]] for c in quoted}
        return [_signed(_whole(receipt, as_cited), receipt, signed_by), *cited]
    except RecursionError as exc:
        raise ValueError("This is not a receipt: it is nested too deeply.") from exc
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as exc:
        raise ValueError(f"The receipt lacks a part that it must have ({exc}).") from exc


def _quoted(receipt: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the citations of a receipt, or the closest sentence of its refusal."""
    closest = (receipt.get("refusal") or {}).get("closest")
    return [*receipt["citations"], *([closest] if closest else [])]


def _signed(whole: Check, receipt: Mapping[str, Any], signed_by: str | None) -> Check:
    """Check the signature of a receipt, if it has one or must have one."""
    if not whole.verified:
        return whole
    if "signature" not in receipt:
        return whole if signed_by is None else _unsigned("it has no signature.")
    rest = {name: value for name, value in receipt.items() if name != "signature"}
    found = signer(canonical(rest), receipt["signature"])
    if found is None:
        return _altered("its signature does not fit.")
    if signed_by is not None and found != signed_by:
        return _unsigned(f"it is signed by the key {found}.")
    return replace(whole, message=f"{whole.message} Signed by the key {found}.")


def _unsigned(message: str) -> Check:
    return Check(0, Status.NOT_SIGNED, message)


def _whole(receipt: Mapping[str, Any], articles: Texts) -> Check:
    """Check the seal, the citation numbers, and every part of every sentence."""
    rest = {name: value for name, value in receipt.items() if name not in ("seal", "signature")}
    if receipt.get("seal") != seal_of(rest):
        return _altered("its seal does not fit: something in it was changed after it was made.")
    numbers = {citation["number"] for citation in receipt["citations"]}
    if (
        len(numbers) < len(receipt["citations"])
        or not all(type(number) is int and number >= 1 for number in numbers)
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
    unchecked = _unchecked(receipt, articles)
    message = f"made {_shown(str(receipt['made']))}, its seal fits.{stated}{unchecked}"
    return Check(0, Status.INTACT, message, verified=True)


def _unchecked(receipt: Mapping[str, Any], articles: Texts) -> str:
    """Return a sentence that names all that the articles cannot confirm."""
    names = [name for name, value in receipt.items() if _says(value) and name not in _CHECKED]
    if receipt.get("when"):
        names.append("the ISO form of its times")
    if has_unused_time(receipt, articles):
        names.append("a time that no sentence has")
    for place, ones, checked in (
        ("a citation", _quoted(receipt), _CHECKED_OF_CITATION),
        ("a sentence", receipt["sentences"], _CHECKED_OF_SENTENCE),
        (
            "a part",
            [p for one in receipt["sentences"] for p in one.get("parts", ())],
            _CHECKED_OF_PART,
        ),
    ):
        given = {name for one in ones for name, value in one.items() if _says(value)}
        names += [f"{name} of {place}" for name in sorted(given - checked)]
    asked = _shown(str(receipt["question"]))
    shown = ", ".join(_shown(name) for name in names)
    return f" Stated by its maker, not checked: the question “{asked}”; {shown}."


def _says(value: object) -> bool:
    """Return whether a field says anything: false and 0 do, emptiness does not."""
    return value is not None and (isinstance(value, bool | int | float) or bool(value))


def _altered(message: str) -> Check:
    return Check(0, Status.RECEIPT_ALTERED, message)


def _citation(citation: Mapping[str, Any], article: Article | None, older: Article | None) -> Check:
    number, start, end = (_whole_number(citation[name]) for name in ("number", "start", "end"))
    quote = str(citation["quote"])
    if article is None:
        message = f"there is no article {citation['article_id']!r} in the index any more."
        return Check(number, Status.GONE, message)
    if citation.get("article_version") != article.version:
        changed = _changed(number, Span(start, end), quote, article, older)
        return _detailed(changed, citation, older) if older else changed
    if 0 <= start < end and article.text[start:end] == quote:
        message = f"the words stand in “{article.title}” at characters {start}–{end}."
        return _detailed(Check(number, Status.INTACT, message, verified=True), citation, article)
    elsewhere = article.text.find(quote) if quote else -1
    if elsewhere >= 0:
        message = (
            f"the words stand in “{article.title}” at characters {elsewhere}–"
            f"{elsewhere + len(quote)}, not at {start}–{end}."
        )
        return Check(number, Status.SHIFTED, message)
    message = f"“{article.title}” is as it was, and does not say these words."
    return Check(number, Status.QUOTE_ALTERED, message)


def _whole_number(value: object) -> int:
    """Return a number of a receipt; only digits of JSON without a point count.

    Raises:
        TypeError: it is anything else.
    """
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value


def _detailed(check: Check, citation: Mapping[str, Any], article: Article) -> Check:
    """Compare what a citation says of its article with what the index says of it."""
    known = Citation(1, article, 0, 0).to_dict()
    differing = [
        f"the {word} is {_said(citation[name])} here and {_said(known[name])} in the index"
        for name, word in _DETAILS.items()
        if name in citation and citation[name] != known[name]
    ]
    if not differing or not check.verified:
        return check
    message = f"{check.message} But {'; '.join(differing)}."
    return replace(check, status=Status.DETAILS_DIFFER, message=message, verified=False)


def _said(value: object) -> str:
    return "missing" if value is None else f"“{_shown(str(value))}”"


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


def _shown(text: str) -> str:
    """Return a text of a receipt in one line, without control characters."""
    return squeeze("".join(char for char in text if char.isprintable() or char.isspace()))
