"""The times in a question → the days that it asks about, and the filters narrowed to them.

They are seen from the day of asking; they narrow the window that a person chose, never widen it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from qa_bot.datatypes import Published
from qa_bot.filters import Filters
from qa_bot.news.times import find_moments

# "Last week" asks for recent news; "the October flood" only names a thing.
_RECENT = re.compile(
    r"\b(?:today|yesterday|tonight|last night|ago|"
    r"(?:last|this|past) (?:week|month|year|weekend|\w+day|\w+ing))\b",
    re.IGNORECASE,
)


def asked_days(question: str, today: date) -> tuple[date, date] | None:
    """Return the first and last day that a question asks about, if it names any.

    >>> asked_days("What happened between 1 May and 3 June 2021?", date(2021, 12, 1))
    (datetime.date(2021, 5, 1), datetime.date(2021, 6, 3))
    """
    told = find_moments(question, Published(today))
    if not told:
        return None
    first, last = min(m.first for m in told), max(m.last for m in told)
    before = question[: told[0].words.start].lower().split()[-1:]
    lead = question[slice(*told[0].words)].lower().split()[0]
    said = {*before, lead} if len(told) == 1 else set()
    if said & {"before", "until", "till", "by"}:
        return date.min, first if "before" in said else last
    ranged = told[0].precision == "day" and last > first  # "from 3 May to 9 June"
    if said & {"since", "after", "from"} and not ranged:
        return first, max(today, last)
    return first, last


def narrowed(question: str, filters: Filters, today: date, *, course: bool) -> Filters:
    """Return the filters narrowed by the question's own words.

    Args:
        question: as it was understood.
        filters: what a person narrowed it to.
        today: the day of asking.
        course: whether the course of things is asked for: then any days count, else recent ones.
    """
    days = asked_days(question, today)
    if (
        days is None
        or days[0] > today
        or days[0] == date.min
        or not (course or _RECENT.search(question))
    ):
        return filters
    # What happened on a day was reported on it or later.
    return replace(filters, since=max(filter(None, (filters.since, days[0]))))
