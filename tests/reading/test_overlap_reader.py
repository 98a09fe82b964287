import pytest
from making import make_article

from qa_bot.datatypes import Hit, Passage
from qa_bot.models.embedder import HashingEmbedder
from qa_bot.question.question import understand
from qa_bot.reading.overlap_reader import OverlapReader, cover
from qa_bot.retrieval import Query

EMBEDDER = HashingEmbedder(64)


def read(question, *texts, weights=None):
    hits = [
        Hit(Passage(make_article(f"a{n}", text), 0, len(text)), n, 0.8, "fused")
        for n, text in enumerate(texts, start=1)
    ]
    words = tuple(question.lower().split())
    query = Query(EMBEDDER.embed([question])[0], words, weights or {"ferri": 2.0})
    return OverlapReader(EMBEDDER).read(understand(question), query, hits)


def test_sentence_with_the_questions_terms_comes_first():
    evidence = read("the ferry sank", "Rain fell on the whole town. The ferry sank in the bay.")
    assert evidence[0].text == "The ferry sank in the bay."
    assert evidence[0].probability > evidence[1].probability


def test_evidence_is_a_sentence_of_its_article_exactly():
    text = "“Ça va?” said he, on the ferry.\nThe ferry — 😀 — sank in the bay."
    for one in read("the ferry", text):
        assert one.text == one.article.text[one.start : one.end]
        assert one.text in text.split("\n")


def test_sentence_in_two_hits_is_one_piece_of_evidence():
    text = "The ferry sank in the bay. All were saved by noon."
    article = make_article(text=text)
    hits = [
        Hit(Passage(article, 0, len(text)), 1, 0.8, "x"),
        Hit(Passage(article, 0, 26), 2, 0.7, "x"),
    ]
    query = Query(EMBEDDER.embed(["ferry"])[0], ("ferry",), {"ferri": 1.0})
    assert len(OverlapReader(EMBEDDER).read(understand("ferry"), query, hits)) == 2


def test_heading_is_no_evidence_next_to_sentences():
    evidence = read("the ferry", "Ferry news\nThe ferry sank in the bay.")
    assert [one.text for one in evidence] == ["The ferry sank in the bay."]


def test_neighbour_of_the_best_sentence_is_lifted():
    text = "The ferry of the island sank. It was near the pier. Far away a cow stood in a field."
    evidence = read("the ferry of the island sank", text)
    assert [one.text for one in evidence][1] == "It was near the pier."


def test_question_with_unknown_terms_is_less_answerable():
    text = "The ferry sank in the bay."
    known = read("the ferry", text, weights={"ferri": 2.0})[0].probability
    unknown = read("the ferry", text, weights={"ferri": 2.0, "zeppelin": 4.0})[0].probability
    assert unknown < known


def test_probabilities_lie_between_0_and_1():
    assert all(0 <= one.probability <= 1 for one in read("ferry", "One two three four. " * 30))


def test_no_hits_give_no_evidence():
    assert read("ferry") == ()


@pytest.mark.parametrize(
    ("weights", "text", "share"),
    [({"ferri": 3.0, "fare": 1.0}, "Ferries", 0.75), ({}, "Ferries", 0.0), ({"x": 1.0}, "", 0.0)],
)
def test_cover_is_the_share_of_the_weight_in_the_text(weights, text, share):
    assert cover(weights, text) == share
