"""Numbers, months and weekdays in one notation; the cases are in numbers.jsonl."""

import pytest
from cases import read_cases

from qa_bot.text.numbers import quantities


@pytest.mark.parametrize("case", read_cases(__file__, "numbers"))
def test_text_has_the_quantities_that_the_table_states(case):
    assert [list(pair) for pair in quantities(case["text"])] == case["quantities"]
