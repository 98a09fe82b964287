"""Shingles in the store: candidates are the earlier articles that share most of them."""

import pytest
from making import make_article

from qa_bot.index.store import DerivedData, PreparedArticle


def put(transaction, name, sample):
    derived = DerivedData((), frozenset(sample), tuple(sample))
    return transaction.put(PreparedArticle.of(make_article(name, f"Text of {name}."), (), derived))


def test_candidates_share_two_shingles_and_come_before(index):
    with index._store.writing() as transaction:
        near = put(transaction, "near", [1, 2, 3])
        put(transaction, "far", [3, 7, 8])
        one = put(transaction, "one", [2, 3, 4])
        put(transaction, "later", [2, 3, 4])
        assert transaction.candidates(one) == [(near, "Text of near.")]


@pytest.mark.parametrize(("n", "n_stored"), [(300, 301), (301, 301), (305, 301)])
def test_a_shingle_of_many_articles_is_kept_for_the_first_of_them(index, n, n_stored):
    with index._store.writing() as transaction:
        for number in range(n + 1):
            key = put(transaction, f"a{number}", [1, 2])
        assert len(transaction.candidates(key)) == (30 if n <= 300 else 0)
        query = "SELECT count(*) FROM runs WHERE run = 1"
        assert transaction._connection.exec_driver_sql(query).scalar() == n_stored


def test_groups_join_under_the_lowest_key(index):
    with index._store.writing() as transaction:
        one, two, three, four = (put(transaction, name, [1]) for name in "abcd")
        transaction.join_groups([three, four])
        transaction.join_groups([four, two])
        assert [key for key, _ in transaction.group_members(two)] == [two, three, four]
        assert transaction.group_members(one) == [(one, "Text of a.")]
        transaction.remove(["b"])
        assert transaction.reduced_groups == {two}
