"""Resolve expressions that name a date, month, season, year or holiday."""

from __future__ import annotations

import re
from datetime import date

from qa_bot.news.times.expression import CLOSE_CHARS, Expression
from qa_bot.news.times.values import STEPS, Days, months, one_day, years
from qa_bot.text import (
    LOWER,
    MONTHS,
    UPPER,
    WEEKDAYS,
    full_date,
    make_day,
    month_and_day,
    parse_date,
)


def resolve_full_date(expression: Expression) -> Days | None:
    """Resolve a date with its year, in words or in numbers."""
    text = expression.match[0]
    if "/" in text:
        parsed = parse_date(text)
        return one_day(parsed.day) if parsed else None
    return one_day(full_date(text))


def resolve_day_and_month(expression: Expression) -> Days | None:
    """Resolve "16 June": the year follows from "last year", the weekday, or the tense."""
    if expression.match[0].lower().startswith("in "):
        return None  # "In March 12 soldiers were killed"
    month, number = month_and_day(expression["day"])
    if expression["ref"]:
        return one_day(_in_year(expression, month, number))
    return one_day(nearest_day(expression, month, number))


def _in_year(expression: Expression, month: int, number: int) -> date | None:
    if expression.year is None:
        return None
    return make_day(expression.year + STEPS[expression["ref"].split()[-2]], month, number)


def nearest_day(expression: Expression, month: int, number: int) -> date | None:
    """Return the day in the year that fits the weekday, else the tense, nearest to publication."""
    today = expression.today
    if today is None:
        return None
    days = [d for y in range(today.year - 6, today.year + 7) if (d := make_day(y, month, number))]
    if expression["weekday"] and (
        named := [d for d in days if WEEKDAYS[d.weekday()] == expression["weekday"]]
    ):
        days = named
    else:
        tense = expression.tense(within=CLOSE_CHARS)
        days = [d for d in days if (d - today).days * tense >= 0] or days
    return min(days, key=lambda d: (abs((d - today).days), d), default=None)


def resolve_days_of_month(expression: Expression) -> Days | None:
    """Resolve "16–18 June"; the last day decides the year."""
    month, _ = month_and_day(expression["month"])
    one, other = (int(re.sub(r"\D", "", expression[name])) for name in ("one", "other"))
    if " and " in expression.match[0] and other != one + 1:
        return None  # two days with a gap
    year = int(expression["year"]) if expression["year"] else None
    last = make_day(year, month, other) if year else nearest_day(expression, month, other)
    first = make_day(last.year, month, one) if last else None
    return (first, last, "day") if first and last and first < last else None


def resolve_month_and_year(expression: Expression) -> Days | None:
    """Resolve "June 2021" and "June last year"."""
    month, _ = month_and_day(expression["month"])
    if expression["year"]:
        return months(int(expression["year"]), month)
    if expression.year is None:
        return None
    return months(expression.year + STEPS[expression["ref"].split()[-2]], month)


_OF_PEOPLE = frozenset({"by", "of", "for", "the", "from"})
_SOON_MONTHS = 1  # a month without a tense is past, unless it comes so soon; chosen by hand
_ALSO_WORDS = frozenset({"may", "march", "mar", "jan", "dec", "sep", "apr"})


def resolve_month(expression: Expression) -> Days | None:
    """Resolve "in January", "last March" and "the June summit", by the tense."""
    today, name = expression.today, expression["month"].rstrip(".")
    is_name = expression.match["month"][0].isupper()
    alone = not (expression["lead"] or expression["step"]) or not is_name
    person = (alone or expression["lead"] in _OF_PEOPLE) and _is_named(expression)
    if (
        today is None
        or person
        or (alone and (name in _ALSO_WORDS or (not is_name and not expression["lead"])))
    ):
        return None  # "May said", "an august march", "June Whitcombe"
    month, step = MONTHS[name], expression["step"].split()[-1:]
    if step == ["this"]:
        return months(today.year, month)
    soon = (month - today.month) % 12 <= _SOON_MONTHS
    ahead = step in (["next"], ["coming"]) or (not step and (expression.tense() or soon or -1) > 0)
    # "last June" in June is the one before; "in June" is this one
    other = int(bool(step))
    year = today.year + (month < today.month + other) * ahead
    return months(year - (month > today.month - other) * (not ahead), month)


def _is_named(expression: Expression) -> bool:
    """Return whether a month is part of a person's name: "June Whitcombe", "Theresa May"."""
    before, after = (
        expression.text[: expression.match.start()],
        expression.text[expression.match.end() :],
    )
    return not expression["month"].endswith(".") and bool(
        _NAME_AFTER.match(after) or _NAME_BEFORE.search(before[-40:])
    )


_NAME_AFTER = re.compile(rf"\s+{UPPER}{LOWER}+")
_NAME_BEFORE = re.compile(rf"(?<![.!?]\s)(?<!^)\b{UPPER}{LOWER}+\s+$")


def resolve_date_range(expression: Expression) -> Days | None:
    """Resolve "from 28 February to 3 March"; the last day decides the year."""
    (month, number), (last_month, last_number) = map(
        month_and_day, (expression["one"], expression["other"])
    )
    year = int(expression["year"]) if expression["year"] else None
    last = (
        make_day(year, last_month, last_number)
        if year
        else nearest_day(expression, last_month, last_number)
    )
    first = last and make_day(
        last.year - ((month, number) > (last_month, last_number)), month, number
    )
    return (first, last, "day") if first and last and first <= last else None


def resolve_month_range(expression: Expression) -> Days | None:
    """Resolve "between May and July"; the last month and the tense decide the year."""
    month, last_month = (MONTHS[expression[name].rstrip(".")] for name in ("one", "other"))
    today = expression.today
    if not expression["year"] and today is None:
        return None
    if expression["year"]:
        year = int(expression["year"])
    else:
        assert today is not None
        year = today.year - (last_month > today.month and expression.tense() <= 0)
    return months(year - (month > last_month), month, (last_month - month) % 12 + 1)


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_QUARTERS = {"first": 1, "second": 4, "third": 7, "fourth": 10, "1": 1, "2": 4, "3": 7, "4": 10}


def resolve_season(expression: Expression) -> Days | None:
    """Resolve a season to three months; a winter begins in December of its year."""
    month = _SEASONS[expression["season"]]
    if expression["year"]:
        return months(int(expression["year"]), month, 3)
    today = expression.today
    if today is None or not expression["step"]:
        return None
    begun = today.month >= month or (month == 12 and today.month < 3)
    year = today.year - (month == 12 and today.month < 3)
    within = begun and (today.month - month) % 12 < 3
    if expression["step"] == "last":
        return months(year - (not begun or within), month, 3)
    if expression["step"] == "next":
        return months(year + begun, month, 3)
    return months(year, month, 3)


def resolve_part_of_year(expression: Expression) -> Days | None:
    """Resolve a quarter or a half of a year."""
    year = int(expression["year"]) if expression["year"] else expression.year
    if year is None:
        return None
    if expression["half"]:
        return months(year, 1 if expression["half"] == "first" else 7, 6)
    return months(year, _QUARTERS[expression["quarter"]], 3)


def resolve_some_months(expression: Expression) -> Days | None:
    """Resolve "the first three months of 2015"."""
    year = int(expression["year"]) if expression["year"] else expression.year
    n = _FEW[expression["n"]]
    return (
        None if year is None else months(year, 1 if expression["which"] == "first" else 13 - n, n)
    )


_FEW = {"two": 2, "three": 3, "four": 4, "six": 6, "nine": 9}


def resolve_year(expression: Expression) -> Days | None:
    """Resolve "in 2019" and "2014–15"."""
    year = int(expression["year"])
    if not expression["to"]:
        return years(year)
    last = (
        int(expression["to"])
        if len(expression["to"]) == 4
        else year - year % 100 + int(expression["to"])
    )
    return years(year, last - year + 1) if 0 < last - year < 200 else None


def resolve_decade(expression: Expression) -> Days | None:
    """Resolve "the 1990s"; two digits alone belong to the twentieth century."""
    number = int(expression["decade"])
    return years(number if number >= 1000 else 1900 + number, 10)


HOLIDAYS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "boxing day": (12, 26), "new year’s eve": (12, 31), "new year’s day": (1, 1),
    "may day": (5, 1), "valentine’s day": (2, 14), "halloween": (10, 31),
}  # fmt: skip


def resolve_holiday(expression: Expression) -> Days | None:
    """Resolve a holiday that has the same date every year."""
    day = HOLIDAYS[expression["holiday"].replace("'", "’")]
    return one_day(
        make_day(int(expression["year"]), *day)
        if expression["year"]
        else nearest_day(expression, *day)
    )
