from scored_examples import make_report, mostly_right

from qa_bot.evaluation.figures import by_type


def test_figures_by_type_have_their_n():
    types = by_type(make_report(mostly_right)["rows"])
    assert {name: interval.n for name, interval in types.items()} == {"off_topic": 40, "where": 40}
    assert types["where"].mean == 0.9
