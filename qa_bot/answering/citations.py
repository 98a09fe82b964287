"""Add speaker, agency, notices and copies to citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa_bot.answer import Citation
from qa_bot.datatypes import Entry, Hit, Span
from qa_bot.news import agency, find_notices, speaker_of
from qa_bot.text import squeeze


def with_context(citations: Iterable[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the citations with speaker, agency, notices and the copies of their articles."""
    copies = {hit.passage.article.id: hit.copies for hit in hits}
    return tuple(_complete(one, copies.get(one.article.id, ())) for one in citations)


def _complete(citation: Citation, copies: tuple[Entry, ...]) -> Citation:
    article = citation.article
    return replace(
        citation,
        speaker=speaker_of(article.text, Span(citation.start, citation.end)),
        agency=agency(article),
        notices=tuple(squeeze(article.text[slice(*n.words)]) for n in find_notices(article.text)),
        copies=copies,
    )
