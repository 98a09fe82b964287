"""A moment, the resolved value of a time expression, and arithmetic with calendar units."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from qa_bot.datatypes import Span
from qa_bot.text import Precision, written_period


@dataclass(frozen=True, slots=True)
class Moment:
    """A time expression of a text with its days.

    Attributes:
        words: the span of the expression.
        first, last: the days that it lasts or can mean, both inclusive.
        precision: the unit of the expression: "in June" has "month", "16–18 June" has "day".
    """

    words: Span
    first: date
    last: date
    precision: Precision

    @property
    def iso(self) -> str:
        """Return ``2021-06-16``, ``2021-W24``, ``2021-06`` or ``2021``; a range with a slash."""
        form = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}[self.precision]
        one, other = self.first.strftime(form), self.last.strftime(form)
        return one if one == other else f"{one}/{other}"

    def __str__(self) -> str:
        """Return the written form: ``16 June 2021``, ``January 2021``, ``1990–1999``."""
        return written_period(self.first, self.last, self.precision)


Days = tuple[date, date, Precision]
STEPS = {"last": -1, "previous": -1, "this": 0, "the": 0, "current": 0, "next": 1, "coming": 1}


def one_day(day: date | None) -> Days | None:
    """Return a single day, or None for None."""
    return (day, day, "day") if day else None


def week_of(day: date) -> Days:
    """Return the week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6), "week"


def months(year: int, month: int, n: int = 1) -> Days:
    """Return n months from a month on; month 0 is December of the previous year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last_year, last_month = year + (month + n - 2) // 12, (month + n - 2) % 12 + 1
    end = monthrange(last_year, last_month)[1]
    return date(year, month, 1), date(last_year, last_month, end), "month"


def years(year: int, n: int = 1) -> Days | None:
    """Return n years from a year on; None past the year 9000."""
    return (date(year, 1, 1), date(year + n - 1, 12, 31), "year") if 1 <= year <= 9000 else None


def shifted(day: date, n: int, unit: str) -> Days | None:
    """Return the day, week, month or year at a distance of n units from a day."""
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
