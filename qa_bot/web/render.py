"""Answers and articles → HTML in which everything that is not ours is text. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote, urlsplit

from qa_bot.datatypes import Answer, Article, Citation, Coverage, Sentence, Span


def question_bubble(question: str) -> str:
    """Return what the person asked, as text."""
    return f'<div class="qb-question">{escape(question)}</div>'


def notice(message: str) -> str:
    """Return a plain line: a state of work, or an error."""
    return f'<div class="qb-notice" role="status">{escape(message)}</div>'


def partial(text: str) -> str:
    """Return an answer that is still being written."""
    return f'<div class="qb-card"><p class="qb-text">{escape(text)}</p></div>'


def answer_card(answer: Answer) -> str:
    """Return the card of an answer or a refusal."""
    body = _refusal(answer) if answer.refusal else _sentences(answer) + _sources(answer)
    kind = "qb-card qb-refusal" if answer.refusal else "qb-card"
    return f'<div class="{kind}">{body}{_foot(answer)}</div>'


def article_panel(article: Article, cited: Sequence[Span], active: Span | None) -> str:
    """Return the whole article as it was read, the cited words marked, the active ones stronger.

    Spans that do not lie within the text, or overlap an earlier one, are left out.
    """
    meta = " · ".join(filter(None, (article.publisher, date_line(article))))
    how = (
        f'<p class="qb-how">Date: {escape(article.published.how)}</p>' if article.published else ""
    )
    return (
        f'<div class="qb-article"><h2 tabindex="-1">{escape(article.title)}</h2>'
        f'<p class="qb-meta">{escape(meta)}{_link(article.url)}</p>{how}'
        f'<div class="qb-body">{_marked(article.text, cited, active)}</div></div>'
    )


def date_line(article: Article) -> str:
    """Return the date as people write it: ``16 June 2021``, ``June 2021``, or ``undated``."""
    if article.published is None:
        return "undated"
    form = {"day": "%-d %B %Y", "month": "%B %Y", "year": "%Y"}[article.published.precision]
    return article.published.day.strftime(form)


def coverage_line(coverage: Coverage) -> str:
    """Return ``5 articles, 5 May – 29 Dec 2021``."""
    count = "1 article" if coverage.articles == 1 else f"{coverage.articles:,} articles"
    if coverage.first is None or coverage.last is None:
        return count
    same_year = coverage.first.year == coverage.last.year
    first = coverage.first.strftime("%-d %b" if same_year else "%-d %b %Y")
    return f"{count}, {first} – {coverage.last.strftime('%-d %b %Y')}"


def _sentences(answer: Answer) -> str:
    numbered = {citation.number: citation for citation in answer.citations}
    short = f'<p class="qb-short">{escape(answer.short)}</p>' if answer.short else ""
    parts = " ".join(_sentence(sentence, numbered, answer) for sentence in answer.sentences)
    return f'{short}<p class="qb-text">{parts}</p>'


def _sentence(sentence: Sentence, numbered: dict[int, Citation], answer: Answer) -> str:
    chips = "".join(_chip(numbered[number], answer) for number in sentence.citations)
    if sentence.supported:
        return f"{escape(sentence.text)} {chips}"
    reason = "Nothing in the articles supports this sentence"
    return f'<span class="qb-unsupported" title="{reason}">{escape(sentence.text)}</span> {chips}'


def _chip(citation: Citation, answer: Answer) -> str:
    article = citation.article
    name = f"{article.publisher or article.title}, {date_line(article)}"
    return (
        f'<button type="button" class="qb-chip" data-panel="{escape(_panel_url(citation, answer))}"'
        f' aria-label="Source {citation.number}: {escape(name)}, open">{citation.number}</button>'
    )


def _panel_url(citation: Citation, answer: Answer) -> str:
    """Return the address of the article's panel with all words of it that this answer cites."""
    same = [other for other in answer.citations if other.article.id == citation.article.id]
    cited = "&".join(f"cite={other.start}-{other.end}" for other in same)
    active = f"active={citation.start}-{citation.end}"
    return f"panel?id={quote(citation.article.id, safe='')}&{cited}&{active}"


def _sources(answer: Answer) -> str:
    rows = "".join(
        f"<li>{_chip(citation, answer)} <span class='qb-meta'>"
        f"{escape(' · '.join(filter(None, _known(citation.article))))}</span>"
        f"<q>{escape(citation.quote)}</q></li>"
        for citation in answer.citations
    )
    return f'<ol class="qb-sources" aria-label="Sources">{rows}</ol>'


def _known(article: Article) -> tuple[str | None, str, str]:
    return article.publisher, date_line(article), article.title


def _refusal(answer: Answer) -> str:
    refusal = answer.refusal
    if refusal is None:
        return ""
    nearest = "".join(
        f'<li><button type="button" class="qb-open" data-panel="panel?id={quote(a.id, safe="")}">'
        f"{escape(a.title)}</button> <span class='qb-meta'>"
        f"{escape(' · '.join(filter(None, (a.publisher, date_line(a)))))}</span></li>"
        for a in refusal.nearest
    )
    listed = f'<p class="qb-label">Nearest articles</p><ul>{nearest}</ul>' if nearest else ""
    return f'<p class="qb-text qb-declined">{escape(refusal.message)}</p>{listed}'


def _foot(answer: Answer) -> str:
    seconds = answer.timings_ms.get("total", 0.0) / 1000
    searched = f"Searched {coverage_line(answer.coverage)} · {seconds:.1f} s"
    return f'<p class="qb-foot">{escape(searched)}</p>'


def _link(url: str | None) -> str:
    """Return a link to the article's own https address, with its host shown; else nothing."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    return (
        f' · <a href="{escape(url or "")}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{escape(host)}</a>'
    )


def _marked(text: str, cited: Sequence[Span], active: Span | None) -> str:
    parts: list[str] = []
    position = 0
    for span in sorted(set(cited)):
        if position <= span.start < span.end <= len(text):
            kind = ' class="qb-active" tabindex="-1"' if span == active else ""
            words = escape(text[span.start : span.end])
            parts += [escape(text[position : span.start]), f"<mark{kind}>{words}</mark>"]
            position = span.end
    return "".join([*parts, escape(text[position:])])
