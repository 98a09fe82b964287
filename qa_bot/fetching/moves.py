"""Pages that their site has moved: what was kept of the old address gives way to the new one.

A note of the new address stays beside the place of the old one. By it the index removes the
article, and no entry of a feed brings it back.
"""

from __future__ import annotations

import json
from pathlib import Path

from qa_bot.corpus import KINDS, Limits, Source, origin_file, origin_of, read_source
from qa_bot.datatypes import Article
from qa_bot.fetching.kept_pages import KeptPages, place_of, same_site, written
from qa_bot.fetching.polite_client import Reply
from qa_bot.text import coverage, numbers, squeeze, terms

_FORMS = (".html", ".jsonl")  # a page, and an entry of a feed
# Least shares, 0..1, of terms: of the old page in the new one, and of the new one in the old.
_OLD_IN_NEW, _NEW_IN_OLD = 0.95, 0.5  # chosen by hand


def leave_old_places(reply: Reply, kept: Path, pages: KeptPages) -> bool:
    """Set aside what is kept of addresses that now lead to a page; return whether anything was.

    It must be the same story: a site also redirects pages that it took away, to its front page or
    to another story.

    Args:
        reply: what was read at the new address.
        kept: its file.
        pages: the folder of both.

    Raises:
        OSError: a file cannot be moved; it stays where it is.
    """
    if kept.suffix not in _FORMS:
        return False
    old = [
        file
        for address in reply.moved_from
        if same_site(address, reply.address)
        for suffix in _FORMS
        if (file := pages.folder / f"{place_of(address)}{suffix}").is_file()
        and not file.samefile(kept)
    ]
    moved = [file for file in old if _is_same_story(file, kept)]
    for file in moved:
        note = {**origin_of(file), "moved_to": origin_of(kept).get("address", reply.address)}
        with written(file.parent, json.dumps(note).encode()) as about:
            about.replace(origin_file(file))
        pages.set_aside(file)
    return bool(moved)


def has_moved(place: str, pages: KeptPages) -> bool:
    """Return whether the page, or the entry of a feed, at a place has another address now."""
    files = (pages.folder / f"{place}{suffix}" for suffix in _FORMS)
    return any("moved_to" in origin_of(file) for file in files)


def _is_same_story(old: Path, new: Path) -> bool:
    """Return whether two files have one headline, no two dates, and the new one has the old text.

    Pages of a series share most of their terms, and not their figures; those that show only how to
    subscribe share all but the headline.
    """
    before, after = _article_in(old), _article_in(new)
    if not before or not after or _headline(before) != _headline(after):
        return False
    if before.published and after.published and before.published.day != after.published.day:
        return False
    if not numbers(before.text) <= numbers(after.text):
        return False
    had, has = set(terms(before.text)), set(terms(after.text))
    return coverage(had, has) >= _OLD_IN_NEW and coverage(has, had) >= _NEW_IN_OLD


def _article_in(path: Path) -> Article | None:
    """Return the article of a file; None if it has none, or several."""
    read = read_source(Source(path, path.stem, KINDS[path.suffix]), Limits())
    articles = [one for one in read if isinstance(one, Article)]
    return articles[0] if len(articles) == 1 else None


def _headline(article: Article) -> str:
    return squeeze(article.title).casefold()
