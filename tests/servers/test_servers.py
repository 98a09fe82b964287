"""Many processes on one PostgreSQL and one Milvus; servers that die; writers that are killed."""

import json
import os
import random
import subprocess
import sys
import time

import httpx
import pytest
from engines import postgres
from making import TESTS, make_article
from web.serving import serving

from qa_bot import QABot, Settings
from qa_bot.errors import ConfigError, IndexBusyError, IndexMissingError, IndexStoreError
from qa_bot.index.backup import copy_index
from qa_bot.index.doctor import examine
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

WRITER = TESTS / "crash_writer.py"
QUESTIONS = (
    "Who won the regatta?",
    "When will the bridge over the Orra open?",
    "What did the harbour master say about the storm?",
    "How many homes were flooded?",
    "What is the capital of Mongolia?",
)


@pytest.fixture
def shared(store_url, milvus_server):
    """The settings of one PostgreSQL and one Milvus."""
    return {"store": store_url, "vectors": "milvus", "milvus_uri": milvus_server}


def without_times(answer):
    """An answer's JSON, but for what differs by where and when it was made."""
    return {k: v for k, v in answer.to_dict().items() if k not in ("timings_ms", "index")}


def test_answers_are_the_same_as_from_a_folder(bot, shared, tmp_path):
    there = QABot.build(index=tmp_path / "local", settings=Settings(**shared))
    for question in QUESTIONS:
        for narrowed in ({}, {"as_of": "2031-01-01"}, {"since": "2030-06-01"}):
            here = without_times(bot.ask(question, **narrowed))
            assert without_times(there.ask(question, **narrowed)) == here
    there.close()


def test_two_pages_see_what_a_third_process_adds(shared, tmp_path):
    def add(name, text):
        (tmp_path / f"{name}.txt").write_text(text)
        given = {f"QA_BOT_{key.upper()}": value for key, value in shared.items()}
        command = [sys.executable, "-m", "qa_bot.cli", "add", str(tmp_path / f"{name}.txt")]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | given)

    def ask(address):
        asked = {"question": "Where did the zeppelin land?"}
        return httpx.post(f"{address}/api/ask", json=asked, timeout=60).json()

    QABot.build(index=tmp_path / "one", settings=Settings(**shared)).close()
    with serving(tmp_path / "one", **shared) as one, serving(tmp_path / "two", **shared) as two:
        before = [ask(address) for address in (one, two)]
        add("zeppelin", "The zeppelin landed in Ostmark harbour on Tuesday, the crew said.")
        after = [ask(address) for address in (one, two)]
    assert not any(answer["answered"] for answer in before)
    assert [answer["short"] for answer in after] == ["Ostmark harbour"] * 2
    assert len({answer["index"]["generation"] for answer in after}) == 1


def test_a_copy_goes_to_the_servers_and_back_without_embedding(index, settings, tmp_path):
    index.apply([make_article(f"a{n}", f"Ship {n} came to port {n}.") for n in range(30)])
    index.apply([make_article("a3", "Ship 3 never came.")], remove=["a7", "a29"])
    index.finish()
    source = settings.store or index.folder
    manifest = copy_index(source, tmp_path / "back", 1)
    back = PassageIndex(tmp_path / "back", HashingEmbedder(64), Settings(embedder="hashing-64"))
    query = HashingEmbedder(64).embed(["ship 3 port"])[0]
    with index.searching() as there, back.searching() as here:
        assert here.nearest(query, 40) == there.nearest(query, 40)
        found, expected = (side.best_words(["ship", "never"], 40) for side in (here, there))
        assert [scored.key for scored in found] == [scored.key for scored in expected]
        assert [s.score for s in found] == pytest.approx([s.score for s in expected])
        assert list(here.articles()) == list(there.articles())
        assert here.version("a3", make_article("a3", "Ship 3 came to port 3.").version)
    assert manifest == back.manifest
    back.apply([make_article("new", "A ship of no number.")])  # no key is given twice
    with back.searching() as search:
        assert search.manifest.n_passages == 29
    back.close()
    findings = examine(tmp_path / "back", Settings(embedder="hashing-64"))
    assert not [finding for finding in findings if finding.wrong]


def test_a_copy_into_a_database_is_complete_and_never_over_another(store_url, tmp_path):
    plain = Settings(embedder="hashing-64")
    index = PassageIndex.create(tmp_path / "index", HashingEmbedder(64), plain)
    index.apply([make_article(f"a{n}", f"Ship {n} \x00 came.") for n in range(20)])
    index.close()
    copy_index(tmp_path / "index", store_url, 1)
    with pytest.raises(IndexStoreError, match="is there already"):
        copy_index(tmp_path / "index", store_url, 1)
    there = PassageIndex(
        tmp_path / "local", HashingEmbedder(64), plain.with_changes(store=store_url)
    )
    there.apply([make_article("more", "One more ship.")])
    with there.searching() as search:
        assert search.manifest.n_articles == 21
        assert "\x00" in next(search.articles()).text
    there.close()
    findings = examine(tmp_path / "local", plain.with_changes(store=store_url))
    assert not [finding for finding in findings if finding.wrong]


def test_doctor_names_what_is_wrong_in_the_database(store_url, tmp_path):
    settings = Settings(embedder="hashing-64", store=store_url)
    index = PassageIndex.create(tmp_path, HashingEmbedder(64), settings)
    index.apply([make_article("a"), make_article("b", "Another text of a ship.")])
    with index._store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE articles SET title = 'Changed' WHERE id = 'a'")
    index.close()
    wrong = [str(finding) for finding in examine(tmp_path, settings) if finding.wrong]
    assert wrong == ["WRONG: the article 'a' is not what was stored"]


def test_second_writer_gets_a_clear_error(store_url, tmp_path):
    settings = Settings(embedder="hashing-64", store=store_url, lock_wait_s=0.2)
    one = PassageIndex.create(tmp_path, HashingEmbedder(64), settings)
    other = PassageIndex(tmp_path, HashingEmbedder(64), settings)
    with one._store.writing(1), pytest.raises(IndexBusyError, match="Nothing was changed"):
        other.apply([make_article("x")])
    other.apply([make_article("x")])
    one.close()
    other.close()


def test_wrong_addresses_are_said_without_the_password(database, tmp_path):
    missing = Settings(embedder="hashing-64", store=database.url)
    with pytest.raises(IndexMissingError, match="Build one with"):
        PassageIndex(tmp_path, HashingEmbedder(64), missing)
    for url, error in (
        ("postgresql+psycopg://qa:s3cret@127.0.0.1:1/postgres", IndexStoreError),
        ("mysql://qa:s3cret@127.0.0.1/x", ConfigError),
        ("postgresql+psycopg:qa:s3cret", ConfigError),
    ):
        with pytest.raises(error) as caught:
            PassageIndex(tmp_path, HashingEmbedder(64), Settings(store=url))
        assert "s3cret" not in str(caught.value) + repr(Settings(store=url))


def test_dead_milvus_is_said(store_url, tmp_path):
    settings = Settings(store=store_url, vectors="milvus", milvus_uri="http://127.0.0.1:1")
    with pytest.raises(IndexStoreError, match="Milvus at http://127.0.0.1:1 cannot be used"):
        PassageIndex.create(tmp_path, HashingEmbedder(64), settings)


def test_a_database_that_stops_is_said_and_is_found_again_when_it_is_back(tmp_path):
    with postgres() as server:
        settings = Settings(embedder="hashing-64", store=server.url, lock_wait_s=1)
        index = PassageIndex.create(tmp_path, HashingEmbedder(64), settings)
        index.apply([make_article("a", "The ferry sank.")])
        server.stop("immediate")
        began = time.monotonic()
        for what in (lambda: index.apply([make_article("b")]), lambda: _count(index)):
            with pytest.raises(IndexStoreError, match="What was committed before is safe"):
                what()
        assert time.monotonic() - began < 30
        server.start()
        assert _count(index) == 1
        index.apply([make_article("b")])
        assert _count(index) == 2
        index.close()


def _count(index):
    with index.searching() as search:
        return search.manifest.n_articles


@pytest.mark.slow
def test_no_killed_writer_loses_or_mixes_anything(shared, tmp_path):
    settings = Settings(embedder="hashing-64", **shared)
    given = {f"QA_BOT_{key.upper()}": value for key, value in shared.items()}
    rng, there, n_acknowledged = random.Random(7), set(), 0
    for round_ in range(12):
        child = subprocess.Popen(
            [sys.executable, WRITER, tmp_path / "w", str(round_ * 50 + 1), "50"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | given,
        )  # fmt: skip
        child.stdout.readline()
        time.sleep(rng.uniform(0.05, 1.5))
        child.kill()
        said = child.communicate()[0].split("\n")[:-1]
        n_acknowledged += len(said)
        for what, number in (line.split() for line in said if " " in line):
            (there.add if what == "put" else there.discard)(f"a{number}")
        index = PassageIndex(tmp_path / "r", HashingEmbedder(64), settings)
        with index.searching() as search:
            held = {entry.id for entry in search.entries()}
            nearest = search.nearest(HashingEmbedder(64).embed(["ship"])[0], 4_000)
            assert {
                p.article.id for p in search.passages([s.key for s in nearest]).values()
            } == held
            assert len(nearest) == search.manifest.n_passages
        # Of the last change alone it is not known whether it was committed.
        assert len(held ^ there) <= 1
        there = held
        assert index._store.verify() == []
        index.close()
    assert n_acknowledged > 30


def test_command_line_copies_and_lists(index, settings, tmp_path):
    index.apply([make_article("a"), make_article("b", "Another text.")])
    index.close()
    source = settings.store or str(index.folder)
    command = [sys.executable, "-m", "qa_bot.cli"]
    subprocess.run([*command, "copy", "--from", source, "--to", tmp_path / "copy"], check=True)
    listed = subprocess.run(
        [*command, "list", "--json", "--index", tmp_path / "copy"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert [json.loads(line)["article_id"] for line in listed.stdout.splitlines()] == ["a", "b"]
