"""An answer as plain text, for a terminal."""

from __future__ import annotations

from dataclasses import replace

from qa_bot.answer import Answer, Citation
from qa_bot.datatypes import Coverage
from qa_bot.export.labels import (
    agreement_line,
    beyond_short,
    closest_line,
    event_leads,
    is_small_talk,
    origin,
    remarks,
)


def as_text(answer: Answer) -> str:
    """Return the answer, its sources and its coverage, in lines."""
    if is_small_talk(answer.refusal):
        return answer.text
    if answer.timeline:
        events = zip(answer.sentences, event_leads(answer), strict=True)
        body = [str(replace(one, lead=lead)) for one, lead in events]
    else:
        body = [" ".join(map(str, beyond_short(answer))) or answer.text]
    lines = [*([answer.short, ""] if answer.short else []), *body, ""]
    for citation in answer.citations:
        lines.append(source_lines(citation))
        lines += [f"    {remark}" for remark in remarks(citation)]
    if answer.refusal and answer.refusal.closest:
        lines += [closest_line(answer.refusal, answer.refusal.closest), ""]
    if answer.refusal and answer.refusal.nearest:
        lines.append("Nearest articles:")
        for article in answer.refusal.nearest:
            lines.append(f"  {article.published or 'undated'}  {article.title}")
    covered = answer.coverage
    if agreed := agreement_line(answer.sources):
        lines.append(f"{agreed.capitalize()}.")
    lines.append(f"Searched {_searched(covered)}.")
    return "\n".join(lines)


def _searched(covered: Coverage) -> str:
    """Return how many articles were searched, and of which days.

    >>> from datetime import date
    >>> _searched(Coverage(1)), _searched(Coverage(2, date(2021, 3, 3), date(2021, 3, 5)))
    ('1 article, undated', '2 articles, 2021-03-03 to 2021-03-05')
    """
    count = "1 article" if covered.articles == 1 else f"{covered.articles:,} articles"
    days = list(dict.fromkeys(str(day) for day in (covered.first, covered.last) if day))
    return f"{count}, {' to '.join(days) or 'undated'}"


def source_lines(citation: Citation) -> str:
    """Return publisher, date and title of a citation, and the place of its quote."""
    article = citation.article
    by = origin(citation.publisher, citation.agency)
    known = (by, str(citation.published or "undated"), citation.title)
    where = article.path or article.url or article.id
    place = f"{where}, characters {citation.start}–{citation.end}"
    return f"[{citation.number}] {', '.join(filter(None, known))}\n    {place}"
