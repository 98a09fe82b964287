"""Read the range of days that a question asks about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa_bot.news.times import Moment

TimeRange = tuple[date, date]
"""The first and the last day."""


def named_range(text: str, times: Sequence[Moment], today: date) -> TimeRange | None:
    """Return the first and last day that a question asks about, or None if it mentions no time.

    Args:
        text: the question.
        times: the times in it, in order.
        today: the day of asking.
    """
    if not times:
        return None
    first, last = min(m.first for m in times), max(m.last for m in times)
    before = text[: times[0].words.start].lower().split()[-1:]
    lead = text[slice(*times[0].words)].lower().split()[0]
    prepositions = {*before, lead} if len(times) == 1 else set()
    if prepositions & {"before", "until", "till", "by"}:
        return date.min, first if "before" in prepositions else last
    ranged = times[0].precision == "day" and last > first  # "from 3 May to 9 June"
    if prepositions & {"since", "after", "from"} and not ranged:
        return first, max(today, last)
    return first, last
