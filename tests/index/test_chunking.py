from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from making import make_article

from qa_bot.index.chunking import Budget, chunk
from qa_bot.index.passage_text import embedded_text
from qa_bot.models.embedder import HashingEmbedder
from qa_bot.text.tokens import count_tokens

EMBEDDER = HashingEmbedder()


def budget(tokens=40, pieces=60, overlap=1):
    return Budget(tokens, pieces, overlap, EMBEDDER.count_pieces)


PROSE = " ".join(f"Sentence number {n} says that {n} ships came in." for n in range(30))


def test_passages_are_whole_sentences_within_the_budget():
    passages = chunk(make_article(text=PROSE), budget())
    assert len(passages) > 5
    for passage in passages:
        assert passage.text.startswith("Sentence") and passage.text.endswith("came in.")
        assert count_tokens(passage.text) <= 40


def test_neighbours_share_one_sentence():
    first, second, *_ = chunk(make_article(text=PROSE), budget())
    assert second.start < first.end
    assert first.text.endswith(PROSE[second.start : first.end])
    assert PROSE[second.start : first.end].count("Sentence") == 1


def test_no_sentence_is_shared_without_overlap():
    passages = chunk(make_article(text=PROSE), budget(overlap=0))
    assert all(a.end <= b.start for a, b in pairwise(passages))


def test_passage_is_never_longer_than_the_embedder_can_see():
    text = "ой-ой-ой " * 400
    passages = chunk(make_article(text=text, title="A long heading " * 20), budget(200, 60))
    longest = max(EMBEDDER.count_pieces([embedded_text(p) for p in passages]))
    assert longest <= 60


def test_boilerplate_and_repeats_are_in_no_passage():
    rain = "Rain fell on the whole of the town for all of the long day."
    text = f"All news\n{rain}\nRelated materials:\nThe sun.\n"
    passages = chunk(make_article(text=text * 2), budget())
    joined = " ".join(passage.text for passage in passages)
    assert "All news" not in joined and "Related" not in joined
    assert joined.count("Rain fell") == 1


def test_heading_is_embedded_once():
    article = make_article(title="Ferry runs again", text="Ferry runs again\n\nIt ran on Monday.")
    (passage,) = chunk(article, budget())
    assert embedded_text(passage).count("Ferry runs again") == 1


def test_word_without_end_is_cut():
    passages = chunk(make_article(text="a" * 5000), budget())
    assert sum(len(passage.text) for passage in passages) == 5000
    assert all(count_tokens(passage.text) <= 40 for passage in passages)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=1500))
def test_passages_hold_every_word_in_order_for_any_text(text):
    article = make_article(text=text, title="")
    passages = chunk(article, Budget(30, 40, 1, EMBEDDER.count_pieces))
    starts = [passage.start for passage in passages]
    assert starts == sorted(starts)
    held = set()
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert count_tokens(passage.text) <= 30 or len(passage.text) == 1
        held.update(range(passage.start, passage.end))
    from qa_bot.news.boilerplate import find_boilerplate, repeats
    from qa_bot.text.sentences import split_sentences

    spans, begin = [], 0
    for span in (*find_boilerplate(text), None):
        spans += split_sentences(text, begin, span.start if span else len(text))
        held.update(range(*span) if span else ())
        begin = span.end if span else begin
    for span in repeats(text, spans):
        held.update(range(*span))
    assert not "".join(c for i, c in enumerate(text) if i not in held).strip()
