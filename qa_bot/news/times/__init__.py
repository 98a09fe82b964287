"""Words of an article that tell a time → the days that they stand for, seen from its own date.

"On Wednesday", "last month", "in January", "a year earlier", "Tuesday, December 28". A moment has
the span that it comes from, the first and last day that it can mean, and the unit that it counts
in. What cannot be told is left out, never guessed: without a publication date only full dates are
found. It knows nothing of questions or of answers.
"""

from __future__ import annotations

from qa_bot.news.times.patterns import find_moments
from qa_bot.news.times.values import Moment, written_moment

__all__ = [
    "Moment",
    "find_moments",
    "written_moment",
]
