"""HTML of the collection: the first view, and the searchable list with its timeline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import quote

from qa_bot.datatypes import Coverage, Entry, Published
from qa_bot.export import date_label
from qa_bot.question import Starter
from qa_bot.web.answer_views import coverage_line, panel_url
from qa_bot.web.article_views import place_label
from qa_bot.web.filter_form import UNFILTERED, FilterForm
from qa_bot.web.renderer import render

SHOWN, _SHOWN_NEW = 200, 8
_WIDTH, _HEIGHT, _COLUMNS = 600, 56, 60
_IDS_PER_BAR = 50
_NAMED_OUTLETS = 4


@dataclass(frozen=True, slots=True)
class _Row:
    """An article in the list."""

    id: str
    panel: str
    title: str
    known: str
    removable: bool


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


@dataclass(frozen=True, slots=True)
class Adding:
    """What a person may add.

    Attributes:
        note: says who will see an added file; empty if none are taken.
        addresses: whether the server reads web addresses too.
    """

    note: str = ""
    addresses: bool = False


def article_list(
    articles: Sequence[Entry],
    own: frozenset[str],
    wanted: str = "",
    adding: Adding = Adding(),
    in_text: frozenset[str] = frozenset(),
    form: FilterForm = UNFILTERED,
) -> str:
    """Return the view of the collection: timeline, search, list, and the way to add files.

    Args:
        articles: all that are searched.
        own: ids that the person may remove.
        wanted: shows only articles with words that begin so, in title, publisher, date or id.
        adding: what the person may add.
        in_text: ids of articles that have the wanted words in their text.
        form: the filters in force; shows only articles within them.

    Raises:
        ValueError: a filter of the form is not a day.
    """
    words = [re.compile(rf"(?<!\w){re.escape(word)}") for word in wanted.casefold().split()]
    within = filter(form.filters().admits, articles)
    found = [a for a in within if a.id in in_text or all(w.search(_description(a)) for w in words)]
    found.sort(key=lambda a: (a.published.day if a.published else date.min, a.id), reverse=True)
    return render(
        "article_list.html",
        timeline=_timeline(articles),
        adding=adding,
        wanted=wanted,
        narrowed=", ".join(form.words().values()),
        n_found=len(found),
        n_articles=len(articles),
        n_shown=min(len(found), SHOWN),
        months=[
            (month, [_row(article, own) for article in group])
            for month, group in groupby(found[:SHOWN], key=_month)
        ],
    )


def front_page(
    coverage: Coverage,
    articles: Sequence[Entry],
    starters: Sequence[Starter],
    *,
    n_invented: int = 0,
    newest: str = "",
    state: str = "",
) -> str:
    """Return what is shown before the first question: the collection, and questions to ask.

    Args:
        coverage: of all articles.
        articles: all that are searched.
        starters: questions that they answer.
        n_invented: articles that say that they are invented.
        newest: says when the newest article came, in a sentence.
        state: of the index, see ``Collection.state``; the browser remembers it with the number of
            the last article that came, and asks next time for those after it.
    """
    known = {article.id: article for article in articles}
    counts = Counter(article.publisher for article in articles if article.publisher)
    outlets = [f"{name} ({n:,})" for name, n in counts.most_common(_NAMED_OUTLETS)]
    rest = len(counts) - len(outlets)
    return render(
        "front.html",
        coverage=coverage_line(coverage),
        outlets=", ".join([*outlets, *([f"{rest:,} more"] if rest else [])]),
        n_articles=len(articles),
        n_invented=n_invented,
        newest=newest,
        index_id=state.partition(" ")[0],
        last=max((article.key for article in articles), default=0),
        timeline=_timeline(articles),
        starters=[
            _Starter(one.question, place_label(known[one.article_id]))
            for one in starters
            if one.article_id in known
        ],
    )


def new_articles(articles: Sequence[Entry], after: int) -> str:
    """Return the articles that came after the one with a key, the last first; nothing if none."""
    new = sorted((a for a in articles if a.key > after), key=lambda a: -a.key)
    if not new:
        return ""
    rows = [_row(article, frozenset()) for article in new[:_SHOWN_NEW]]
    return render("new_articles.html", rows=rows, n_new=len(new))


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
    return _Row(article.id, panel_url(article.id), title, place_label(article), removable)


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
