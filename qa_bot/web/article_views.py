"""HTML of articles: one with its quotes marked, and the searchable list with its timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlsplit

from qa_bot.datatypes import Article, Entry, Published, Span
from qa_bot.export import date_label
from qa_bot.web.answer_views import panel_url
from qa_bot.web.renderer import render

SHOWN = 200
_WIDTH, _HEIGHT, _COLUMNS = 600, 56, 60
_IDS_PER_BAR = 50


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of an article's text, between marks or within one."""

    text: str
    marked: bool = False
    active: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """An article in the list."""

    id: str
    panel: str
    title: str
    known: str
    removable: bool


@dataclass(frozen=True, slots=True)
class _Bar:
    """The articles of some days in the timeline; sizes in units of its drawing."""

    x: float
    width: float
    height: float
    title: str
    ids: str


@dataclass(frozen=True, slots=True)
class _Timeline:
    """The number of articles over time."""

    first: str
    last: str
    n_articles: int
    bars: tuple[_Bar, ...]
    width: int = _WIDTH
    height: int = _HEIGHT


def article_panel(article: Article, cited: Sequence[Span], active: Span | None) -> str:
    """Return the whole article with the cited words marked, the active ones more strongly.

    Spans outside the text, or overlapping an earlier one, are left out.
    """
    return render(
        "article.html",
        article=article,
        known=" · ".join(filter(None, (article.publisher, date_label(article.published)))),
        host=_host(article.url),
        runs=_runs(article.text, cited, active),
    )


def article_list(
    articles: Sequence[Entry],
    own: frozenset[str],
    wanted: str = "",
    upload_note: str = "",
) -> str:
    """Return the view of the collection: timeline, search, list, and the way to add files.

    Args:
        articles: all that are searched.
        own: ids that the person may remove.
        wanted: shows only articles with these words in title, publisher, date or id.
        upload_note: says who will see an added file; empty if none are taken.
    """
    words = wanted.casefold().split()
    found = [a for a in articles if all(word in _description(a) for word in words)]
    found.sort(key=lambda a: (a.published.day if a.published else date.min, a.id), reverse=True)
    return render(
        "article_list.html",
        timeline=_timeline(articles),
        upload_note=upload_note,
        wanted=wanted,
        n_found=len(found),
        n_articles=len(articles),
        rows=[_row(article, own) for article in found[:SHOWN]],
    )


def _runs(text: str, cited: Sequence[Span], active: Span | None) -> Iterator[_Run]:
    """Yield the text in order, cut at the marks."""
    position = 0
    for span in sorted(set(cited)):
        if position <= span.start < span.end <= len(text):
            yield _Run(text[position : span.start])
            yield _Run(text[span.start : span.end], True, span == active)
            position = span.end
    yield _Run(text[position:])


def _host(url: str | None) -> str:
    """Return the host of a web address, in ASCII; empty for other addresses."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return ""
    return host if parts.scheme in ("http", "https") else ""


def _description(article: Entry) -> str:
    """Return the words by which a search finds an article."""
    known = (article.title, article.publisher or "", date_label(article.published), article.id)
    return " ".join((*known, str(article.published or ""))).casefold()


def _row(article: Entry, own: frozenset[str]) -> _Row:
    n = article.passages
    passages = f"{n} passage{'s' * (n != 1)}"
    known = filter(None, (article.publisher, date_label(article.published), passages))
    title = article.title or article.id
    return _Row(
        article.id, panel_url(article.id), title, " · ".join(known), removable=article.id in own
    )


def _timeline(articles: Sequence[Entry]) -> _Timeline | None:
    """Return the dated articles in at most 60 columns of equal numbers of days."""
    dated = [(a.published.day, a.id) for a in articles if a.published]
    if not dated:
        return None
    first, last = min(dated)[0], max(dated)[0]
    days = max(1, -(-((last - first).days + 1) // _COLUMNS))
    columns: dict[int, list[str]] = {}
    for day, article_id in dated:
        columns.setdefault((day - first).days // days, []).append(article_id)
    tallest = max(map(len, columns.values()))
    step = _WIDTH / (max(columns) + 1)
    bars = tuple(
        _bar(at * step, step, len(ids) / tallest, first + timedelta(at * days), ids)
        for at, ids in sorted(columns.items())
    )
    return _Timeline(date_label(Published(first)), date_label(Published(last)), len(dated), bars)


def _bar(x: float, step: float, share: float, day: date, ids: Sequence[str]) -> _Bar:
    return _Bar(
        x,
        width=max(1.0, step - 1),
        height=max(3.0, share * (_HEIGHT - 4)),
        title=f"{len(ids)} article{'s' * (len(ids) != 1)} from {date_label(Published(day))}",
        ids=" ".join(quote(one, safe="", errors="replace") for one in ids[:_IDS_PER_BAR]),
    )
