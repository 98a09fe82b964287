"""A time that words stand for, and the units that it counts in."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qa_bot.datatypes import Span

Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that words stand for.

    Attributes:
        words: their place in the text.
        first, last: the days that it can mean or that it lasts, both inclusive.
        precision: what it counts in; a month is known to the month, "16–18 June" to the day.
    """

    words: Span
    first: date
    last: date
    precision: Unit

    @property
    def iso(self) -> str:
        """Return ``2021-06-16``, ``2021-W24``, ``2021-06`` or ``2021``; a range with a slash."""
        form = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}[self.precision]
        one, other = self.first.strftime(form), self.last.strftime(form)
        return one if one == other else f"{one}/{other}"

    def __str__(self) -> str:
        """Return it as people write it: ``16 June 2021``, ``January 2021``, ``1990–1999``."""
        return written_moment(self.first, self.last, self.precision)


def written_moment(first: date, last: date, precision: Unit) -> str:
    """Return a time as people write it.

    >>> written_moment(date(2021, 6, 16), date(2021, 6, 18), "day")
    '16–18 June 2021'
    """
    if precision == "week":
        return f"the week of {_written_day(first)}"
    if precision == "year":
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    if precision == "month":
        return _range(f"{first:%B}", f"{last:%B}", f"{first:%Y}", f"{last:%Y}")
    if (first.month, first.year) == (last.month, last.year):
        days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
        return f"{days} {first:%B %Y}"
    return f"{_written_day(first)} – {_written_day(last)}"


def _range(one: str, other: str, year: str, other_year: str) -> str:
    if year != other_year:
        return f"{one} {year} – {other} {other_year}"
    return f"{one} {year}" if one == other else f"{one}–{other} {year}"


def _written_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


Days = tuple[date, date, Unit]
STEPS = {"last": -1, "previous": -1, "this": 0, "the": 0, "current": 0, "next": 1, "coming": 1}


def one_day(day: date | None) -> Days | None:
    """Return a day, if it is one."""
    return (day, day, "day") if day else None


def week_of(day: date) -> Days:
    """Return the week, Monday to Sunday, that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6), "week"


def months(year: int, month: int, n: int = 1) -> Days:
    """Return n months from a month on; month 0 is December of the year before, and so on."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last_year, last_month = year + (month + n - 2) // 12, (month + n - 2) % 12 + 1
    end = monthrange(last_year, last_month)[1]
    return date(year, month, 1), date(last_year, last_month, end), "month"


def years(year: int, n: int = 1) -> Days | None:
    """Return n years from a year on."""
    return (date(year, 1, 1), date(year + n - 1, 12, 31), "year") if 1 <= year <= 9000 else None


def shifted(day: date, n: int, unit: str) -> Days | None:
    """Return the time that lies n units from a day: exact for days, else the whole unit."""
    try:
        if unit in ("day", "night"):
            return one_day(day + timedelta(days=n))
        if unit in ("week", "fortnight"):
            return week_of(day + timedelta(weeks=n * (2 if unit == "fortnight" else 1)))
    except OverflowError:
        return None
    if unit == "month":
        return months(day.year, day.month + n)
    return years(day.year + n * (10 if unit == "decade" else 100 if unit == "century" else 1))
