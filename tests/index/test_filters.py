"""Filters mean the same in every place that applies them: store conditions, rows, vectors."""

from datetime import date

import pytest
from making import make_article

from qa_bot.datatypes import Coverage, Published
from qa_bot.filters import Filters
from qa_bot.models.embedder import HashingEmbedder

ARTICLES = (
    make_article("old", "The old ferry sank.", published="2020-01-05", publisher="Wire"),
    make_article("new", "The new ferry ran.", published="2021-06-16", publisher="Courier"),
    make_article("undated", "A ferry of no date."),
    make_article(
        "june", "The June ferry.", published=Published(date(2021, 6, 1), "month", "stated")
    ),
)
CASES = [
    (Filters(), ["june", "new", "old", "undated"]),
    (Filters(until=date(2021, 6, 15)), ["old"]),
    (Filters(until=date(2021, 6, 16)), ["new", "old"]),
    (Filters(until=date(2021, 6, 30)), ["june", "new", "old"]),
    (Filters(since=date(2021, 6, 1)), ["june", "new"]),
    (Filters(since=date(2021, 6, 2)), ["new"]),
    (Filters(since=date(2020, 1, 5), until=date(2021, 6, 16)), ["new", "old"]),
    (Filters(as_of=date(2021, 6, 16), until=date(2021, 6, 30)), ["new", "old"]),
    (Filters(publisher="COURIER"), ["new"]),
    (Filters(publisher="Nobody"), []),
    (Filters(articles=("old", "nope")), ["old"]),
    (Filters(articles=("old", "undated"), until=date(2021, 6, 16)), ["old"]),
    (Filters(publisher="Wire", articles=("new",)), []),
    (Filters(since=date(2022, 1, 1)), []),
]


@pytest.mark.parametrize(
    "written", ["2021-06-16", "2021-06-16T23:30:00+02:00", "2021-06-16T01:00:00Z", "20210616"]
)
def test_time_with_a_zone_is_the_day_as_it_is_written(written):
    assert Filters.of(as_of=written).as_of == date(2021, 6, 16)


every_filter = pytest.mark.parametrize(("filters", "ids"), CASES)


@pytest.fixture
def ferries(index):
    index.apply(ARTICLES)
    index.finish()
    return index


def found(index, filters, k=10):
    """The ids that both kinds of search find, which must agree."""
    vector = HashingEmbedder(64).embed(["ferry"])[0]
    with index.searching(filters) as search:
        dense = search.nearest(vector, k)
        words = search.best_words(["ferry"], k)
        passages = search.passages([scored.key for scored in (*dense, *words)])
        assert {s.key for s in dense} == {s.key for s in words}
        return sorted({passage.article.id for passage in passages.values()})


@every_filter
def test_both_searches_and_the_list_of_articles_agree(ferries, filters, ids):
    assert found(ferries, filters) == ids
    with ferries.searching(filters) as search:
        assert [article.id for article in search.articles()] == ids
        assert search.coverage.articles == len(ids)


@every_filter
def test_rows_conditions_of_the_store_and_entries_of_the_list_admit_the_same(ferries, filters, ids):
    with ferries._store.reading() as snapshot:
        (rows,) = snapshot.vectors()
        names = {key: p.article.id for key, p in snapshot.passages(rows.keys.tolist()).items()}
        by_conditions = snapshot.within(rows.keys.tolist(), filters)
        assert sorted(one.id for one in snapshot.entries() if filters.admits(one)) == ids
    by_rows = rows.keys[rows.admitted(filters)].tolist()
    assert sorted(names[key] for key in by_rows) == ids
    assert sorted(names[key] for key in by_conditions) == ids


def test_filter_is_applied_before_the_top_k(ferries):
    assert found(ferries, Filters(articles=("undated",)), k=1) == ["undated"]


def test_coverage_counts_what_dates_cannot_tell(ferries):
    with ferries.searching(Filters(until=date(2021, 6, 16))) as search:
        assert search.coverage == Coverage(
            2, date(2020, 1, 5), date(2021, 6, 16), left_out=2, in_index=4
        )
