"""HTML of one article, with its quotes marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from qa_bot.datatypes import Article, Entry, Span
from qa_bot.export import date_label, date_origin
from qa_bot.news import find_boilerplate, find_notices, front_matter
from qa_bot.text import squeeze
from qa_bot.web.answer_views import panel_url
from qa_bot.web.renderer import render

_INVENTED = re.compile(r"^invented:\s*true\s*$", re.IGNORECASE | re.MULTILINE)


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
class _Copy:
    """Another article with the same story."""

    panel: str
    place: str


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
    return render(
        "article.html",
        article=article,
        date=date_label(article.published),
        origin=date_origin(article.published),
        invented=is_invented(article),
        host=_host(article.url),
        notices=[squeeze(article.text[slice(*n.words)]) for n in find_notices(article.text)],
        copies=[_Copy(panel_url(one.id), place_label(one) or one.title) for one in copies],
        sections=_sections(article, cited, active),
    )


def place_label(article: Entry) -> str:
    """Return publisher and date of an article, with a dot between."""
    return " · ".join(filter(None, (article.publisher, date_label(article.published))))


def is_invented(article: Article) -> bool:
    """Return whether the front matter of an article says that it is invented."""
    front = front_matter(article.text)
    return bool(front and _INVENTED.search(article.text[: front.end]))


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
