"""Resolve expressions that count from the publication date or from an earlier moment."""

from __future__ import annotations

from datetime import date, timedelta

from qa_bot.news.times.expression import Expression, Tense
from qa_bot.news.times.values import STEPS, Days, one_day, shifted, years
from qa_bot.text import UNITS as NUMBER_WORDS
from qa_bot.text import WEEKDAYS

# Weekdays ----------------------------------------------------------------------------------------


def resolve_weekday(expression: Expression) -> Days | None:
    """Resolve a weekday: "on Monday", "last Monday", "Monday of next week", "Monday week"."""
    today, wanted = expression.today, WEEKDAYS.index(expression["weekday"])
    if today is None:
        return None
    if expression["of"]:
        week = STEPS[expression["of"].split()[-2]]
        return one_day(today + timedelta(days=wanted - today.weekday() + 7 * week))
    if expression["later"]:  # "Monday week"
        return one_day(today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 8))
    return one_day(
        _weekday_after_anchor(expression, wanted) or _nearest_weekday(expression, wanted)
    )


def _weekday_after_anchor(expression: Expression, wanted: int) -> date | None:
    """Return the first such weekday after the previous moment, for "the following Monday"."""
    step = expression["step"].removeprefix("the ")
    anchor = (
        expression.anchor(same_sentence=step == "next") if step in ("following", "next") else None
    )
    if anchor and anchor.precision == "day":
        return anchor.last + timedelta((wanted - anchor.last.weekday() - 1) % 7 + 1)
    return None


def _nearest_weekday(expression: Expression, wanted: int) -> date | None:
    """Return the weekday nearest to publication, on the side of its adjective or of the tense."""
    today, step = expression.today, expression["step"].removeprefix("the ")
    if today is None:
        return None
    back, ahead = (today.weekday() - wanted) % 7, (wanted - today.weekday()) % 7
    if step in ("last", "past", "this past", "previous"):
        return today - timedelta(days=back or 7)
    if step in ("next", "coming", "this coming", "following"):
        return today + timedelta(days=ahead or 7)
    tense = expression.tense() or (Tense.FUTURE if step == "this" else Tense.UNKNOWN)
    return today + timedelta(days=ahead if tense is Tense.FUTURE else -back)


def resolve_weekday_range(expression: Expression) -> Days | None:
    """Resolve "from Monday to Wednesday"."""
    first = resolve_weekday(expression)
    if first is None:
        return None
    last = WEEKDAYS.index(expression["other"])
    return first[0], first[0] + timedelta(days=(last - first[0].weekday()) % 7), "day"


def ignore_opening_hours(expression: Expression) -> None:
    """Return None: "open Monday to Saturday" describes opening hours."""


def resolve_weekend(expression: Expression) -> Days | None:
    """Resolve a weekend to its Saturday and Sunday."""
    if expression.today is None:
        return None
    today = expression.today
    past = today - timedelta(days=(today.weekday() - 5) % 7)  # the last Saturday, today included
    coming = today + timedelta(days=(5 - today.weekday()) % 7)
    step = expression["step"]
    if step == "last":
        saturday = past if today.weekday() < 5 else past - timedelta(days=7)
    elif step in ("next", "coming", "this coming") or (step == "this" and today.weekday() < 5):
        saturday = coming if expression.tense() >= 0 or step != "this" else past
    else:
        saturday = coming if expression.tense() > 0 else past
    return saturday, saturday + timedelta(days=1), "day"


# Words that count from the day of publication --------------------------------------------------

DAY_WORDS = {
    "the day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "tomorrow": 1,
    "the day after tomorrow": 2,
}  # fmt: skip


def resolve_day_word(expression: Expression) -> Days | None:
    """Resolve "yesterday", "tonight" and "the day after tomorrow"."""
    words = next(w for w in DAY_WORDS if expression["word"].startswith(w))
    return (
        one_day(expression.today + timedelta(days=DAY_WORDS[words])) if expression.today else None
    )


_BACK = ("ago", "earlier", "before", "previously")
_LATER = ("later", "afterwards")


def resolve_distance(expression: Expression) -> Days | None:
    """Resolve "two days ago", "a year earlier" and "three weeks later"."""
    n, unit, way = _count(expression["n"]), expression["unit"], expression["way"]
    if n is None:
        return None
    origin = expression.today if way in ("ago", "from now") else _origin(expression, unit, way)
    if origin is None and expression.year and unit in ("year", "decade"):
        origin = date(expression.year, 1, 1)
    if origin is None or (way in _LATER and not expression.before):
        return None  # there is no moment to count from
    return shifted(origin, -n if way in _BACK else n, unit)


def _origin(expression: Expression, unit: str, way: str) -> date | None:
    """Return the day to count from: of the previous moment, else of publication."""
    anchor = expression.anchor(same_sentence=way in _BACK and not expression.is_pluperfect())
    if anchor is None:
        return None if way in _LATER else expression.today
    known = {"year": ("year", "decade"), "month": ("year", "decade", "month")}
    exact = anchor.precision == "day" or unit in known.get(anchor.precision, ())
    return anchor.first if exact else None


def _count(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    if word in ("a", "an"):
        return 1
    return 2 if "couple" in word else NUMBER_WORDS.get(word)


def resolve_time_ahead(expression: Expression) -> Days | None:
    """Resolve "in three weeks’ time", and "in three weeks" of a future event."""
    n = _count(expression["n"])
    if n is None or expression.today is None or not (expression["time"] or expression.tense() > 0):
        return None
    return shifted(expression.today, n, expression["unit"])


def resolve_calendar_unit(expression: Expression) -> Days | None:
    """Resolve "last week", "this month", "next year" and "the year before last"."""
    n = -2 if expression["twice"] else STEPS[expression["step"].split()[-1]]
    if expression.today:
        return shifted(expression.today, n, expression["unit"])
    if expression.published is None:
        return None
    if expression["unit"] == "month" and expression.published.precision == "month":
        return shifted(expression.published.day, n, "month")
    return years(expression.published.day.year + n) if expression["unit"] == "year" else None


def resolve_adjacent_unit(expression: Expression) -> Days | None:
    """Resolve "the next day", "that night" and "the following year", by the previous moment."""
    anchor = expression.anchor(same_sentence=False)
    step, unit = expression["step"], expression["unit"]
    unit = "day" if unit in ("night", "morning", "afternoon", "evening") else unit
    if anchor is None or (unit != "year" and anchor.precision != "day"):
        return None
    after = expression["side"] == "after" or step in ("the next", "the following")
    n = -1 if expression["side"] == "before" or step == "the previous" else int(after)
    return shifted(anchor.last if n > 0 else anchor.first, n, unit)
