"""The addresses that a sitemap or a feed lists."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from lxml import etree

from qa_bot.fetching.guarded_transport import FetchError
from qa_bot.fetching.polite_client import Reply

_LONGEST_SITEMAP = 50_000_000  # bytes, by its protocol


def pages_of_sitemap(reply: Reply) -> list[str]:
    """Return the addresses in a sitemap, in order, each once."""
    parents = _tree(reply).iter("{*}url", "{*}sitemap")
    found = (one for parent in parents for one in parent.findall("{*}loc"))
    return list(dict.fromkeys(_joined(reply, one.text) for one in found if one.text))


def pages_of_feed(reply: Reply) -> tuple[list[str], int]:
    """Return the addresses of a feed's entries, in order, each once, and how many have none."""
    entries = list(_tree(reply).iter("{*}item", "{*}entry"))
    links = [next(_links(entry), None) for entry in entries]
    return list(dict.fromkeys(_joined(reply, link) for link in links if link)), links.count(None)


def _links(entry: etree._Element) -> Iterator[str]:
    """Yield the addresses of an entry, the best first."""
    for link in entry.findall("{*}link"):
        named = (link.get("href") or link.text or "").strip()
        if named and link.get("rel", "alternate") == "alternate":
            yield named
    for name in (*entry.findall("{*}guid"), *entry.findall("{*}id")):
        if (name.text or "").strip().startswith(("http://", "https://")):
            yield (name.text or "").strip()


def _joined(reply: Reply, named: str) -> str:
    """Return an address in full; one that is none is left to be named as a problem."""
    try:
        return urljoin(reply.address, named.strip())
    except ValueError:
        return named.strip()


def _tree(reply: Reply) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(reply.content, parser)
    except etree.XMLSyntaxError as exc:
        raise FetchError("is XML that cannot be read") from exc
    if tree is None:
        raise FetchError("is XML that cannot be read")
    return tree


def decompressed(reply: Reply) -> Reply:
    """Return a sitemap that is itself a gzip file."""
    try:
        with gzip.open(io.BytesIO(reply.content)) as packed:
            content = packed.read(_LONGEST_SITEMAP + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise FetchError("is damaged: its compression cannot be undone") from exc
    if len(content) > _LONGEST_SITEMAP:
        raise FetchError("is larger than 50 MB")
    return replace(reply, content=content, media_type="application/xml")
