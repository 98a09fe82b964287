import pytest

from qa_bot.models.logistic import sigmoid


@pytest.mark.parametrize(
    ("logit", "probability"), [(0, 0.5), (1, 0.7310586), (-1, 0.2689414), (1e9, 1.0), (-1e9, 0.0)]
)
def test_log_odds_become_a_probability(logit, probability):
    assert sigmoid(logit) == pytest.approx(probability)
