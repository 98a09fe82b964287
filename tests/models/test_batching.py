from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.models.batching import batches_by_length


def test_text_over_the_budget_is_a_batch_alone():
    assert list(batches_by_length([50, 3, 60], 10)) == [[1], [0], [2]]
    assert list(batches_by_length([], 10)) == []


@given(st.lists(st.integers(0, 30)), st.integers(1, 90))
def test_batches_hold_each_position_once_and_fit_when_padded(lengths, budget):
    batches = list(batches_by_length(lengths, budget))
    assert sorted(chain.from_iterable(batches)) == list(range(len(lengths)))
    assert all(
        len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget
        for batch in batches
    )
