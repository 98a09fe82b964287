"""Killed at any instant, the index reopens with everything committed and answers from no half."""

import random
import shutil
import subprocess
import sys
import time
from datetime import date

import pytest
from making import TESTS, make_article

from qa_bot import Settings
from qa_bot.errors import IndexMissingError
from qa_bot.filters import Filters
from qa_bot.index.derived_data import Rules
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

WRITER, UPDATER = TESTS / "crash_writer.py", TESTS / "crash_updater.py"
N_RANDOM_KILLS = 60
MUTATING = "write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,ftruncate,openat"

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


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_killed_at_every_system_call_of_one_add_it_loses_nothing(tmp_path):
    base = tmp_path / "base"
    subprocess.run(
        [sys.executable, str(WRITER), str(base), "1", "2"], check=True, capture_output=True
    )
    folder, n_points = tmp_path / "index", 0
    for said in killed_at_every_call(base, folder, [WRITER, folder, "3", "1"]):
        state = State()
        state.there = {1, 2}
        state.follow(said.split("\n")[:-1], 3)
        check(folder, state)
        n_points += 1
    assert "end" in said
    assert n_points > 20


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_killed_at_every_system_call_of_deriving_again_it_loses_nothing(tmp_path):
    base, folder, n_points = tmp_path / "base", tmp_path / "index", 0
    day, settings = date(2021, 6, 16), Settings(embedder="hashing-64")
    older = Rules(0, times=lambda article: (), shingles=lambda text: frozenset())
    index = PassageIndex.create(base, HashingEmbedder(64), settings, older)
    index.apply([make_article(f"a{n}", f"Token{n} came on June 16, 2021.") for n in range(4)])
    index.finish()
    index.close()
    state, found = State(), set()
    state.there = {0, 1, 2, 3}
    for said in killed_at_every_call(base, folder, [UPDATER, folder]):
        assert said in ("", "derived\n")
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
    assert n_points > 20


def killed_at_every_call(base, folder, command):
    """Yield what a program said, killed at each of its system calls in turn; at last, at none."""
    for point in range(1, 1000):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
        inject = f"inject={MUTATING}:signal=KILL:when={point}"
        child = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(folder)]
            + [f"--trace-path={folder / name}" for name in FILES]
            + ["-e", f"trace={MUTATING}", "-e", inject]
            + [sys.executable, *map(str, command)],
            capture_output=True,
            text=True,
            check=False,
        )
        yield child.stdout
        if child.returncode == 0:
            print(f"killed at {point - 1} points")
            return
    raise AssertionError("the program was killed every time")


FILES = (
    "store.sqlite3",
    "store.sqlite3-journal",
    "store.seal",
    "vectors.faiss",
    "writer.lock",
    "writer.pid",
)


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
