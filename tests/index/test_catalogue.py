"""An index's articles are listed and found without a model."""

from making import make_article

from qa_bot.index.catalogue import article_finders, list_articles

FIRST = make_article("a", "The first text.", published="2021-06-16", publisher="Wire")
SECOND = make_article("a", "The second text.", published="2021-06-16", publisher="Wire")


def test_articles_are_listed_by_id(index, settings):
    index.apply([make_article("b", "Another text."), FIRST])
    assert [
        (row["article_id"], row["title"], row["published"], row["publisher"], row["passages"])
        for row in list_articles(index.folder, settings.store)
    ] == [("a", "Title of a", "2021-06-16", "Wire", 1), ("b", "Title of b", None, None, 1)]


def test_articles_and_their_older_texts_are_found_by_name(index, settings):
    index.apply([FIRST])
    index.apply([SECOND])
    with article_finders(index.folder, settings.store) as (find, find_version):
        assert find("a") == SECOND
        assert find("nope") is None
        assert find_version("a", FIRST.version) == FIRST
        assert find_version("a", SECOND.version) is None
