"""The list of sources in a TOML or OPML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from xml.etree import ElementTree as ET

from lxml import etree
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from qa_bot.errors import QABotError
from qa_bot.text import xml_text

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_INTERVAL = re.compile(r"(\d{1,6})\s*([smhd])")
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=30)


class SourceListError(QABotError):
    """The file of sources cannot be used."""


def parse_interval(text: object) -> timedelta:
    """Return the time between two readings.

    Raises:
        ValueError: the text is none, or it is out of range.

    >>> parse_interval("15m"), parse_interval("2 h")
    (datetime.timedelta(seconds=900), datetime.timedelta(seconds=7200))
    """
    if isinstance(text, timedelta):
        return text
    found = _INTERVAL.fullmatch(str(text).strip().lower())
    interval = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if interval is None or not SHORTEST <= interval <= LONGEST:
        raise ValueError(f"{text!r} is no interval: write it like 90s, 15m, 2h or 1d (10s to 30d)")
    return interval


Interval = Annotated[timedelta, BeforeValidator(parse_interval)]


class WatchedSource(BaseModel):
    """A source: an address on the web, or a folder.

    Attributes:
        address: of a page, a feed or a sitemap.
        folder: of files of articles.
        outlet: publisher of its articles. From an address it is that of all; in a folder it is
            that of files that name none.
        prefix: put before the ids of a folder's files, for folders with files of the same names.
        full: whether to read the page of each entry of a feed.
        every: time between two readings, if it is not that of the list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str | None = None
    folder: Path | None = None
    outlet: str | None = None
    prefix: str = Field("", pattern=r"^[\w.-]*$", max_length=100)
    full: bool = False
    every: Interval | None = None

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.address is None) == (self.folder is None):
            raise ValueError("a source has an address or a folder")
        if self.address is not None and not _is_web_address(self.address):
            raise ValueError(f"{self.address!r} is no web address")
        if self.folder is not None and not str(self.folder).isprintable():
            raise ValueError(f"{str(self.folder)!r} is no name of a folder")
        return self

    @property
    def name(self) -> str:
        """Return the address or the folder; each occurs once in a list."""
        return self.address or str(self.folder)


class SourceList(BaseModel):
    """The sources, and what holds for all of them.

    Attributes:
        sources: in the order of the file.
        every: time between two readings of a source.
        webhook: address that is told of each change of a followed question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[WatchedSource, ...] = Field(alias="source", default=())
    every: Interval = timedelta(minutes=15)
    webhook: str | None = None

    def read_every(self, interval: timedelta) -> Self:
        """Return the list with another time between two readings of each source."""
        sources = tuple(one.model_copy(update={"every": None}) for one in self.sources)
        return self.model_copy(update={"every": interval, "sources": sources})

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.sources:
            raise ValueError("it names no source; begin each with a line [[source]]")
        seen = set[str]()
        for source in self.sources:
            if source.name in seen:
                raise ValueError(f"{source.name} is named twice")
            seen.add(source.name)
        if self.webhook is not None and not _is_web_address(self.webhook):
            raise ValueError(f"webhook is {self.webhook!r}, which is no web address")
        return self


def read_source_list(path: Path) -> SourceList:
    """Return the sources that a file names; folders are relative to the file.

    Args:
        path: of a TOML file, or of an OPML file (``.opml``), as feed readers export it.

    Raises:
        SourceListError: the file cannot be read, or something in it is wrong.
    """
    try:
        content = path.read_bytes()
        given = (
            _from_opml(content)
            if path.suffix.lower() == ".opml"
            else tomllib.loads(content.decode("utf-8-sig"))
        )
        found = SourceList.model_validate(given)
        return found.model_copy(update={"sources": tuple(map(_placed(path), found.sources))})
    except OSError as exc:
        wanted = "Name a TOML or OPML file that lists the sources."
        raise SourceListError(f"{path}: {exc.strerror}. {wanted}") from exc
    except ValidationError as exc:
        raise SourceListError(f"{path}: {_described(exc)}") from exc
    except RecursionError as exc:
        raise SourceListError(f"{path}: it is nested too deeply") from exc
    except (ValueError, RuntimeError) as exc:  # RuntimeError: ~ of nobody
        raise SourceListError(f"{path}: {exc}") from exc


def _placed(path: Path) -> Callable[[WatchedSource], WatchedSource]:
    """Return what makes the folder of a source in a file absolute."""
    base = path.resolve().parent

    def place(source: WatchedSource) -> WatchedSource:
        if source.folder is None:
            return source
        return source.model_copy(update={"folder": base / source.folder.expanduser()})

    return place


def _is_web_address(text: str) -> bool:
    r"""Return whether a text is an http or https address without blanks and controls.

    >>> [_is_web_address(one) for one in ("https://x.example/a", "feed:x", "http://x/\n")]
    [True, False, False]
    """
    return bool(re.fullmatch(r"https?://[^\s\x00-\x1f\x7f]+", text, re.IGNORECASE))


def to_opml(sources: SourceList) -> bytes:
    """Return the addresses as OPML 2.0, for a feed reader; folders are left out."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Sources of qa-bot"
    body = ET.SubElement(root, "body")
    for one in sources.sources:
        if one.address:
            label = xml_text(one.outlet or one.address)
            ET.SubElement(body, "outline", {"type": "rss", "text": label, "xmlUrl": one.address})
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _from_opml(content: bytes) -> dict[str, Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as exc:
        raise ValueError(f"it is no OPML: {exc.msg}") from exc
    found: dict[str, dict[str, Any]] = {}
    for outline in tree.iter("outline"):
        address = (outline.get("xmlUrl") or "").strip()
        if _is_web_address(address):
            label = (outline.get("title") or outline.get("text") or "").strip()
            found.setdefault(address, {"address": address, "outlet": label or None})
    return {"source": list(found.values())}


def _described(error: ValidationError) -> str:
    """Return the first fault with its place, counted from one as a person counts."""
    first = error.errors(include_url=False)[0]
    place = " ".join(str(p + 1) if isinstance(p, int) else str(p) for p in first["loc"])
    if first["type"] == "extra_forbidden":
        *where, name = place.split(" ")
        return f"{' '.join([*where, '']).lstrip()}{name!r} is no key of it"
    if first["type"] == "tuple_type" and place == "source":
        return "begin each source with [[source]], in two brackets"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
