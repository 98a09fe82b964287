"""Times and copies derived by older rules: found meanwhile, derived again without embedding."""

from datetime import date

import pytest
from making import make_article

from qa_bot.index.build import build_index
from qa_bot.index.derived_data import RULES, RULES_VERSION, Rules
from qa_bot.index.doctor import examine
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import TimeMention
from qa_bot.models.embedder import HashingEmbedder

STORY = " ".join(f"The {n} crews of pier {n} met the mayor of town {n}." for n in range(8))
ARTICLES = [
    make_article("wire", f"{STORY} It sank on Wednesday.", published="2021-06-17"),
    make_article("other", "It sank on June 16, the coast guard said.", published="2021-06-20"),
    make_article("copy", f"{STORY} So it was.", published="2021-06-18"),
]
NEW_YEAR = TimeMention(0, 2, date(2021, 1, 1), date(2021, 1, 1), "day")
OLDER = Rules(0, times=lambda article: (NEW_YEAR,), shingles=lambda text: frozenset())


class NoEmbedder(HashingEmbedder):
    """The same embedder, which must not be asked to embed anything."""

    def embed(self, texts, progress=None):
        raise AssertionError("nothing may be embedded")


def opened(index, settings, rules=RULES):
    return PassageIndex(index.folder, NoEmbedder(64), settings, rules)


def mentions(index, month):
    with index.searching() as search:
        keys = search.mentions_between(date(2021, month, 1), date(2021, month, 28), 9)
        found = search.passages(keys)
        return [found[key].article.id for key in keys]


def copies(index):
    with index.searching() as search:
        ids = [entry.id for entry in search.entries()]
        return {one: [e.id for e in others] for one, others in search.copies(ids).items()}


OLD_STATE = (["wire", "other", "copy"], [], {})
NEW_STATE = ([], ["other", "wire"], {"copy": ["wire"], "wire": ["copy"]})


def state(index):
    """The articles that mention January, those that mention June, and the copies."""
    return mentions(index, 1), mentions(index, 6), copies(index)


@pytest.fixture
def older(tmp_path, settings):
    """An index that older rules derived."""
    index = PassageIndex.create(tmp_path / "index", HashingEmbedder(64), settings, OLDER)
    index.apply(ARTICLES)
    index.finish()
    yield index
    index.close()


def forget_rules(index):
    """Make the index one of the format before rules had versions."""
    with index._store.writing() as transaction:
        transaction._connection.exec_driver_sql("DELETE FROM manifest WHERE key = 'rules_version'")
    index.finish()


@pytest.mark.parametrize("before", [lambda index: None, forget_rules], ids=["0", "none"])
def test_derived_again_without_embedding(older, settings, before):
    before(older)
    index = opened(older, settings)
    assert state(index) == OLD_STATE
    with index.searching() as search:
        keys = [scored.key for scored in search.best_words(["mayor"], 9)]
    assert index.derive_again()
    assert state(index) == state(older) == NEW_STATE
    assert index.manifest.rules_version == RULES_VERSION
    with index.searching() as search:
        assert [scored.key for scored in search.best_words(["mayor"], 9)] == keys
    assert not index.derive_again()
    assert index._store.verify() == []
    index.close()


def test_same_as_an_index_that_was_made_by_the_new_rules(older, settings):
    chain = [make_article(f"n{n}", STORY[n * 40 : n * 40 + 200]) for n in range(6)]
    older.apply(chain, remove=["wire"])
    index = opened(older, settings)
    index.derive_again()
    derived = state(index)
    index.apply(remove=[article.id for article in (*ARTICLES, *chain)])
    fresh = PassageIndex(index.folder, HashingEmbedder(64), settings)
    fresh.apply([*ARTICLES[1:], *chain])
    assert state(fresh) == derived
    fresh.close()
    assert set(derived[2]) == {"copy", *(article.id for article in chain)}
    index.close()


def test_build_derives_again_first(older, settings, tmp_path):
    (tmp_path / "articles").mkdir()
    index = opened(older, settings)
    build_index(index, [tmp_path / "articles"], settings)
    assert state(index) == NEW_STATE
    index.close()


def test_doctor_names_older_rules_and_repairs_them(older, settings):
    older.close()
    line = (
        "ok: times and copies: derived by older rules (version 0); the next qa-bot build, or "
        "qa-bot doctor --repair, derives them again"
    )
    said = [str(finding) for finding in examine(older.folder, settings)]
    assert line in said
    mended = [str(finding) for finding in examine(older.folder, settings, repair=True)]
    assert (
        f"ok: times and copies: derived again by today's rules (version {RULES_VERSION})" in mended
    )
    again = [str(finding) for finding in examine(older.folder, settings)]
    assert [line for line in again if "times and copies" in line or "WRONG" in line] == []
    index = opened(older, settings)
    assert state(index) == NEW_STATE
    index.close()


def test_articles_put_before_that_get_their_times_at_once_and_their_copies_then(older, settings):
    index = PassageIndex(older.folder, HashingEmbedder(64), settings)
    index.apply([make_article("late", f"{STORY} Late.", published="2021-06-30")])
    assert index.manifest.rules_version == 0
    assert copies(index) == {}
    index.derive_again()
    assert copies(index)["late"] == ["wire", "copy"]
    index.close()


def test_stopped_midway_it_goes_on_answering_and_starts_over(older, settings):
    older.apply([make_article(f"n{n:03}", f"Ship {n} came on June 16.") for n in range(230)])
    seen = []

    def stop(article):
        seen.append(article.id)
        if len(seen) == 220:
            raise KeyboardInterrupt
        return RULES.times(article)

    index = opened(older, settings, Rules(times=stop))
    with pytest.raises(KeyboardInterrupt):
        index.derive_again()
    index.close()
    index = opened(older, settings)
    assert index.has_older_rules
    assert index._store.verify() == []
    with index.searching() as search:
        assert search.manifest.n_articles == 233
        assert len(search.mentions_between(date(2021, 1, 1), date(2021, 1, 1), 999)) == 33
    assert index.derive_again()
    assert state(index) == NEW_STATE
    index.close()


def test_older_program_leaves_newer_rules_to_be_derived_again(index, settings):
    newer = Rules(RULES_VERSION + 1)
    other = PassageIndex(index.folder, HashingEmbedder(64), settings, newer)
    other.apply(ARTICLES[:1])
    assert other.derive_again()
    assert not index.derive_again()
    index.apply(ARTICLES[1:])
    assert other.derive_again()
    assert state(other) == NEW_STATE
    other.close()
