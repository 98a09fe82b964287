"""Names, dates and remarks of a citation, as people read them."""

from __future__ import annotations

import re
from datetime import date

from qa_bot.answer import DECISIONS, RefusalReason
from qa_bot.datatypes import Published
from qa_bot.export.protocols import (
    AnswerLike,
    CitationLike,
    RefusalLike,
    SentenceLike,
    SourcesLike,
)
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


def event_leads(answer: AnswerLike) -> list[str]:
    """Return the lead of each event of a timeline: its day, and whether it is the latest.

    An event that was still to come when its article appeared is planned; the last of the others is
    the latest, if two or more are of different times.
    """
    published = {one.number: one.published for one in answer.citations}
    times = {one.citation: _first_day(one.iso) for one in answer.when}
    cited = [next(iter(one.citations), 0) for one in answer.sentences]
    planned = [
        times.get(number, "") > day.last.isoformat() if (day := published.get(number)) else False
        for number in cited
    ]
    begun = [place for place, is_planned in enumerate(planned) if not is_planned]
    if len({times.get(cited[place]) for place in begun}) < 2:
        begun = []
    leads = []
    for place, sentence in enumerate(answer.sentences):
        state = " (planned)" if planned[place] else " (the latest)" if place in begun[-1:] else ""
        leads.append(f"{sentence.lead or ''}{state}".strip())
    return leads


def _first_day(iso: str) -> str:
    """Return a form of a time that sorts by its first day.

    >>> _first_day("2021-06"), _first_day("2021-W24"), _first_day("2021-06-16/2021-06-18")
    ('2021-06', '2021-06-14', '2021-06-16')
    """
    first = iso.partition("/")[0]
    if not re.fullmatch(r"\d{4}-W\d\d", first):
        return first
    try:
        return date.fromisoformat(f"{first}-1").isoformat()
    except ValueError:  # that year has no such week
        return first


def is_small_talk(refusal: RefusalLike | None) -> bool:
    """Return whether a refusal says only what can be asked; nothing was searched for it."""
    return refusal is not None and refusal.reason == RefusalReason.NOT_A_QUESTION


def closest_label(refusal: RefusalLike) -> str:
    """Return what the closest sentence of a refusal is; of a false premise it says otherwise."""
    if refusal.reason == RefusalReason.FALSE_PREMISE:
        return "What the articles say"
    return "Closest sentence, which may not answer it"


def closest_line(refusal: RefusalLike, closest: CitationLike) -> str:
    """Return the sentence of a refusal that comes closest to an answer, with its source."""
    quote = " ".join(closest.quote.split())
    return f"{closest_label(refusal)}: “{quote}” ({source_line(closest)})"


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
