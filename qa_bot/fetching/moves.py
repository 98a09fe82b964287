"""Pages that their site has moved: what was kept of the old address gives way to the new one."""

from __future__ import annotations

import json
from pathlib import Path

from qa_bot.corpus import KINDS, Limits, Source, origin_file, origin_of, read_source
from qa_bot.datatypes import Article
from qa_bot.fetching.kept_pages import KeptPages, place_of, same_site
from qa_bot.fetching.polite_client import Reply
from qa_bot.text import coverage, terms

# Least shares, 0..1, of terms: of the old page in the new one, and of the new one in the old. A
# site redirects pages that it took away to its front page, or to another story. Chosen by hand.
_OLD_IN_NEW, _NEW_IN_OLD = 0.8, 0.5


def leave_old_places(reply: Reply, kept: Path, pages: KeptPages) -> bool:
    """Set pages aside that now have another address; return whether there were any.

    A note of the new address stays, by which the index removes their articles.

    Args:
        reply: what was read at the new address.
        kept: its file.
        pages: the folder of both.
    """
    files = [
        file
        for old in reply.moved_from
        if same_site(old, reply.address)
        for file in pages.pages_at(place_of(old))
        if file != kept
    ]
    moved = [file for file in files if _is_same_story(file, kept)]
    for file in moved:
        note = {**origin_of(file), "moved_to": reply.address}
        origin_file(file).write_text(json.dumps(note), encoding="utf-8")
        pages.set_aside(file)
    return bool(moved)


def _is_same_story(old: Path, new: Path) -> bool:
    before, after = _terms_of(old), _terms_of(new)
    if not before:
        return False
    return coverage(before, after) >= _OLD_IN_NEW and coverage(after, before) >= _NEW_IN_OLD


def _terms_of(path: Path) -> set[str]:
    read = read_source(Source(path, path.stem, KINDS[path.suffix]), Limits())
    articles = (one for one in read if isinstance(one, Article))
    return {term for one in articles for term in terms(f"{one.title} {one.text}")}
