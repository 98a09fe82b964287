"""The doctor names each problem of an index, and repairs what can be repaired."""

import pytest
from making import make_article

from qa_bot.errors import IndexMissingError
from qa_bot.filters import Filters
from qa_bot.index.doctor import examine
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder


@pytest.fixture
def healthy(index, settings):
    index.apply([make_article(f"a{n}", f"Ship {n} came in. It carried coal.") for n in range(20)])
    index.finish()
    index.close()
    return index.folder


def test_doctor_finds_a_healthy_index_healthy(healthy, settings):
    findings = examine(healthy, settings)
    assert not [finding for finding in findings if finding.wrong]
    assert any("20 articles, 20 passages" in str(finding) for finding in findings)


def test_doctor_makes_an_index_anew_for_another_embedder(healthy, settings):
    other = settings.with_changes(embedder="hashing-32", chunk_tokens=100)
    assert any("hashing-64" in str(finding) for finding in examine(healthy, other))
    examine(healthy, other, repair=True)
    index = PassageIndex(healthy, HashingEmbedder(32), other)
    with index.searching(Filters(articles=("a3",))) as search:
        assert len(search.nearest(HashingEmbedder(32).embed(["ship"])[0], 5)) == 1
    index.close()


def test_repair_keeps_the_chunks_that_an_index_was_made_with(index, settings):
    own = settings.with_changes(chunk_tokens=90, chunk_overlap=0)
    made = PassageIndex.create(index.folder / "own", HashingEmbedder(64), own)
    made.apply([make_article("a", "The ship came in. It carried coal.")])
    made.finish()
    made.close()
    examine(made.folder, settings.with_changes(embedder="hashing-32"), repair=True)
    again = PassageIndex(made.folder, HashingEmbedder(32), settings)
    assert (again.manifest.chunk_tokens, again.manifest.chunk_overlap) == (90, 0)
    again.close()


def test_doctor_makes_the_vectors_file_again(healthy, settings):
    (healthy / "vectors.faiss").write_bytes(b"nonsense")
    assert any("vectors: no usable file" in str(f) for f in examine(healthy, settings))
    examine(healthy, settings, repair=True)
    assert any("vectors: 20 in the file" in str(f) for f in examine(healthy, settings))


def test_doctor_lists_files_that_are_not_the_indexs(healthy, settings):
    (healthy / ".DS_Store").write_text("x")
    assert any(".DS_Store" in str(finding) for finding in examine(healthy, settings))


def test_doctor_of_no_index_says_so(tmp_path, settings):
    with pytest.raises(IndexMissingError):
        examine(tmp_path, settings)


def test_a_repair_brings_older_versions_over(index, settings):
    first, second = make_article("a", "The first text."), make_article("a", "The second text.")
    index.apply([first])
    index.apply([second])
    index.finish()
    index.close()
    other = settings.with_changes(embedder="hashing-32")
    examine(index.folder, other, repair=True)
    again = PassageIndex(index.folder, HashingEmbedder(32), other)
    with again.searching() as search:
        assert [search.version("a", one.version) for one in (first, second)] == [first, None]
    again.close()
