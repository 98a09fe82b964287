import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_bot.corpus import KINDS, Limits, Problem, Source, read_source, scan
from qa_bot.corpus.formats import _READERS, BROKE_THE_READER
from qa_bot.corpus.text import read_text


def test_file_over_the_limit_is_refused_before_it_is_read(read):
    _, (problem,) = read("a.txt", "x" * 3_000_000, Limits(file_bytes=2_000_000))
    assert problem.reason == "is 3 MB, over the limit of 2 MB (setting max_file_mb)"


def test_file_that_vanished_is_a_problem(tmp_path):
    (problem,) = read_source(Source(tmp_path / "gone.txt", "gone", "text"), Limits())
    assert problem.reason == "cannot be read (No such file or directory)"


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda s: s.encode("utf-8", "surrogatepass")),
    ),
    st.sampled_from(sorted(set(KINDS) - {".pdf"})),
)
def test_no_bytes_break_a_reader(tmp_path, data, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    for item in read_source(Source(path, "x", KINDS[suffix]), Limits()):
        assert not isinstance(item, Problem) or BROKE_THE_READER not in item.reason
        assert isinstance(item, Problem) or item.text.strip("\ufeff").strip()


def test_error_of_a_reader_is_a_problem_of_its_file(tmp_path, monkeypatch):
    def fail(source, limits):
        yield from read_text(source, limits)
        raise LookupError("undefined")

    monkeypatch.setitem(_READERS, "text", fail)
    (tmp_path / "a.txt").write_text("The ferry sank.")
    article, problem = read_source(Source(tmp_path / "a.txt", "a", "text"), Limits())
    assert article.text == "The ferry sank."
    assert problem.reason == f"{BROKE_THE_READER} (LookupError); please report it"


@pytest.mark.raw
def test_raw_articles_give_title_publisher_and_date(raw_articles):
    articles = [a for source in scan([raw_articles]).sources for a in read_source(source, Limits())]
    assert [(str(a.published), a.publisher) for a in articles] == [
        ("2021-06-07", None),
        ("2021-06-16", "TASS"),
        ("2021-05-05", "TASS"),
        ("2021-10-21", None),
        ("2021-12-29", None),
    ]
    assert [article.title.split()[0] for article in articles] == [
        "NATO",
        "Biden:",
        "Biden-Putin",
        "Russia",
        "US",
    ]
    for article in articles:
        with open(article.path, newline="", encoding="utf-8") as file:
            assert article.text == file.read()
