"""A write transaction: the manifest follows, older texts and times are kept."""

import dataclasses
from datetime import date

from making import make_article

from qa_bot.filters import Filters


def test_manifest_describes_the_index(index):
    index.apply([make_article(f"a{n}", f"Ferry {n} ran.") for n in range(4)])
    manifest = index.manifest
    assert (manifest.n_articles, manifest.n_passages, manifest.generation) == (4, 4, 1)
    assert (manifest.embedder, manifest.dim, manifest.chunk_tokens) == ("hashing-64", 64, 200)
    assert int(manifest.corpus_hash, 16) > 0


def versions_of(index, *articles):
    with index.searching() as search:
        return [search.version(a.id, a.version) for a in articles]


def test_older_text_is_kept_until_the_article_is_removed(index):
    first, second = make_article("a", "The first text."), make_article("a", "The second text.")
    index.apply([first])
    index.apply([second])
    assert versions_of(index, first, second) == [first, None]
    index.apply([dataclasses.replace(second, title="Another title")])
    index.apply([first])
    assert versions_of(index, second)[0].text == second.text
    index.apply(remove=["a"])
    assert versions_of(index, first, second) == [None, None]


def test_times_mentioned_are_found_within_days_and_filters(index):
    index.apply(
        [
            make_article("a", "It sank on Wednesday. It will go in July.", published="2021-06-17"),
            make_article("b", "It sank on June 16. It was built in 1990.", published="2021-06-20"),
        ]
    )
    june = date(2021, 6, 1), date(2021, 6, 30)

    def mentioned(search, first, last):
        keys = search.mentions_between(first, last, 9)
        passages = search.passages(keys)
        return [passages[key].article.id for key in keys]

    with index.searching() as search:
        assert mentioned(search, *june) == ["a", "b"]
        assert mentioned(search, date(1980, 1, 1), date(2030, 1, 1)) == ["a", "b"]
        assert mentioned(search, date(2021, 7, 1), date(2021, 7, 31)) == ["a"]
        assert mentioned(search, date(1990, 1, 1), date(1990, 12, 31)) == []
    with index.searching(Filters(as_of=date(2021, 6, 17))) as search:
        assert mentioned(search, *june) == ["a"]
