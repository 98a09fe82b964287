"""The changes as an Atom feed (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from qa_bot.following.changes import Change
from qa_bot.text import xml_text

_ATOM = "http://www.w3.org/2005/Atom"
_EMPTY = "2000-01-01T00:00:00+00:00"  # a feed must have a time, also without entries


def to_atom(changes: Sequence[Change]) -> bytes:
    """Return a feed of changes, the newest first."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", "Followed questions")
    _add(feed, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'qa-bot followed questions')}")
    _add(feed, "updated", changes[0].after.at if changes else _EMPTY)
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", "qa-bot")
    for change in changes:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", f"{change.question} {change.after.gist}")
        _add(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, change.model_dump_json())}")
        _add(entry, "updated", change.after.at)
        _add(entry, "content", _summary(change))
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _summary(change: Change) -> str:
    """Return both answers and the quotes of the new one, as text."""
    quotes = [
        f"{', '.join(filter(None, (q.publisher, q.published, q.title)))}: “{q.quote}”"
        for q in change.after.quotes
    ]
    return "\n".join([f"Now: {change.after.gist}", f"Before: {change.before.gist}", *quotes])


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{tag}").text = xml_text(text)
