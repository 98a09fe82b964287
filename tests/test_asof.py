"""An answer as of a day has nothing that was published later."""

import random
from datetime import date, timedelta

import pytest
from making import make_article

from qa_bot import QABot, Settings
from qa_bot.index.collection import Collection
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

PLACES = [
    "Alder",
    "Birk",
    "Cove",
    "Dorn",
    "Elm",
    "Firth",
    "Glen",
    "Holm",
    "Isle",
    "Kirk",
    "Lund",
    "Moss",
]
THINGS = [
    "bridge",
    "ferry",
    "school",
    "harbour",
    "mill",
    "tram",
    "market",
    "station",
    "library",
    "museum",
]
DID = ["opened", "closed", "burned", "flooded", "reopened", "moved"]
FIRST = date(2015, 1, 1)


def article(number, chance):
    """Return an article with a story, sometimes a copy of an earlier one under another title."""
    day = FIRST + timedelta(days=chance.randrange(3000))
    place, thing, did = chance.choice(PLACES), chance.choice(THINGS), chance.choice(DID)
    text = (
        f"The {thing} of {place} {did} on {day:%A}. {chance.randrange(9000)} people came. "
        f"Mayor {chance.choice(PLACES)}son said that the {thing} had {did} before this year."
    )
    return make_article(f"n{number}", text, title=f"{place} {thing}", published=day.isoformat())


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    chance = random.Random(5)
    made = [article(number, chance) for number in range(900)]
    for number in range(900, 1000):
        original = chance.choice(made[:900])
        later = original.published.day + timedelta(days=chance.randrange(1, 900))
        known = {"title": f"Again {original.title}", "published": later.isoformat()}
        made.append(make_article(f"n{number}", original.text * 2, **known))
    settings, embedder = Settings(reader="none"), HashingEmbedder(128)
    index = PassageIndex.create(tmp_path_factory.mktemp("asof") / "i", embedder, settings)
    bot = QABot(Collection(index, embedder, settings))
    bot.add(made)
    yield bot
    bot.close()


def days_in(form):
    """Yield every publication date in an answer's JSON."""
    if isinstance(form, dict):
        for name, value in form.items():
            if name == "published" and value:
                yield date.fromisoformat(value)
            yield from days_in(value)
    elif isinstance(form, list):
        for one in form:
            yield from days_in(one)


def test_500_answers_have_nothing_later(bot):
    chance = random.Random(6)
    published = {entry.id: entry.published.day for entry in bot.entries()}
    seen = 0
    for _ in range(500):
        as_of = FIRST + timedelta(days=chance.randrange(-50, 3100))
        place, thing, did = chance.choice(PLACES), chance.choice(THINGS), chance.choice(DID)
        question = chance.choice(
            [
                f"When was the {thing} of {place} {did}?",
                f"What happened with the {thing} of {place} last month?",
                f"What happened at the {thing} between {as_of.year - 1} and {as_of.year + 3}?",
                f"What is the latest on the {thing}?",
                f"Who said the {thing} of {place} had {did}?",
            ]
        )
        answer = bot.ask(question, as_of=as_of)
        days = [*days_in(answer.to_dict()), *(published[h.passage.article.id] for h in answer.hits)]
        assert max(days, default=as_of) <= as_of
        assert answer.coverage.last is None or answer.coverage.last <= as_of
        seen += answer.answered
    assert seen > 100
