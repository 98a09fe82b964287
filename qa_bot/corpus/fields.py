"""The fields of a file → title, publisher, date, address and language, and the faults of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa_bot.corpus.stated_dates import read_stated_date
from qa_bot.datatypes import Published

# The names that files use for each field; the first one is ours.
_NAMES = {
    "title": ("title", "headline"),
    "publisher": ("publisher", "outlet", "source", "site", "sitename"),
    "published": ("published", "date", "publish_date", "pubdate", "published_at"),
    "url": ("url", "link", "canonical"),
    "language": ("language", "lang"),
}
_EXPECTED = {"published": "a day such as 2026-06-18", "url": "an address"}
_LONGEST_LINE_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Fields:
    """What a file states of its article, and a sentence on each field that cannot be read."""

    title: str | None
    publisher: str | None
    published: Published | None
    url: str | None
    language: str | None
    faults: tuple[str, ...]


def read_fields(stated: Mapping[str, Any]) -> Fields:
    """Return what the fields of a file state; of several names for one, the first that can be read.

    A publisher may be an object with a name, as in schema.org and in the results of news searches.

    >>> read_fields({"title": ["a"], "source": {"id": None, "name": "Wire"}}).publisher
    'Wire'
    >>> read_fields({"headline": {"en": "Rain"}}).faults
    ('its headline is an object, not a text; the article was read without it',)
    """
    found: dict[str, Any] = {}
    faults = []
    for field, names in _NAMES.items():
        read = read_stated_date if field == "published" else one_line
        given = [(name, stated[name]) for name in names if stated.get(name)]
        if field == "publisher":
            given = [(name, _name_of(value)) for name, value in given]
        found[field] = next(filter(None, (read(value) for _, value in given)), None)
        if given and not found[field]:
            faults.append(_fault(field, *given[0]))
    return Fields(**found, faults=tuple(filter(None, faults)))


def _name_of(value: object) -> object:
    """Return the name of an object that has one, or else the value itself."""
    return value.get("name") or value if isinstance(value, Mapping) else value


def _fault(field: str, name: str, value: object) -> str:
    """Return why a field cannot be read; nothing for white space."""
    if isinstance(value, bool | list | tuple | Mapping):
        kind = "true or false" if isinstance(value, bool) else "an object"
        kind = "a list" if isinstance(value, list | tuple) else kind
        expected = _EXPECTED.get(field, "a text")
        return f"its {name} is {kind}, not {expected}; the article was read without it"
    if field != "published":
        return ""
    fault = "is after today" if read_stated_date(value, date.max) else "cannot be read"
    return f"its date {fault}: {(one_line(value) or '')[:40]!r}"


def one_line(value: object) -> str | None:
    """Return a text or number as one printable line; None if it is empty or of another kind."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return None
    text = str(value)[:_LONGEST_LINE_CHARS].encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()) or None
