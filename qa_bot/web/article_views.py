"""Articles → HTML: one article with cited words marked, and the list of all with its timeline.

Everything that is not ours is text. Pure functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from urllib.parse import quote, urlsplit

from qa_bot.datatypes import Article, Entry, Span
from qa_bot.text import written_date

SHOWN = 200
_WIDTH, _HEIGHT, _COLUMNS = 600, 56, 60


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


def date_line(article: Article | Entry) -> str:
    """Return the date as people write it: ``16 June 2021``, ``June 2021``, or ``undated``."""
    return written_date(str(article.published) if article.published else None)


def article_list(
    articles: Sequence[Entry],
    own: frozenset[str],
    wanted: str = "",
    takes_uploads: str = "",
) -> str:
    """Return the view of the collection: timeline, search, list, and the way to add files.

    Args:
        articles: all that are searched.
        own: ids that the person may remove.
        wanted: shows only articles with these words in title, publisher, date or id.
        takes_uploads: the sentence that says where files go; empty if none are taken.
    """
    words = wanted.casefold().split()
    found = [a for a in articles if all(word in _described(a) for word in words)]
    found.sort(key=lambda a: (a.published.day if a.published else date.min, a.id), reverse=True)
    rows = "".join(_row(article, own) for article in found[:SHOWN])
    more = f'<p class="qb-meta">and {len(found) - SHOWN:,} more: search for them</p>'
    none = '<p class="qb-meta">No article has these words in its title, publisher or date.</p>'
    return (
        '<div class="qb-article qb-shelf"><h2 tabindex="-1">Articles</h2>'
        f"{timeline(articles)}{_upload(takes_uploads) if takes_uploads else ''}"
        '<label class="qb-find">Find <input type="search" name="find" '
        f'value="{escape(wanted)}" autocomplete="off"></label>'
        f'<div class="qb-found"><p class="qb-meta" role="status">{len(found):,} of '
        f"{len(articles):,} articles</p><ul>{rows}</ul>{more if len(found) > SHOWN else ''}"
        f"{none if not found and articles else ''}</div></div>"
    )


def timeline(articles: Sequence[Entry]) -> str:
    """Return a plot of the number of articles by time; columns carry the ids for marking."""
    dated = [(a.published.day, a.id) for a in articles if a.published]
    if not dated:
        return ""
    first, last = min(dated)[0], max(dated)[0]
    width_days = max(1, -(-((last - first).days + 1) // _COLUMNS))
    columns: dict[int, list[str]] = {}
    for day, article_id in dated:
        columns.setdefault((day - first).days // width_days, []).append(article_id)
    tallest = max(Counter({at: len(ids) for at, ids in columns.items()}).values())
    n_columns = max(columns) + 1
    step = _WIDTH / n_columns
    bars = "".join(
        _bar(at * step, step, len(ids) / tallest, first + timedelta(at * width_days), ids)
        for at, ids in sorted(columns.items())
    )
    label = f"{len(dated):,} articles from {written_date(str(first))} to {written_date(str(last))}"
    return (
        f'<figure class="qb-timeline"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{label}" preserveAspectRatio="none">{bars}</svg><figcaption>'
        f"<span>{written_date(str(first))}</span><span>{written_date(str(last))}</span>"
        "</figcaption></figure>"
    )


def _bar(x: float, step: float, share: float, day: date, ids: Sequence[str]) -> str:
    height = max(3.0, share * (_HEIGHT - 4))
    count = f"{len(ids)} article{'s' * (len(ids) != 1)} from {written_date(str(day))}"
    held = escape(" ".join(quote(one, safe="") for one in ids[:50]))
    return (
        f'<rect x="{x:.1f}" y="{_HEIGHT - height:.1f}" width="{max(1.0, step - 1):.1f}" '
        f'height="{height:.1f}" data-ids="{held}"><title>{count}</title></rect>'
    )


def _row(article: Entry, own: frozenset[str]) -> str:
    n = article.passages
    known = (article.publisher, date_line(article), f"{n} passage{'s' * (n != 1)}")
    title = escape(article.title or article.id)
    remove = (
        f'<button type="button" class="qb-remove" data-remove="{escape(article.id)}" '
        f'aria-label="Remove {title}">Remove</button>'
    )
    return (
        f'<li><button type="button" class="qb-open" data-panel="panel?id='
        f'{quote(article.id, safe="")}">{title}</button> <span class="qb-meta">'
        f"{escape(' · '.join(filter(None, known)))}</span>"
        f"{remove if article.id in own else ''}</li>"
    )


def _upload(sentence: str) -> str:
    return (
        '<div class="qb-drop"><label>Add articles '
        '<input type="file" name="files" multiple></label>'
        f'<p class="qb-meta">{escape(sentence)}</p><ul class="qb-files" role="status"></ul></div>'
    )


def _described(article: Entry) -> str:
    known = (article.title, article.publisher or "", date_line(article), article.id)
    return " ".join((*known, str(article.published or ""))).casefold()


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
