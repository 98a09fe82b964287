"""The entries of a feed, kept as articles."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin

from qa_bot.corpus import Limits, Problem, Source, origin_of, read_source
from qa_bot.datatypes import Article
from qa_bot.fetching.kept_pages import KeptPages, place_of, same_site, without_tracking
from qa_bot.fetching.moves import has_moved
from qa_bot.fetching.polite_client import Reply

MOST_ENTRIES = 1_000


def keep_entries(
    reply: Reply, pages: KeptPages, only: Container[str] | None = None
) -> Iterator[tuple[Path, bool] | str]:
    """Keep each entry of a feed in a file of its own: old entries leave a feed, not the index.

    Yield the file of each and whether it changed, or what went wrong.

    Args:
        reply: the feed.
        pages: where entries are kept.
        only: the addresses of the entries to keep, without tracking (default: all).
    """
    feed = place_of(reply.address)
    read = _read(reply, feed)
    entries = _unique([one for one in read if isinstance(one, Article)], reply)
    is_damaged = any(isinstance(one, Problem) and not one.skipped for one in read)
    if len(read) > MOST_ENTRIES:
        yield f"has more than {MOST_ENTRIES:,} entries"
    for problem in read:
        if isinstance(problem, Problem) and problem.skipped:
            yield problem.reason
    addresses = Counter(_address_of(one, reply) for one in entries)
    for entry in entries[:MOST_ENTRIES]:
        address = _address_of(entry, reply)
        if only is not None and address not in only:
            continue
        alone = addresses[address] == 1 and address != reply.address
        place = place_of(address) if alone else _own_place(entry, feed)
        if pages.pages_at(place) or has_moved(place, pages):
            continue  # the whole page was read
        line = _line(entry, place, address)
        kept = Reply(address, line, "application/json")
        longer = pages.folder / f"{place}.jsonl"
        if _has_more(longer, entry, feed, is_damaged=is_damaged):
            yield longer, False
        else:
            yield pages.write(place, ".jsonl", kept, feed=feed)


def _read(reply: Reply, feed: str) -> list[Article | Problem]:
    """Return the first entries of a feed, one more than are kept, and what is wrong with it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "feed.xml"
        path.write_bytes(_with_charset(reply))
        return list(islice(read_source(Source(path, feed, "feed"), Limits()), MOST_ENTRIES + 1))


def _unique(entries: Sequence[Article], reply: Reply) -> list[Article]:
    """Return the entries, each once: a feed may list one twice under two ids."""
    unique: dict[object, Article] = {}
    for one in entries:
        same = _address_of(one, reply), one.title, one.text, str(one.published)
        unique.setdefault(same, one)
    return list(unique.values())


def _has_more(path: Path, entry: Article, feed: str, *, is_damaged: bool) -> bool:
    """Return whether the kept entry has a longer text from another feed, or from a whole one.

    Of two feeds of a site one often has only the first lines of what the other has whole.
    """
    origin = origin_of(path)
    if not (is_damaged or origin.get("feed") not in (None, feed)):
        return False
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["text"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return isinstance(kept, str) and len(kept) > len(entry.text)


def _address_of(entry: Article, reply: Reply) -> str:
    """Return the address of an entry; that of its feed if it has none on the feed's own site.

    Another site's address is none of the entry: its articles are not this feed's to write.
    """
    try:
        address = without_tracking(_full(reply.address, entry.url or ""))
        return address if same_site(address, reply.address) else reply.address
    except ValueError:
        return reply.address


def _own_place(entry: Article, feed: str) -> str:
    """Return a place below the feed's for an entry without an address that is only its own."""
    own = entry.id.removeprefix(f"{feed}/")
    known = own if not own.isdigit() else f"{entry.title}\n{entry.text}"
    return f"{feed}/entry-{hashlib.sha256(known.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _with_charset(reply: Reply) -> bytes:
    """Return a feed as UTF-8 if only the server's reply says how it is encoded."""
    declared = reply.content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    if declared or not reply.charset or b"encoding=" in reply.content[:200]:
        return reply.content
    try:
        return reply.content.decode(reply.charset).encode()
    except (LookupError, UnicodeDecodeError):
        return reply.content


def _full(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return base


def _line(article: Article, place: str, address: str) -> bytes:
    """Return an entry as a line of JSON; a date found in its text is found again there."""
    stated_date = (
        article.published if article.published and article.published.how == "stated" else None
    )
    known = {
        "id": place,
        "title": article.title,
        "publisher": article.publisher,
        "published": str(stated_date) if stated_date else None,
        "url": _full(address, article.url or ""),
        "language": article.language,
        "text": article.text,
    }
    stated = {name: value for name, value in known.items() if value}
    return f"{json.dumps(stated, ensure_ascii=False)}\n".encode("utf-8", "replace")
