"""Names, dates and remarks of a citation, as people read them."""

from __future__ import annotations

import re

from qa_bot.answer import DECISIONS
from qa_bot.datatypes import Published
from qa_bot.export.protocols import AnswerLike, CitationLike, SentenceLike, SourcesLike
from qa_bot.text import written_date


def origin(publisher: str | None, agency: str | None) -> str:
    """Return the publisher with the agency that supplied the story.

    >>> origin("Radio Oslo", "Northline")
    'Radio Oslo (from Northline)'
    """
    return f"{publisher or ''} (from {agency})".strip() if agency else publisher or ""


def date_label(published: Published | None) -> str:
    """Return a date as people write it: ``16 June 2021``, ``June 2021``, or ``undated``."""
    return written_date(str(published) if published else None)


def date_origin(published: Published | None) -> str:
    """Return where the date of an article is from, in one sentence; empty for an undated one.

    >>> from datetime import date
    >>> date_origin(Published(date(2021, 6, 16), "day", "dateline “GENEVA, June 16 —”"))
    'Date found in the text: dateline “GENEVA, June 16 —”.'
    """
    if published is None:
        return ""
    if published.how == "stated":
        return "Date stated by the file."
    return f"Date found in the text: {published.how.removesuffix('.')}."


def remarks(citation: CitationLike) -> list[str]:
    """Return a line for the speaker, each notice, and the other places of the story."""
    lines = [f"Said by {_within(citation.speaker)}"] if citation.speaker else []
    lines += citation.notices
    places = [f"{c.publisher or c.title}, {date_label(c.published)}" for c in citation.copies]
    return lines + ([f"The same story: {'; '.join(places)}"] if places else [])


def _within(speaker: str) -> str:
    """Return a speaker as it stands within a sentence.

    >>> _within("The council"), _within("Theo Brisk")
    ('the council', 'Theo Brisk')
    """
    return re.sub(r"^(?:The|An?) ", lambda m: m[0].lower(), speaker)


def beyond_short(answer: AnswerLike) -> list[SentenceLike]:
    """Return the sentences of an answer without a yes or no that its short answer says."""
    said = {f"{answer.short}."}.intersection(DECISIONS)
    return [one for one in answer.sentences if one.text not in said or not one.supported]


def closest_line(citation: CitationLike) -> str:
    """Return the sentence of a refusal that comes closest to an answer, with its source."""
    quote = " ".join(citation.quote.split())
    return f"Closest sentence, which may not answer it: “{quote}” ({source_line(citation)})"


def agreement_line(sources: SourcesLike | None) -> str:
    """Return how many independent sources agree; nothing where only one article answers."""
    if sources is None or sources.articles < 2:
        return ""
    own = sources.independent
    return f"said by {own} independent source{'s' * (own != 1)} in {sources.articles} articles"


def source_line(citation: CitationLike) -> str:
    """Return publisher · date · title; a date that the article does not state has its origin."""
    how = citation.published_how
    sure = f" ({how})" if how and how != "stated" else ""
    by = origin(citation.publisher, citation.agency)
    when = f"{date_label(citation.published)}{sure}"
    return " · ".join(filter(None, (by, when, citation.title)))
