"""A changed byte in any file is noticed before use; the doctor names it and mends what it can."""

import random
import shutil

import pytest
from making import make_article

from qa_bot.errors import IndexCorruptError, IndexMissingError, IndexStoreError
from qa_bot.index.catalogue import list_articles
from qa_bot.index.doctor import examine
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

N_FLIPS = 150


@pytest.fixture
def healthy(index, settings):
    index.apply([make_article(f"a{n}", f"Ship {n} came in. It carried coal.") for n in range(20)])
    index.finish()
    index.close()
    return index.folder


def answers(folder, settings):
    """Everything that a question could draw on, or the error that stops it."""
    try:
        index = PassageIndex(folder, HashingEmbedder(64), settings)
    except IndexStoreError as exc:
        return type(exc)
    with index.searching() as search:
        texts = [(article.id, article.title, article.text) for article in search.articles()]
        nearest = search.nearest(HashingEmbedder(64).embed(["ship 3 coal"])[0], 10)
        words = search.best_words(["ship", "coal"], 10)
        spans = {k: (p.start, p.end) for k, p in search.passages([s.key for s in nearest]).items()}
    index.close()
    return texts, nearest, words, spans


@pytest.mark.parametrize("name", ["store.sqlite3", "vectors.faiss", "store.seal"])
@pytest.mark.parametrize("damage", ["flip", "cut", "zero tail"])
def test_no_damage_changes_an_answer(healthy, settings, tmp_path, name, damage):
    expected = answers(healthy, settings)
    data = (healthy / name).read_bytes()
    chance = random.Random(f"{name}{damage}")
    for _ in range(N_FLIPS if damage == "flip" else 15):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(healthy, copy)
        at = chance.randrange(len(data))
        changed = bytearray(data)
        if damage == "flip":
            changed[at] ^= 1 << chance.randrange(8)
        elif damage == "cut":
            changed = changed[:at]
        else:
            changed[at:] = bytes(len(data) - at)
        (copy / name).write_bytes(changed)
        found = answers(copy, settings)
        if name == "store.sqlite3" and bytes(changed) != data:
            assert found in (IndexCorruptError, IndexMissingError, IndexStoreError)
        else:  # a derived file is made again, with the same answers
            assert found == expected


def test_error_names_the_file_and_the_remedy(healthy, settings):
    data = bytearray((healthy / "store.sqlite3").read_bytes())
    data[-100] ^= 1
    (healthy / "store.sqlite3").write_bytes(data)
    with pytest.raises(IndexCorruptError) as caught:
        PassageIndex(healthy, HashingEmbedder(64), settings)
    assert str(healthy / "store.sqlite3") in str(caught.value)
    assert f"qa-bot doctor --repair --index {healthy}" in str(caught.value)


def test_doctor_saves_the_whole_articles_of_a_damaged_store(healthy, settings):
    path = healthy / "store.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"Ship 7 came in.", b"Ship 9 came in.", 1))
    assert any(finding.wrong for finding in examine(healthy, settings))
    mended = examine(healthy, settings, repair=True)
    assert [str(f) for f in mended if f.wrong] == ["WRONG: lost, read it in again: a7 (None)"]
    assert [row["article_id"] for row in list_articles(healthy)] == sorted(
        f"a{n}" for n in range(20) if n != 7
    )
    assert not [finding for finding in examine(healthy, settings) if finding.wrong]


def test_articles_before_the_cut_of_a_store_are_saved(healthy, settings):
    path = healthy / "store.sqlite3"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 19 // 20])
    mended = examine(healthy, settings, repair=True)
    lost = [str(finding) for finding in mended if finding.wrong]
    saved = {row["article_id"] for row in list_articles(healthy)}
    assert saved and saved <= {f"a{n}" for n in range(20)}
    assert len(lost) >= 20 - len(saved)
    assert not any(".healthy-repair" in message for message in lost)
    assert not [finding for finding in examine(healthy, settings) if finding.wrong]


def test_repair_keeps_the_old_store(healthy, settings):
    path = healthy / "store.sqlite3"
    data = bytes(16) + path.read_bytes()[16:]
    path.write_bytes(data)
    findings = [str(finding) for finding in examine(healthy, settings, repair=True)]
    assert any("store.sqlite3.old-1" in finding for finding in findings)
    assert any("no database any more" in finding for finding in findings)
    assert (healthy / "store.sqlite3.old-1").read_bytes() == data


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE articles SET published = '2021-6x-01' WHERE id = 'a3'",
        "UPDATE articles SET last_day = '1999-01-01' WHERE id = 'a3'",
        "UPDATE articles SET title = 'Another' WHERE id = 'a3'",
        "UPDATE passages SET start = start + 1 WHERE key = 3",
        "UPDATE embeddings SET vector = zeroblob(256)",
    ],
)
def test_changed_row_is_noticed_without_the_seal(healthy, settings, change):
    import sqlite3

    with sqlite3.connect(healthy / "store.sqlite3") as connection:
        connection.execute(change)
    connection.close()
    (healthy / "store.seal").unlink()
    with pytest.raises(IndexCorruptError):
        PassageIndex(healthy, HashingEmbedder(64), settings)
    examine(healthy, settings, repair=True)
    assert not [finding for finding in examine(healthy, settings) if finding.wrong]
