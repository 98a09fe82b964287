"""A citation → the same with all that a reader should know beside its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qa_bot.datatypes import Citation, Entry, Hit, Span
from qa_bot.news import agency, find_notices, speaker_of
from qa_bot.text import squeeze, written_date


def with_context(citations: Iterable[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the citations with speaker, agency, notices and the other places of the story."""
    copies = {hit.passage.article.id: hit.copies for hit in hits}
    return tuple(_known(citation, copies.get(citation.article.id, ())) for citation in citations)


def _known(citation: Citation, copies: tuple[Entry, ...]) -> Citation:
    article = citation.article
    return replace(
        citation,
        speaker=speaker_of(article.text, Span(citation.start, citation.end)),
        agency=agency(article),
        notices=tuple(squeeze(article.text[slice(*n.words)]) for n in find_notices(article.text)),
        copies=copies,
    )


def origin(citation: Mapping[str, Any]) -> str:
    """Return the publisher of a citation in JSON form, with the agency that it has it from.

    >>> origin({"publisher": "Radio Oslo", "agency": "Northline"})
    'Radio Oslo (from Northline)'
    """
    publisher, agency_ = citation["publisher"] or "", citation.get("agency")
    return f"{publisher} (from {agency_})".strip() if agency_ else publisher


def remarks(citation: Mapping[str, Any]) -> list[str]:
    """Return what is to be known beside the words of a citation in JSON form, a line each."""
    lines = [f"Said by {citation['speaker']}"] if citation.get("speaker") else []
    lines += citation.get("notices") or ()
    places = [
        f"{copy['publisher'] or copy['title']}, {written_date(copy['published'])}"
        for copy in citation.get("copies") or ()
    ]
    return lines + ([f"The same story: {'; '.join(places)}"] if places else [])


def agreement(answer: Mapping[str, Any]) -> str:
    """Return how many sources say so, where more than one article does; else nothing."""
    sources = answer.get("sources") or {"articles": 0, "independent": 0}
    n, own = sources["articles"], sources["independent"]
    return f"said by {own} independent source{'s' * (own != 1)} in {n} articles" if n > 1 else ""
