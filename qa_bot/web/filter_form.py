"""The filter controls of the page: their values as text, in words, and as filters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qa_bot.filters import Filters
from qa_bot.text import short_day

REMOVABLE = ("as_of", "since", "until", "publisher")  # filters; the mode is no filter


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The filter controls of the page, in their order, as text; empty ones filter nothing."""

    as_of: str = ""
    since: str = ""
    until: str = ""
    publisher: str = ""
    mode: str = ""

    def options(self) -> dict[str, Any]:
        """Return the filters that are set, as keyword arguments of ``QABot.ask``."""
        return {name: value.strip() for name, value in asdict(self).items() if value}

    def words(self) -> dict[str, str]:
        """Return what each filter that is set does, in words, by the name of its control."""
        days = {"as_of": "known by", "since": "from", "until": "until"}
        words = {
            name: f"{said} {_written(day)}"
            for name, said in days.items()
            if (day := getattr(self, name).strip())
        }
        if self.publisher:
            words["publisher"] = f"of {' '.join(self.publisher.split())}"
        return words

    def filters(self) -> Filters:
        """Return the filters.

        Raises:
            ValueError: a text is not a day.
        """
        return Filters.of(**{name: getattr(self, name).strip() for name in REMOVABLE})


UNFILTERED = FilterForm()


def _written(day: str) -> str:
    try:
        return short_day(date.fromisoformat(day))
    except ValueError:
        return " ".join(day.split())
