"""Restrict the articles that may answer a question, by date, publisher or id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qa_bot.datatypes import Entry

Day = date | str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """The publication dates (inclusive), publisher and ids of the articles that may answer.

    ``as_of`` is the day of asking; like ``until``, it is the last day of publication.
    """

    since: date | None = None
    until: date | None = None
    publisher: str | None = None
    articles: tuple[str, ...] = ()
    as_of: date | None = None

    @classmethod
    def of(
        cls,
        as_of: Day = None,
        since: Day = None,
        until: Day = None,
        publisher: str | None = None,
        articles: Sequence[str] = (),
    ) -> Filters:
        """Return the filters; days may be dates or ISO text, of a time the day as it is written.

        Raises:
            ValueError: a text is not an ISO day or time.
        """
        return cls(
            _day("since", since),
            _day("until", until),
            publisher or None,
            tuple(articles),
            _day("as_of", as_of),
        )

    def __bool__(self) -> bool:
        """Return whether the filters exclude anything."""
        return bool(self.since or self.last or self.publisher or self.articles)

    @property
    def last(self) -> date | None:
        """Return the last day on which evidence may have been published."""
        return min(filter(None, (self.until, self.as_of)), default=None)

    def today(self, newest: date | None) -> date:
        """Return the day of asking: the last day, or else that of the newest article."""
        return self.last or min(newest or date.today(), date.today())

    @property
    def dated(self) -> bool:
        """Return whether the filters restrict dates and so exclude undated articles."""
        return self.since is not None or self.last is not None

    def admits(self, article: Entry) -> bool:
        """Return whether an article is within the filters; all its possible dates must be."""
        published = article.published
        return (
            not (self.dated and published is None)
            and not (self.since and published and published.first < self.since)
            and not (self.last and published and published.last > self.last)
            and (
                not self.publisher
                or self.publisher.casefold() == (article.publisher or "").casefold()
            )
            and (not self.articles or article.id in self.articles)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the filters that are set, by name, as JSON values."""
        days = {"as_of": self.as_of, "since": self.since, "until": self.until}
        given: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day}
        given |= {"publisher": self.publisher} if self.publisher else {}
        return given | ({"articles": list(self.articles)} if self.articles else {})


def _day(name: str, value: Day) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if not value or isinstance(value, date):
        return value or None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError as exc:
        raise ValueError(f"{name} is {value!r}; write a day like 2021-06-16") from exc
