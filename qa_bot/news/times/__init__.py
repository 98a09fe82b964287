"""Find time expressions in an article and resolve them to days, from its publication date.

Examples: "on Wednesday", "last month", "in January", "a year earlier", "Tuesday, December 28". A
moment has the span of its words, its first and last possible day, and its precision. The package
omits an expression that it cannot resolve; without a publication date it finds full dates only.
"""

from __future__ import annotations

from qa_bot.news.times.patterns import find_moments
from qa_bot.news.times.values import Moment

__all__ = [
    "Moment",
    "find_moments",
]
