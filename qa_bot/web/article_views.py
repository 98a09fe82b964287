"""HTML of articles: one with its quotes marked, and the searchable list with its timeline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import quote, urlsplit

from qa_bot.datatypes import Article, Coverage, Entry, Published, Span
from qa_bot.export import date_label, date_origin
from qa_bot.news import find_boilerplate, find_notices, front_matter
from qa_bot.question import Starter
from qa_bot.text import squeeze
from qa_bot.web.answer_views import coverage_line, panel_url
from qa_bot.web.renderer import render

SHOWN = 200
_INVENTED = re.compile(r"^invented:\s*true\s*$", re.IGNORECASE | re.MULTILINE)
_WIDTH, _HEIGHT, _COLUMNS = 600, 56, 60
_IDS_PER_BAR = 50
_NAMED_OUTLETS = 4


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of an article's text, between marks or within one."""

    text: str
    marked: bool = False
    active: bool = False


@dataclass(frozen=True, slots=True)
class _Section:
    """A stretch of an article's text; ``fold`` is the line over one that is folded, else empty."""

    fold: str
    runs: tuple[_Run, ...]

    @property
    def is_cited(self) -> bool:
        """Return whether a quote is in it."""
        return any(run.marked for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Row:
    """An article in the list."""

    id: str
    panel: str
    title: str
    known: str
    removable: bool


@dataclass(frozen=True, slots=True)
class _Copy:
    """Another article with the same story."""

    panel: str
    place: str


@dataclass(frozen=True, slots=True)
class _Starter:
    """A question that the articles answer, with the outlet and date of the article."""

    question: str
    source: str


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


def article_panel(
    article: Article,
    cited: Sequence[Span] = (),
    active: Span | None = None,
    copies: Sequence[Entry] = (),
) -> str:
    """Return the whole article with the cited words marked, the active ones more strongly.

    Front matter, a headline that the head of the panel shows, and lines of the page are folded.
    Spans outside the text, or overlapping an earlier one, are left out.

    Args:
        article: with its text.
        cited: the spans of its text that an answer quotes.
        active: the one of them to begin with.
        copies: the other articles with the same story.
    """
    front = front_matter(article.text)
    return render(
        "article.html",
        article=article,
        date=date_label(article.published),
        origin=date_origin(article.published),
        invented=bool(front and _INVENTED.search(article.text[: front.end])),
        host=_host(article.url),
        notices=[squeeze(article.text[slice(*n.words)]) for n in find_notices(article.text)],
        copies=[_Copy(panel_url(one.id), _place(one) or one.title) for one in copies],
        sections=_sections(article, cited, active),
    )


def article_list(
    articles: Sequence[Entry],
    own: frozenset[str],
    wanted: str = "",
    upload_note: str = "",
    in_text: frozenset[str] = frozenset(),
) -> str:
    """Return the view of the collection: timeline, search, list, and the way to add files.

    Args:
        articles: all that are searched.
        own: ids that the person may remove.
        wanted: shows only articles with these words in title, publisher, date or id.
        upload_note: says who will see an added file; empty if none are taken.
        in_text: ids of articles that have the wanted words in their text.
    """
    words = wanted.casefold().split()
    found = [
        a for a in articles if a.id in in_text or all(word in _description(a) for word in words)
    ]
    found.sort(key=lambda a: (a.published.day if a.published else date.min, a.id), reverse=True)
    return render(
        "article_list.html",
        timeline=_timeline(articles),
        upload_note=upload_note,
        wanted=wanted,
        n_found=len(found),
        n_articles=len(articles),
        n_shown=min(len(found), SHOWN),
        months=[
            (month, [_row(article, own) for article in group])
            for month, group in groupby(found[:SHOWN], key=_month)
        ],
    )


def front_page(
    coverage: Coverage, articles: Sequence[Entry], starters: Sequence[Starter], newest: str = ""
) -> str:
    """Return what is shown before the first question; ``newest`` says when an article came."""
    known = {article.id: article for article in articles}
    counts = Counter(article.publisher for article in articles if article.publisher)
    outlets = [f"{name} ({n:,})" for name, n in counts.most_common(_NAMED_OUTLETS)]
    rest = len(counts) - len(outlets)
    return render(
        "front.html",
        coverage=coverage_line(coverage),
        outlets=", ".join([*outlets, *([f"{rest:,} more"] if rest else [])]),
        newest=newest,
        timeline=_timeline(articles),
        starters=[
            _Starter(one.question, _place(known[one.article_id]))
            for one in starters
            if one.article_id in known
        ],
    )


def _place(article: Entry) -> str:
    return " · ".join(filter(None, (article.publisher, date_label(article.published))))


def _sections(article: Article, cited: Sequence[Span], active: Span | None) -> Iterator[_Section]:
    """Yield the text in order: news, and the parts between that are folded."""
    position, whole = 0, len(article.text)
    for folded in (*_folds(article), Span(whole, whole)):
        first = "Details of the file" if front_matter(article.text) else "Headline"
        name = "Lines of the page" if folded.start else first
        for span, fold in ((Span(position, folded.start), ""), (folded, name)):
            runs = tuple(_runs(article.text, span, cited, active))
            if runs:
                yield _Section(fold, runs)
        position = folded.end


def _folds(article: Article) -> list[Span]:
    """Return the parts that are no news, in order; those with only space between are one."""
    text, folds = article.text, list[Span]()
    for span in find_boilerplate(text):
        if folds and not text[folds[-1].end : span.start].strip():
            folds[-1] = Span(folds[-1].start, span.end)
        else:
            folds.append(span)
    first = folds[0].end if folds and not text[: folds[0].start].strip() else 0
    line = re.compile(r"\s*#*[^\n]*\n?").match(text, first)
    if line and squeeze(line[0]).lstrip("# ") == squeeze(article.title) != "":
        folds[: bool(first)] = [Span(0, line.end())]
    return folds


def _runs(text: str, within: Span, cited: Sequence[Span], active: Span | None) -> Iterator[_Run]:
    """Yield a part of the text in order, cut at the marks."""
    position, reached = within.start, 0
    for span in sorted(set(cited)):
        if not reached <= span.start < span.end <= len(text):
            continue
        reached = span.end
        start, end = max(span.start, position), min(span.end, within.end)
        if start < end:
            yield from _plain(text[position:start])
            yield _Run(text[start:end], True, span == active)
            position = end
    yield from _plain(text[position : within.end])


def _plain(text: str) -> Iterator[_Run]:
    if text:
        yield _Run(text)


def _host(url: str | None) -> str:
    """Return the host of a web address, in ASCII; empty for other addresses."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return ""
    # A browser reads a backslash as a slash, and shows no login: the host would be another.
    is_plain = "\\" not in (url or "") and "@" not in parts.netloc
    return host if parts.scheme in ("http", "https") and is_plain else ""


def _description(article: Entry) -> str:
    """Return the words by which a search finds an article."""
    known = (article.title, article.publisher or "", date_label(article.published), article.id)
    return " ".join((*known, str(article.published or ""))).casefold()


def _month(article: Entry) -> str:
    """Return the month, or the year of an article whose date says no more."""
    published = article.published
    if published is None or published.precision == "year":
        return date_label(published).capitalize()
    return date_label(Published(published.day, "month"))


def _row(article: Entry, own: frozenset[str]) -> _Row:
    title = article.title or article.id
    removable = article.id in own
    return _Row(article.id, panel_url(article.id), title, _place(article), removable)


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
