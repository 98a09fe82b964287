"""A shared index and one's own answer as one index of all the articles would."""

import numpy as np
import pytest
from making import make_article

from qa_bot.filters import Filters
from qa_bot.index.overlay import OverlayIndex
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder
from qa_bot.retrieval import Query, retrieve

EMBEDDER = HashingEmbedder(64)
SHARED = [
    make_article(f"shared-{n}", f"The harbour board met about pier {n}. Ferry {n} stayed away.")
    for n in range(12)
]
OWN = [
    make_article("own-1", "The observatory reopened its dome.", published="2021-03-01"),
    make_article("own-2", "The ferry to the observatory was late.", published="2021-04-01"),
]


@pytest.fixture
def parts(tmp_path, settings):
    """(joined index, one index of everything)."""
    made = {}
    for name, articles in (("shared", SHARED), ("own", OWN), ("all", SHARED + OWN)):
        made[name] = PassageIndex.create(tmp_path / name, EMBEDDER, settings)
        made[name].apply(articles)
    yield OverlayIndex(made["shared"], made["own"]), made["all"]
    for index in made.values():
        index.close()


def found(index, text, filters=Filters()):
    with index.searching(filters) as search:
        query = Query.of(text, EMBEDDER.embed([text])[0], search)
        return [(h.passage.article.id, h.score) for h in retrieve(search, query, 5, 0.75)]


@pytest.mark.parametrize("text", ["ferry observatory dome", "harbour board pier 3", "dome"])
def test_the_same_passages_are_found_as_in_one_index(parts, text):
    joined, whole = parts
    ours, theirs = dict(found(joined, text)), dict(found(whole, text))
    best = max(theirs, key=theirs.get)
    assert max(ours, key=ours.get) == best
    # Embedding the same, words nearly so: each side has an average length of its own.
    assert ours[best] == pytest.approx(theirs[best], abs=0.05)


def test_coverage_and_articles_are_of_both(parts):
    joined, whole = parts
    with joined.searching() as both, whole.searching() as one:
        assert both.coverage == one.coverage
        assert {a.id for a in both.articles()} == {a.id for a in one.articles()}
        assert both.passage_counts() == one.passage_counts()
        assert both.document_frequencies(["ferri"]) == one.document_frequencies(["ferri"])


def test_filters_hold_for_both(parts):
    joined, _ = parts
    ids = {article_id for article_id, _ in found(joined, "ferry", Filters(articles=("own-2",)))}
    assert ids == {"own-2"}


def test_removing_and_adding_leave_the_shared_index_alone(parts):
    joined, _ = parts
    assert joined.apply(remove=["own-1", "shared-1"]).removed == ("own-1",)
    with joined.searching() as search:
        ids = {article.id for article in search.articles()}
    assert "shared-1" in ids and "own-1" not in ids


def test_empty_own_index_changes_nothing(tmp_path, settings, parts):
    empty = PassageIndex.create(tmp_path / "empty", EMBEDDER, settings)
    joined = OverlayIndex(parts[1], empty)
    assert np.allclose(
        [s for _, s in found(joined, "ferry dome")], [s for _, s in found(parts[1], "ferry dome")]
    )
    empty.close()


def test_a_restricted_search_is_the_search_within_the_filters(parts):
    joined, _ = parts
    filters = Filters.of(since="2021-03-15")
    with joined.searching(filters) as expected, joined.searching() as search:
        restricted = search.restrict(filters)
        assert restricted.coverage == expected.coverage
        assert [a.id for a in restricted.articles()] == ["own-2"]
        vector = EMBEDDER.embed(["ferry"])[0]
        assert restricted.nearest(vector, 5) == expected.nearest(vector, 5)
        assert restricted.best_words(["ferry"], 5) == expected.best_words(["ferry"], 5)
        assert restricted.n_passages == search.n_passages == 14
