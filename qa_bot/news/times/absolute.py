"""Times that are named: dates, months, seasons, years, feasts."""

from __future__ import annotations

import re
from datetime import date

from qa_bot.news.times.tense import CLOSE_CHARS, Seen
from qa_bot.news.times.values import STEPS, Days, months, one_day, years
from qa_bot.text import MONTHS, WEEKDAYS, full_date, make_day, month_and_day, parse_date


def stated(seen: Seen) -> Days | None:
    """Return a date with its year, in words or in numbers."""
    text = seen.match[0]
    if "/" in text:
        stated = parse_date(text)
        return one_day(stated.day) if stated else None
    return one_day(full_date(text))


def day_of_month(seen: Seen) -> Days | None:
    """Return a day without its year: in the year told, or the one that weekday and tense tell."""
    if seen.match[0].lower().startswith("in "):
        return None  # "In March 12 soldiers were killed"
    month, number = month_and_day(seen["day"])
    if seen["ref"]:
        return one_day(_in_year(seen, month, number))
    return one_day(nearest(seen, month, number))


def _in_year(seen: Seen, month: int, number: int) -> date | None:
    if seen.year is None:
        return None
    return make_day(seen.year + STEPS[seen["ref"].split()[-2]], month, number)


def nearest(seen: Seen, month: int, number: int) -> date | None:
    """Return the day and month in the year that fits weekday, then tense, then nearness."""
    today = seen.today
    if today is None:
        return None
    days = [d for y in range(today.year - 6, today.year + 7) if (d := make_day(y, month, number))]
    if seen["weekday"] and (named := [d for d in days if WEEKDAYS[d.weekday()] == seen["weekday"]]):
        days = named
    else:
        tense = seen.tense(within=CLOSE_CHARS)
        days = [d for d in days if (d - today).days * tense >= 0] or days
    return min(days, key=lambda d: (abs((d - today).days), d), default=None)


def days_of_month(seen: Seen) -> Days | None:
    """Return "16–18 June": its year by the last of the days."""
    month, _ = month_and_day(seen["month"])
    one, other = (int(re.sub(r"\D", "", seen[name])) for name in ("one", "other"))
    if " and " in seen.match[0] and other != one + 1:
        return None  # two days, not a stretch
    year = int(seen["year"]) if seen["year"] else None
    last = make_day(year, month, other) if year else nearest(seen, month, other)
    first = make_day(last.year, month, one) if last else None
    return (first, last, "day") if first and last and first < last else None


def month_and_year(seen: Seen) -> Days | None:
    """Return "June 2021", "June last year"."""
    month, _ = month_and_day(seen["month"])
    if seen["year"]:
        return months(int(seen["year"]), month)
    if seen.year is None:
        return None
    return months(seen.year + STEPS[seen["ref"].split()[-2]], month)


_OF_PEOPLE = frozenset({"by", "of", "for", "the", "from"})
_SOON_MONTHS = 1  # a month named without a tense is past, unless it comes as soon as this
_ALSO_WORDS = frozenset({"may", "march", "mar", "jan", "dec", "sep", "apr"})


def month_alone(seen: Seen) -> Days | None:
    """Return "in January", "last March", "the June summit": the month that tense tells."""
    today, name = seen.today, seen["month"].rstrip(".")
    is_name = seen.match["month"][0].isupper()
    alone = not (seen["lead"] or seen["step"]) or not is_name
    person = (alone or seen["lead"] in _OF_PEOPLE) and _is_named(seen)
    if (
        today is None
        or person
        or (alone and (name in _ALSO_WORDS or (not is_name and not seen["lead"])))
    ):
        return None  # "May said", "an august march", "June Whitcombe"
    month, step = MONTHS[name], seen["step"].split()[-1:]
    if step == ["this"]:
        return months(today.year, month)
    soon = (month - today.month) % 12 <= _SOON_MONTHS
    ahead = step in (["next"], ["coming"]) or (not step and (seen.tense() or soon or -1) > 0)
    # "last June" in June is the one before; "in June" is this one
    other = int(bool(step))
    year = today.year + (month < today.month + other) * ahead
    return months(year - (month > today.month - other) * (not ahead), month)


def _is_named(seen: Seen) -> bool:
    """Return whether a month is part of a person's name: another name stands beside it."""
    before, after = seen.text[: seen.match.start()], seen.text[seen.match.end() :]
    return not seen["month"].endswith(".") and bool(
        _NAME_AFTER.match(after) or _NAME_BEFORE.search(before[-40:])
    )


_NAME_AFTER = re.compile(r"\s+[A-ZÀ-Ý][a-zà-ÿ]+")
_NAME_BEFORE = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÀ-Ý][a-zà-ÿ]+\s+$")


def day_to_day(seen: Seen) -> Days | None:
    """Return "from 28 February to 3 March": the year by the last of the days."""
    (month, number), (last_month, last_number) = map(month_and_day, (seen["one"], seen["other"]))
    year = int(seen["year"]) if seen["year"] else None
    last = (
        make_day(year, last_month, last_number) if year else nearest(seen, last_month, last_number)
    )
    first = last and make_day(
        last.year - ((month, number) > (last_month, last_number)), month, number
    )
    return (first, last, "day") if first and last and first <= last else None


def month_to_month(seen: Seen) -> Days | None:
    """Return "between May and July": the year by the last of the months, not yet begun or past."""
    month, last_month = (MONTHS[seen[name].rstrip(".")] for name in ("one", "other"))
    today = seen.today
    if not seen["year"] and today is None:
        return None
    if seen["year"]:
        year = int(seen["year"])
    else:
        assert today is not None
        year = today.year - (last_month > today.month and seen.tense() <= 0)
    return months(year - (month > last_month), month, (last_month - month) % 12 + 1)


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_QUARTERS = {"first": 1, "second": 4, "third": 7, "fourth": 10, "1": 1, "2": 4, "3": 7, "4": 10}


def season(seen: Seen) -> Days | None:
    """Return three months; winter begins in December of the year that is named."""
    month = _SEASONS[seen["season"]]
    if seen["year"]:
        return months(int(seen["year"]), month, 3)
    today = seen.today
    if today is None or not seen["step"]:
        return None
    begun = today.month >= month or (month == 12 and today.month < 3)
    year = today.year - (month == 12 and today.month < 3)
    within = begun and (today.month - month) % 12 < 3
    if seen["step"] == "last":
        return months(year - (not begun or within), month, 3)
    if seen["step"] == "next":
        return months(year + begun, month, 3)
    return months(year, month, 3)


def part_of_year(seen: Seen) -> Days | None:
    """Return a quarter or a half of a year."""
    year = int(seen["year"]) if seen["year"] else seen.year
    if year is None:
        return None
    if seen["half"]:
        return months(year, 1 if seen["half"] == "first" else 7, 6)
    return months(year, _QUARTERS[seen["quarter"]], 3)


def some_months(seen: Seen) -> Days | None:
    """Return "the first three months of 2015"."""
    year = int(seen["year"]) if seen["year"] else seen.year
    n = _FEW[seen["n"]]
    return None if year is None else months(year, 1 if seen["which"] == "first" else 13 - n, n)


_FEW = {"two": 2, "three": 3, "four": 4, "six": 6, "nine": 9}


def bare_year(seen: Seen) -> Days | None:
    """Return "in 2019", "2014–15"."""
    year = int(seen["year"])
    if not seen["to"]:
        return years(year)
    last = int(seen["to"]) if len(seen["to"]) == 4 else year - year % 100 + int(seen["to"])
    return years(year, last - year + 1) if 0 < last - year < 200 else None


def decade(seen: Seen) -> Days | None:
    """Return "the 1990s", of the last century where only two figures are told."""
    number = int(seen["decade"])
    return years(number if number >= 1000 else 1900 + number, 10)


FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "boxing day": (12, 26), "new year’s eve": (12, 31), "new year’s day": (1, 1),
    "may day": (5, 1), "valentine’s day": (2, 14), "halloween": (10, 31),
}  # fmt: skip


def feast(seen: Seen) -> Days | None:
    """Return a feast, which has the same date every year."""
    day = FEASTS[seen["feast"].replace("'", "’")]
    return one_day(make_day(int(seen["year"]), *day) if seen["year"] else nearest(seen, *day))
