"""Times that are counted from the report's own day, or from a time told before."""

from __future__ import annotations

from datetime import date, timedelta

from qa_bot.news.times.tense import Seen
from qa_bot.news.times.values import STEPS, Days, one_day, shifted, years
from qa_bot.text import UNITS as NUMBER_WORDS
from qa_bot.text import WEEKDAYS

# Weekdays ----------------------------------------------------------------------------------------


def weekday(seen: Seen) -> Days | None:
    """Return the weekday nearest to publication on the side that the words or the tense tell."""
    today, wanted = seen.today, WEEKDAYS.index(seen["weekday"])
    if today is None:
        return None
    if seen["of"]:
        week = STEPS[seen["of"].split()[-2]]
        return one_day(today + timedelta(days=wanted - today.weekday() + 7 * week))
    if seen["later"]:  # "Monday week"
        return one_day(today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 8))
    step = seen["step"].removeprefix("the ")
    anchor = seen.anchor(same_sentence=step == "next") if step in ("following", "next") else None
    if anchor and anchor.precision == "day":
        return one_day(anchor.last + timedelta((wanted - anchor.last.weekday() - 1) % 7 + 1))
    back, ahead = (today.weekday() - wanted) % 7, (wanted - today.weekday()) % 7
    if step in ("last", "past", "this past", "previous"):
        back, ahead, tense = back or 7, 0, -1
    elif step in ("next", "coming", "this coming", "following"):
        back, ahead, tense = 0, ahead or 7, 1
    else:
        tense = seen.tense() or int(step == "this")
    return one_day(today + timedelta(days=ahead if tense > 0 else -back))


def weekday_to_weekday(seen: Seen) -> Days | None:
    """Return "from Monday to Wednesday"."""
    first = weekday(seen)
    if first is None:
        return None
    last = WEEKDAYS.index(seen["other"])
    return first[0], first[0] + timedelta(days=(last - first[0].weekday()) % 7), "day"


def opening_hours(seen: Seen) -> None:
    """Return nothing: "open Monday to Saturday" tells hours, no days."""


def weekend(seen: Seen) -> Days | None:
    """Return the Saturday and Sunday meant."""
    if seen.today is None:
        return None
    today = seen.today
    past = today - timedelta(days=(today.weekday() - 5) % 7)  # the last Saturday, today included
    coming = today + timedelta(days=(5 - today.weekday()) % 7)
    step = seen["step"]
    if step == "last":
        saturday = past if today.weekday() < 5 else past - timedelta(days=7)
    elif step in ("next", "coming", "this coming") or (step == "this" and today.weekday() < 5):
        saturday = coming if seen.tense() >= 0 or step != "this" else past
    else:
        saturday = coming if seen.tense() > 0 else past
    return saturday, saturday + timedelta(days=1), "day"


# Words that count from the day of the report ---------------------------------------------------

DAY_WORDS = {
    "the day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "tomorrow": 1,
    "the day after tomorrow": 2,
}  # fmt: skip


def day_word(seen: Seen) -> Days | None:
    """Return "yesterday", "tonight", "the day after tomorrow"."""
    words = next(w for w in DAY_WORDS if seen["word"].startswith(w))
    return one_day(seen.today + timedelta(days=DAY_WORDS[words])) if seen.today else None


_BACK = ("ago", "earlier", "before", "previously")
_LATER = ("later", "afterwards")


def so_many(seen: Seen) -> Days | None:
    """Return "two days ago", "a year earlier", "three weeks later"."""
    n, unit, way = _count(seen["n"]), seen["unit"], seen["way"]
    if n is None:
        return None
    origin = seen.today if way in ("ago", "from now") else _origin(seen, unit, way)
    if origin is None and seen.year and unit in ("year", "decade"):
        origin = date(seen.year, 1, 1)
    if origin is None or (way in _LATER and not seen.before):
        return None  # later than what?
    return shifted(origin, -n if way in _BACK else n, unit)


def _origin(seen: Seen, unit: str, way: str) -> date | None:
    """Return the day to count from: of the time told before, else of the report."""
    anchor = seen.anchor(same_sentence=way in _BACK and not seen.is_pluperfect())
    if anchor is None:
        return None if way in _LATER else seen.today
    known = {"year": ("year", "decade"), "month": ("year", "decade", "month")}
    exact = anchor.precision == "day" or unit in known.get(anchor.precision, ())
    return anchor.first if exact else None


def _count(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    if word in ("a", "an"):
        return 1
    return 2 if "couple" in word else NUMBER_WORDS.get(word)


def coming(seen: Seen) -> Days | None:
    """Return "in three weeks’ time", or "in three weeks" of what is to come."""
    n = _count(seen["n"])
    if n is None or seen.today is None or not (seen["time"] or seen.tense() > 0):
        return None
    return shifted(seen.today, n, seen["unit"])


def whole_unit(seen: Seen) -> Days | None:
    """Return "last week", "this month", "next year", "the year before last"."""
    n = -2 if seen["twice"] else STEPS[seen["step"].split()[-1]]
    if seen.today:
        return shifted(seen.today, n, seen["unit"])
    if seen.published is None:
        return None
    if seen["unit"] == "month" and seen.published.precision == "month":
        return shifted(seen.published.day, n, "month")
    return years(seen.published.day.year + n) if seen["unit"] == "year" else None


def beside(seen: Seen) -> Days | None:
    """Return "the next day", "that night", "the following year": beside the moment told last."""
    anchor = seen.anchor(same_sentence=False)
    step, unit = seen["step"], seen["unit"]
    unit = "day" if unit in ("night", "morning", "afternoon", "evening") else unit
    if anchor is None or (unit != "year" and anchor.precision != "day"):
        return None
    after = seen["side"] == "after" or step in ("the next", "the following")
    n = -1 if seen["side"] == "before" or step == "the previous" else int(after)
    return shifted(anchor.last if n > 0 else anchor.first, n, unit)
