import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_article

from qa_bot.datatypes import Passage, Scored
from qa_bot.models.embedder import HashingEmbedder
from qa_bot.retrieval import Query, collapse, fuse, retrieve, with_corrections

EMBEDDER = HashingEmbedder(64)


def hits(index, text, k=5, weight=0.5):
    with index.searching() as search:
        query = Query.of(text, EMBEDDER.embed([text])[0], search)
        return retrieve(search, query, k, weight)


@pytest.fixture
def harbour(index):
    index.apply(
        [
            make_article("ferry", "The ferry to the island sank in the harbour on Tuesday."),
            make_article("bridge", "The council voted to replace the old bridge."),
            make_article("club", "The football club won its last match."),
        ]
    )
    return index


def test_relevant_passage_comes_first(harbour):
    for weight in (0.0, 0.5, 1.0):
        found = hits(harbour, "Which ferry sank?", weight=weight)
        assert found[0].passage.article.id == "ferry"
        assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
        assert [hit.score for hit in found] == sorted((h.score for h in found), reverse=True)


def test_query_syntax_is_treated_as_text(harbour):
    for text in ('"ferry" AND (NEAR', "ferry* OR -", "title:ferry", "' ; DROP TABLE", "^ * ( )"):
        hits(harbour, text)


def test_title_is_searched(index):
    index.apply([make_article("x", "It ran late.", title="Zeppelin news"), make_article("y")])
    assert hits(index, "zeppelin", weight=0.0)[0].passage.article.id == "x"


NOTICE = (
    "Builders have a month to bid.\n\nCorrection: A report said that replacing the Old Span would "
    "cost €14.2 million and carry two lanes. The sum is €12.4 million."
)


@pytest.mark.parametrize(
    ("k", "notice", "places"),
    [
        (6, NOTICE, [4]),
        (3, NOTICE, [2]),
        (1, NOTICE, []),
        (6, NOTICE.replace("14.2", "9").replace("two", "the"), []),
        (6, "Correction: Ann Lee is 14.2 years old.", []),
        (6, "The tender is for €14.2 million and two lanes; the sum would carry it.", []),
    ],
)
def test_notice_that_withdraws_a_number_of_the_best_hits_is_among_the_hits(
    index, k, notice, places
):
    bridge = "The new bridge will cost €14.2 million and carry two lanes of traffic."
    others = ("toll", "rail", "road", "canal", "ferry")
    index.apply(
        [
            make_article("report", bridge, title="A bridge"),
            *(
                make_article(one, f"The {one} bridge is closed.", title="A bridge")
                for one in others
            ),
            make_article("notice", notice, title="Tender"),
        ]
    )
    with index.searching() as search:
        query = Query.of("new bridge", EMBEDDER.embed(["new bridge"])[0], search)
        found = retrieve(search, query, k, 0.0)
        corrected = with_corrections(search, query, found, k)
    assert [hit.rank for hit in corrected] == list(range(1, k + 1))
    assert [i for i, hit in enumerate(corrected) if hit.how == "correction"] == places
    kept = [hit.passage for hit in corrected if hit.how != "correction"]
    assert kept == [hit.passage for hit in found][: len(kept)]


def test_copies_do_not_fill_the_list(index):
    text = " ".join(f"Ship {n} came into the harbour in the night." for n in range(5))
    copies = [make_article(f"copy{n}", f"{text} Outlet {n} says.") for n in range(5)]
    index.apply([*copies, make_article("other", "A ship of another harbour sank.")])
    found = [hit.passage.article.id for hit in hits(index, "ship harbour")]
    assert len(found) == 2 and found[1] == "other"


def test_same_question_gives_the_same_hits(harbour):
    assert hits(harbour, "ferry bridge club") == hits(harbour, "ferry bridge club")


def test_fusion_is_the_weighted_sum():
    dense = [Scored(1, 0.8), Scored(2, 0.6), Scored(3, 0.2)]
    lexical = [Scored(2, 10.0), Scored(4, 5.0)]
    assert fuse(dense, lexical, 0.75) == [
        Scored(2, pytest.approx(0.7)),
        Scored(1, pytest.approx(0.6)),
        Scored(4, pytest.approx(0.275)),
        Scored(3, pytest.approx(0.15)),
    ]


ranking = st.lists(st.floats(0.001, 1), max_size=8).map(
    lambda scores: [Scored(i, s) for i, s in enumerate(sorted(scores, reverse=True))]
)


@given(ranking, ranking, st.floats(0, 1))
def test_fused_scores_lie_between_0_and_1_best_first(dense, lexical, weight):
    fused = [scored.score for scored in fuse(dense, lexical, weight)]
    assert all(0 <= score <= 1 + 1e-9 for score in fused)
    assert fused == sorted(fused, reverse=True)


def test_passages_that_share_a_sentence_are_not_copies():
    text = " ".join(f"Sentence {n} tells what happened on day {n}." for n in range(8))
    article = make_article(text=text)
    half = text.index("Sentence 4")
    parts = [Passage(article, 0, text.index("Sentence 5") - 1), Passage(article, half, len(text))]
    ranked = [(1.0, part) for part in parts]
    assert collapse(ranked, 5) == ranked


STORY = "The ferry sank off the pier on Monday and {} people were saved by boats from the island."


def whole(article_id, text, **known):
    article = make_article(article_id, text, **known)
    return Passage(article, 0, len(text))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"published": "2021-06-17"}, {"published": "2021-06-16"}),
        ({"agency": "Northline"}, {"publisher": "Northline"}),
    ],
    ids=["the earlier", "the agency itself"],
)
def test_original_takes_the_rank_of_its_best_copy(first, second):
    line = f"OSLO, June 16 ({first.pop('agency', 'Wire')}) — "
    known = {"published": "2021-06-16", "publisher": "Wire"}
    copy = whole("copy", line + STORY.format(31), **(known | first))
    original = whole("original", line + STORY.format(31), **(known | second))
    assert collapse([(0.9, copy), (0.4, original)], 5) == [(0.9, original)]


def test_update_with_another_number_is_not_a_copy():
    early, late = whole("a", STORY.format(31)), whole("b", STORY.format(33))
    assert collapse([(0.9, early), (0.8, late)], 5) == [(0.9, early), (0.8, late)]
