"""Names, dates and remarks of a citation, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa_bot.text import written_date


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


def agreement_line(answer: Mapping[str, Any]) -> str:
    """Return how many sources say so, where more than one article does; else nothing."""
    sources = answer.get("sources") or {"articles": 0, "independent": 0}
    n, own = sources["articles"], sources["independent"]
    return f"said by {own} independent source{'s' * (own != 1)} in {n} articles" if n > 1 else ""


Form = Mapping[str, Any]


def source_line(citation: Form) -> str:
    """Return publisher · date (how it was found, unless stated) · title."""
    when = written_date(citation["published"])
    how = citation.get("published_how")
    sure = f" ({how})" if how and how != "stated" else ""
    by = origin(citation)
    return " · ".join(filter(None, (by, f"{when}{sure}", citation["title"])))
