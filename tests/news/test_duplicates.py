"""Copies of a wire story: recognised as articles come, forgotten as articles go."""

import random
from datetime import date
from itertools import permutations

import pytest
from making import make_article

from qa_bot.filters import Filters
from qa_bot.news.duplicates import is_copy, runs

WORDS = [
    a + b
    for a in ["ba", "co", "di", "fu", "ge", "ha", "jo", "ki", "lu", "mo"]
    for b in ["lan", "ster", "vik", "ro", "dem", "pult", "sin", "gar"]
]


def story(seed, n=12):
    """Sentences of invented words: two seeds share hardly a shingle."""
    chance = random.Random(seed)
    return [f"{' '.join(chance.choices(WORDS, k=14))}.".capitalize() for _ in range(n)]


def edited(sentences, every):
    """The sentences with every n-th word changed."""
    said = " ".join(sentences).split()
    return " ".join("other" if i % every == every - 1 else word for i, word in enumerate(said))


ORIGINAL = story(1)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(ORIGINAL[:4]),
        " ".join(random.Random(2).sample(ORIGINAL, 12)),
        " ".join([*story(3, 4), *ORIGINAL[:6]]),
        edited(ORIGINAL, 25),
    ],
    ids=["cut", "re-ordered", "with an own lead", "edited"],
)
def test_a_changed_copy_is_a_copy(text):
    assert is_copy(runs(" ".join(ORIGINAL)), runs(text))


@pytest.mark.parametrize(
    "text",
    [" ".join(story(4)), " ".join([*story(5, 10), *ORIGINAL[:2]]), "Too short to tell.", ""],
    ids=["another story", "a shared background", "short", "empty"],
)
def test_another_story_is_no_copy(text):
    assert not is_copy(runs(" ".join(ORIGINAL)), runs(text))


def clusters(index, filters=Filters()):
    with index.searching(filters) as search:
        ids = [entry.id for entry in search.entries()]
        copies = search.copies(ids)
    return {frozenset([one, *(e.id for e in others)]) for one, others in copies.items()}


ARTICLES = [
    make_article("wire", " ".join(ORIGINAL), published="2021-06-16"),
    make_article("cut", " ".join(ORIGINAL[:5]), published="2021-06-17"),
    make_article("tail", " ".join(ORIGINAL[7:]), published="2021-06-18"),
    make_article("other", " ".join(story(4)), published="2021-06-16"),
]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_clusters_are_the_same_in_whatever_order_and_batches_articles_come(index, order):
    for number in order:
        index.apply([ARTICLES[number]])
    assert clusters(index) == {frozenset({"wire", "cut", "tail"})}


def test_articles_that_only_a_removed_one_held_together_go_apart(index):
    index.apply(ARTICLES)
    index.apply(remove=["wire"])
    assert clusters(index) == set()
    index.apply([ARTICLES[0]])
    assert clusters(index) == {frozenset({"wire", "cut", "tail"})}


def test_copies_after_the_day_asked_about_are_not_known(index):
    index.apply(ARTICLES)
    assert clusters(index, Filters(as_of=date(2021, 6, 17))) == {
        frozenset({"wire", "cut"}), frozenset({"tail", "wire", "cut"}),
    }  # fmt: skip
