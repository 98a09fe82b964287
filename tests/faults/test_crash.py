"""Killed at any instant, the index reopens with everything committed and answers from no half."""

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date

import pytest
from kill_points import content, kill_points
from making import TESTS, make_article

from qa_bot import Settings
from qa_bot.errors import IndexMissingError
from qa_bot.filters import Filters
from qa_bot.index import examine
from qa_bot.index.derived_data import Rules
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

WRITER, UPDATER = TESTS / "crash_writer.py", TESTS / "crash_updater.py"
N_RANDOM_KILLS = 60
REPAIR = (
    "import sys; from pathlib import Path; from qa_bot import Settings;"
    "from qa_bot.index import examine;"
    "examine(Path(sys.argv[1]), Settings(embedder='hashing-64'), repair=True)"
)
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")

pytestmark = pytest.mark.slow


class State:
    """What has been acknowledged, and what was only begun."""

    def __init__(self):
        self.there = set()
        self.unsure = set()

    def follow(self, lines, first):
        self.unsure = set()
        number = first
        for line in lines:
            verb, _, argument = line.partition(" ")
            if verb == "put":
                self.there.add(int(argument))
                number = int(argument)
                self.unsure = {number} if number % 3 == 0 else set()
                number += 1
            elif verb == "removed":
                self.there.discard(int(argument))
                self.unsure = set()
        self.unsure.add(number)
        return number


def check(folder, state, word="ship1"):
    """Open the index and find every acknowledged article, by both kinds of search."""
    index = PassageIndex(folder, HashingEmbedder(64), Settings(embedder="hashing-64"))
    with index.searching() as search:
        held = {int(article.id[1:]) for article in search.articles()}
        assert held - state.unsure == state.there - state.unsure
        manifest = search.manifest
        assert manifest.n_articles == len(held)
        nearest = search.nearest(HashingEmbedder(64).embed([word])[0], 100_000)
        passages = search.passages([scored.key for scored in nearest])
        assert len(nearest) == len(passages) == manifest.n_passages
        assert {int(p.article.id[1:]) for p in passages.values()} == held
        for number in random.Random(manifest.generation).sample(sorted(held), min(5, len(held))):
            (first, *_) = search.best_words([f"token{number}"], 3)
            assert search.passages([first.key])[first.key].article.id == f"a{number}"
    index.close()
    return held


def test_killed_at_random_it_loses_nothing_committed(tmp_path):
    folder, state, number = tmp_path / "index", State(), 0
    chance = random.Random(7)
    for kill in range(N_RANDOM_KILLS):
        command = [sys.executable, str(WRITER), str(folder), str(number), "100000"]
        log = tmp_path / "acks"
        with log.open("w") as acks:
            child = subprocess.Popen(command, stdout=acks, stderr=subprocess.DEVNULL)
            # Every tenth is killed while it starts, imports and recovers, three of ten in their
            # first commit or before it, the others after one.
            awaited = "" if not kill % 10 else "open" if kill % 10 < 4 else "put"
            while awaited not in log.read_text():
                time.sleep(0.01)
            time.sleep(chance.uniform(0.01, 0.35))
            child.kill()
            child.wait()
        lines = log.read_text().split("\n")[:-1]  # a half-written line is no acknowledgement
        number = state.follow(lines, number)
        if folder.exists():
            try:
                state.there = check(folder, state)
            except IndexMissingError:
                assert not state.there, "the index is gone, but articles were committed"
    assert len(state.there) > 20


@pytest.fixture
def base(tmp_path):
    """Return a folder with an index of the articles a1 and a2."""
    command = [sys.executable, str(WRITER), str(tmp_path / "base" / "index"), "1", "2"]
    (tmp_path / "base").mkdir()
    subprocess.run(command, check=True, capture_output=True)
    return tmp_path / "base"


@needs_strace
def test_killed_at_every_point_of_one_add_it_loses_nothing(base, tmp_path):
    n_points, half_written = 0, []
    for folder, said in kill_points(base, fresh(tmp_path, "add"), [WRITER, "{}/index", "3", "1"]):
        if (folder / "index" / "store.sqlite3-journal").exists() and not n_points % 25:
            half_written.append((shutil.copytree(folder, tmp_path / f"half{n_points}"), said))
        state = State()
        state.there = {1, 2}
        state.follow(said.split("\n")[:-1], 3)
        check(folder / "index", state)
        n_points += 1
    assert said == "open\nput 3\nremoved 3\nend\n"
    assert n_points > 100
    assert len(half_written) > 3
    recover(half_written[1::2], tmp_path)


def recover(half_written, tmp_path):
    """Open half-written indexes, and look at them after a kill at each point of the recovery."""
    opening = (
        "import sys; from pathlib import Path; from qa_bot.index.store.sqlite import SQLiteStore;"
        "SQLiteStore(Path(sys.argv[1])).close()"
    )
    n_points = 0
    for place, (folder, said) in enumerate(half_written):
        work = fresh(tmp_path, f"recovery{place}")
        for again, _ in kill_points(folder, work, ["-c", opening, "{}/index"]):
            state = State()
            state.there = {1, 2}
            state.follow(said.split("\n")[:-1], 3)
            check(again / "index", state)
            n_points += 1
    assert n_points > 2 * len(half_written)


@needs_strace
def test_killed_at_every_point_of_deriving_again_it_loses_nothing(tmp_path):
    base, n_points = tmp_path / "base", 0
    day, settings = date(2021, 6, 16), Settings(embedder="hashing-64")
    older = Rules(0, times=lambda article: (), shingles=lambda text: frozenset())
    index = PassageIndex.create(base, HashingEmbedder(64), settings, older)
    index.apply([make_article(f"a{n}", f"Token{n} came on June 16, 2021.") for n in range(4)])
    index.finish()
    index.close()
    state, found = State(), set()
    state.there = {0, 1, 2, 3}
    for folder, said in kill_points(base, fresh(tmp_path, "derive"), [UPDATER, "{}"]):
        assert "derived\n".startswith(said)
        check(folder, state, word="token1")
        index = PassageIndex(folder, HashingEmbedder(64), settings)
        for times in range(2):
            with index.searching() as search:
                mentions = len(search.mentions_between(day, day, 9))
            assert mentions == (0 if index.has_older_rules else 4)
            found.add((times, mentions))
            index.derive_again()
        index.close()
        n_points += 1
    assert said == "derived\n"
    assert found == {(0, 0), (0, 4), (1, 4)}
    assert n_points > 50


@needs_strace
def test_killed_at_every_point_of_a_copy_the_copy_is_whole_or_absent(base, tmp_path):
    command = ["-m", "qa_bot.cli", "copy", "--from", "{}/index", "--to", "{}/copied"]
    states, seen = (State(), State()), {False: 0, True: 0}
    for state in states:
        state.there = {1, 2}
    for folder, _ in kill_points(base, fresh(tmp_path, "copying"), command):
        check(folder / "index", states[0])
        there = (folder / "copied").exists()
        if there:
            check(folder / "copied", states[1])
        seen[there] += 1
    assert seen[False] > 10 and seen[True] >= 1


@needs_strace
def test_killed_at_every_point_of_a_repair_the_index_is_the_old_or_the_new(
    base, tmp_path, monkeypatch
):
    monkeypatch.setenv("QA_BOT_EMBEDDER", "hashing-64")
    settings = Settings(embedder="hashing-64")
    with closing(sqlite3.connect(base / "index" / "store.sqlite3")) as connection, connection:
        connection.execute("UPDATE articles SET title = 'Another' WHERE id = 'a1'")
    (base / "index" / "store.seal").unlink()
    command = ["-c", REPAIR, "{}/index"]
    found, looked_at, whole = {"old": 0, "new": 0}, [], State()
    whole.there = {2}
    for folder, _ in kill_points(base, fresh(tmp_path, "repairing"), command):
        if (now := content(folder / "index")) in looked_at:
            continue
        looked_at.append(now)
        before = " ".join(map(str, examine(folder / "index", settings)))
        after = " ".join(map(str, examine(folder / "index", settings, repair=True)))
        is_old = "is damaged" in before
        assert ("lost, read it in again: a1" in after) == is_old
        assert is_old or "1 articles" in before
        found["old" if is_old else "new"] += 1
        check(folder / "index", whole)
    assert found["old"] > 3 and found["new"] >= 2


def fresh(tmp_path, name):
    (tmp_path / name).mkdir()
    return tmp_path / name


def test_unfinished_first_build_is_no_index(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "store.sqlite3").write_bytes(b"")
    with pytest.raises(IndexMissingError):
        PassageIndex(folder, HashingEmbedder(64), Settings(embedder="hashing-64"))
    PassageIndex.create(folder, HashingEmbedder(64), Settings(embedder="hashing-64")).close()
    assert check(folder, State()) == set()


def test_articles_filter_of_a_recovered_index_still_holds(tmp_path):
    folder = tmp_path / "index"
    subprocess.run(
        [sys.executable, str(WRITER), str(folder), "1", "4"], check=True, capture_output=True
    )
    index = PassageIndex(folder, HashingEmbedder(64), Settings(embedder="hashing-64"))
    with index.searching(Filters(articles=("a2",))) as search:
        assert [article.id for article in search.articles()] == ["a2"]
    index.close()
