"""The days in a question narrow the filters."""

from datetime import date

import pytest

from qa_bot.filters import Filters
from qa_bot.question import understand

TODAY = date(2021, 6, 16)


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What happened in May 2021?", (date(2021, 5, 1), date(2021, 5, 31))),
        ("What happened last week?", (date(2021, 6, 7), date(2021, 6, 13))),
        ("What has happened since 1 June?", (date(2021, 6, 1), date(2021, 6, 16))),
        ("How did the strike develop?", None),
        ("What happened before 10 June?", (date.min, date(2021, 6, 10))),
        ("What happened from 1 May to 3 June?", (date(2021, 5, 1), date(2021, 6, 3))),
        ("What happened after 10 June?", (date(2021, 6, 10), date(2021, 6, 16))),
        ("What happened between 1 May and 3 June 2021?", (date(2021, 5, 1), date(2021, 6, 3))),
    ],
)
def test_days_depend_on_the_day_of_asking(question, days):
    assert understand(question, today=TODAY).time_range == days


@pytest.mark.parametrize(
    ("question", "since"),
    [
        ("What did the union say last week?", date(2021, 6, 7)),
        ("What did the union say yesterday?", date(2021, 6, 15)),
        ("How high was the October flood?", None),
        ("What happened in May?", date(2021, 5, 1)),
        ("What will happen next week?", None),
    ],
)
def test_recent_days_and_days_of_events_narrow_the_filters(question, since):
    assert understand(question, today=TODAY).narrow(Filters()) == Filters(since=since)


def test_question_never_widens_the_filters():
    filters = Filters(since=date(2021, 6, 10))
    assert understand("What happened in May?", today=TODAY).narrow(filters) == filters
