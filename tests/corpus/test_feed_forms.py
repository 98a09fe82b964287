"""Feeds as outlets publish them: 192 by a tester, each with what a careful reader expects of it."""

import pytest
from cases import read_cases

from qa_bot.corpus import Limits, Problem, read_source, scan
from qa_bot.news import find_boilerplate

FIELDS = ("title", "published", "publisher", "url", "language")


def quotable(text):
    """Return the text without lines of the page, which are never quoted."""
    for span in reversed(find_boilerplate(text)):
        text = text[: span.start] + text[span.end :]
    return text


def read(path):
    found = scan([path])
    items = [item for source in found.sources for item in read_source(source, Limits())]
    problems = [*found.problems, *(one for one in items if isinstance(one, Problem))]
    return [one for one in items if not isinstance(one, Problem)], problems


@pytest.mark.parametrize("case", read_cases(__file__, "feeds"))
def test_feed_is_read_as_a_careful_reader_would(case, tmp_path):
    path = tmp_path / case.get("name", "news.xml")
    path.write_bytes(case["file"].encode(case.get("encoding", "utf-8")))
    articles, problems = read(path)
    reasons = " | ".join(problem.reason for problem in problems)
    assert (case["problem"] or "") in reasons and bool(reasons) == (case["problem"] is not None)
    assert len(articles) == len(case["expect"])
    for article, expected in zip(articles, case["expect"], strict=True):
        told = {name: getattr(article, name) for name in FIELDS if name in expected}
        if told.get("published"):
            told["published"] = str(told["published"])
        assert told == {name: expected[name] for name in told}
        assert [words for words in expected["has"] if words not in article.text] == []
        assert [words for words in expected["lacks"] if words in quotable(article.text)] == []
