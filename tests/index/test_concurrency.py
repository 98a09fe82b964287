"""Readers and a writer at once: each answer is of one generation, and no one is refused."""

import subprocess
import sys
import threading

from making import TESTS, make_article

from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

EMBEDDER = HashingEmbedder(64)


def look(index):
    """Search once and check that everything found is of one state."""
    with index.searching() as search:
        held = {article.id for article in search.articles()}
        nearest = search.nearest(EMBEDDER.embed(["ship"])[0], 1000)
        passages = search.passages([scored.key for scored in nearest])
        assert len(nearest) == len(passages) == search.manifest.n_passages
        assert {passage.article.id for passage in passages.values()} == held
        assert len(held) == search.manifest.n_articles
        return search.manifest.generation


def test_readers_see_whole_generations_while_a_writer_commits(index, settings):
    index.apply([make_article("first", "The first ship came in.")])
    readers = [PassageIndex(index.folder, EMBEDDER, settings), index]
    done, failures, seen = threading.Event(), [], [set(), set()]

    def read(number):
        try:
            while not done.is_set():
                seen[number].add(look(readers[number]))
        except Exception as exc:
            failures.append(exc)

    threads = [threading.Thread(target=read, args=(n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for n in range(40):
        index.apply([make_article(f"a{n}", f"Ship {n} came in.")], remove=[f"a{n - 3}"])
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert look(readers[0]) == look(index) == 41
    assert len(seen[0]) > 1
    readers[0].close()


def test_two_writing_processes_lose_nothing(tmp_path):
    writer = TESTS / "crash_writer.py"
    folder = tmp_path / "index"
    subprocess.run([sys.executable, writer, folder, "1", "1"], check=True, capture_output=True)
    children = [
        subprocess.Popen(
            [sys.executable, writer, folder, str(first), "12"], stdout=subprocess.PIPE, text=True
        )
        for first in (100, 200)
    ]
    said = [child.communicate(timeout=60)[0].split("\n") for child in children]
    put = {f"a{line.split()[1]}" for lines in said for line in lines if line.startswith("put")}
    gone = {f"a{line.split()[1]}" for lines in said for line in lines if line.startswith("removed")}
    assert len(put) == 24 and all("end" in lines for lines in said)
    from qa_bot import Settings

    index = PassageIndex(folder, EMBEDDER, Settings(embedder="hashing-64"))
    with index.searching() as search:
        assert {article.id for article in search.articles()} == (put | {"a1"}) - gone
    look(index)
    index.close()
