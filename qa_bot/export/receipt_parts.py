"""The parts of a receipt's sentences, and whether the cited texts confirm them.

It compares bytes and runs no language rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qa_bot.answer import DECISIONS, OPEN, Part, PartKind, Sentence
from qa_bot.datatypes import Article
from qa_bot.text import squeeze, written_date

FIRST_FORM = "qa-bot-receipt/1"  # without typed parts
# The text of each article by id and version, as the index has it; None where it has neither that
# version nor a newer one.
Texts = Mapping[tuple[str, str], Article | None]


def text_key(citation: Mapping[str, Any]) -> tuple[str, str]:
    """Return article id and version of a citation; the version is empty if it names none."""
    return str(citation["article_id"]), str(citation.get("article_version") or "")


def text_of(receipt: Mapping[str, Any]) -> str:
    """Return the text that the sentences, or the refusal, of a receipt make."""
    if receipt.get("refusal"):
        return str(receipt["refusal"]["message"])
    return " ".join(
        str(Sentence(str(s["text"]), tuple(s["citations"]), lead=s.get("lead")))
        for s in receipt["sentences"]
    )


def is_quoted(short: str, receipt: Mapping[str, Any]) -> bool:
    """Return whether each part of a short answer is in a quotation."""
    quotes = [squeeze(str(citation["quote"])) for citation in receipt["citations"]]
    return all(any(part in quote for quote in quotes) for part in short.split("; "))


def typed_parts(receipt: Mapping[str, Any], sentence: Mapping[str, Any]) -> list[Part] | None:
    """Return the typed parts of a sentence, or None if they do not add up to the sentence."""
    lead, text = sentence.get("lead"), str(sentence["text"])
    if receipt["receipt"] == FIRST_FORM:
        return _guess_parts(receipt, sentence)
    parts = [Part(PartKind(part["kind"]), str(part["text"])) for part in sentence["parts"]]
    expected = [*([str(lead)] if lead else []), text]
    return parts if [part.text for part in parts] == expected else None


def _guess_parts(receipt: Mapping[str, Any], sentence: Mapping[str, Any]) -> list[Part]:
    """Return the parts of a sentence of the first receipt form, which had no kinds."""
    lead, text = sentence.get("lead"), str(sentence["text"])
    quotes = [c["quote"] for c in _cited(receipt, sentence)]
    if any(squeeze(quote) == text for quote in quotes):
        kind = PartKind.QUOTE
    elif receipt["models"].get("generator"):
        kind = PartKind.WRITTEN
    elif any(f"“{one['words']}”" in text for one in receipt.get("when") or ()):
        kind = PartKind.TIME
    elif receipt.get("difference") and len(quotes) > 1:
        kind = PartKind.DISAGREEMENT
    else:
        kind = PartKind.PUBLICATION
    if not lead:
        return [Part(kind, text)]
    leads = {True: PartKind.TIME, False: PartKind.SPEAKER}
    by_kind = leads[bool(receipt.get("timeline"))]
    return [Part(PartKind.REPORT if receipt.get("difference") else by_kind, lead), Part(kind, text)]


def holds(
    receipt: Mapping[str, Any],
    sentence: Mapping[str, Any],
    part: Part,
    articles: Texts,
) -> bool:
    """Return whether the cited texts confirm a part, as far as comparing bytes can."""
    cited = _cited(receipt, sentence)
    match part.kind:
        case PartKind.QUOTE:
            return any(squeeze(str(c["quote"])) == part.text for c in cited)
        case PartKind.SPEAKER:
            found = [_cited_version(c, articles) for c in cited]
            name = squeeze(part.text)
            return any(article is None or name in squeeze(article.text) for article in found)
        case PartKind.TIME:
            return any(
                _is_time(one, part.text, c, _cited_version(c, articles))
                for one in receipt.get("when") or ()
                for c in cited
            )
        case PartKind.ROLE:
            return any(_is_role(part.text, c) for c in cited)
        case PartKind.PUBLICATION:
            return any(squeeze(str(c["title"])) in part.text for c in cited)
        case _:
            return _fits(receipt, part)


def _is_role(text: str, citation: Mapping[str, Any]) -> bool:
    """Return whether a quote has the words of a role, and its article the day behind them."""
    role = text.removesuffix(f" ({written_date(citation.get('published'))})").casefold()
    words = rf"(?<!\w){re.escape(role)}(?!\w)"
    return bool(role.strip()) and bool(re.search(words, squeeze(str(citation["quote"])).casefold()))


def _fits(receipt: Mapping[str, Any], part: Part) -> bool:
    """Return whether a part that no text can confirm fits the rest of the receipt."""
    if part.kind is PartKind.DECISION:
        return part.text in DECISIONS and part.text == f"{receipt.get('short')}."
    if part.kind is PartKind.OPEN:
        return part.text.startswith(OPEN)
    if part.kind is PartKind.ITEM:
        return part.text.lower() in str(receipt.get("standalone_question")).lower()
    written = part.kind is PartKind.WRITTEN
    return bool(receipt["models"].get("generator") if written else receipt.get("difference"))


def has_unused_time(receipt: Mapping[str, Any], articles: Texts) -> bool:
    """Return whether a time of a receipt is stated by no sentence."""
    stated = [
        (part.text, _cited(receipt, sentence))
        for sentence in receipt["sentences"]
        for part in typed_parts(receipt, sentence) or ()
        if part.kind is PartKind.TIME
    ]
    return any(
        not any(
            _is_time(when, text, c, _cited_version(c, articles))
            for text, cited in stated
            for c in cited
        )
        for when in receipt.get("when") or ()
    )


def _is_time(
    when: Mapping[str, Any], text: str, citation: Mapping[str, Any], article: Article | None
) -> bool:
    """Return whether a text is a time of the receipt, and the article has its words."""
    start, end = int(when["start"]), int(when["end"])
    if when["citation"] != citation["number"] or str(when["written"]) not in text:
        return False
    within = int(citation["start"]) < end and start < int(citation["end"])
    words = squeeze(article.text[start:end]) if article else when["words"]
    return (
        within
        and start < end
        and words == when["words"]
        and (text == when["written"] or f"“{words}”" in text)
        and not _has_more(text, str(when["written"]), words)
    )


def _has_more(text: str, *pieces: str) -> bool:
    """Return whether a text has letters or digits besides some pieces of it."""
    for piece in pieces:
        text = text.replace(piece, "", 1)
    return any(char.isalnum() for char in text)


def _cited_version(citation: Mapping[str, Any], articles: Texts) -> Article | None:
    """Return the text that a citation is from, or None if the index has only another one."""
    article = articles.get(text_key(citation))
    return article if article and article.version == citation.get("article_version") else None


def _cited(receipt: Mapping[str, Any], sentence: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    by_number = {citation["number"]: citation for citation in receipt["citations"]}
    return [by_number[number] for number in sentence["citations"]]
