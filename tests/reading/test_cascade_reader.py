"""The reader of two models: what the large one is given to read, and which reader is chosen."""

import logging
from types import SimpleNamespace

import pytest

from qa_bot.datatypes import Evidence
from qa_bot.reading import reader as reader_module
from qa_bot.reading.cascade_reader import CascadeReader
from qa_bot.reading.reader import load_reader


class _Recorded:
    """A reader that finds evidence of a given probability in each hit and records the hits."""

    name, fingerprint, threshold = "recorded", "ab", 0.15

    def __init__(self, probabilities):
        self._probabilities, self.hits = probabilities, ()

    def read(self, question, query, hits):
        self.hits = tuple(hits)
        found = [
            Evidence(hit, hit.passage.start, hit.passage.end, p)
            for hit, p in zip(hits, self._probabilities, strict=False)
            if p
        ]
        return tuple(sorted(found, key=lambda e: -e.probability))


@pytest.fixture
def hits(bot):
    return bot.search("Who is the mayor of Saltmere?", k=6)


def test_large_reader_reads_the_most_promising_hits_in_the_order_of_retrieval(hits):
    small, large = _Recorded([0.1, 0.0, 0.9, 0.2, 0.0, 0.8]), _Recorded([0.5] * 6)
    found = CascadeReader(small, large).read(SimpleNamespace(), SimpleNamespace(), hits)
    assert small.hits == hits
    assert [hit.rank for hit in large.hits] == [1, 3, 4, 6]
    assert len(found) == 4 and all(e.probability == 0.5 for e in found)


def test_hits_without_evidence_follow_in_the_order_of_retrieval(hits):
    small, large = _Recorded([0.0] * 5 + [0.3]), _Recorded([])
    CascadeReader(small, large).read(SimpleNamespace(), SimpleNamespace(), hits)
    assert [hit.rank for hit in large.hits] == [1, 2, 3, 6]


def test_small_reader_answers_where_the_large_one_is_missing_and_names_the_remedy(caplog):
    reader_module._name_remedy.cache_clear()
    with caplog.at_level(logging.WARNING, logger="qa_bot"):
        assert load_reader("auto", None).name == "small-reader-1"
        assert load_reader("auto", None).name == "small-reader-1"
    assert [record.message.count("pip install 'qa-bot[large]'") for record in caplog.records] == [1]


def test_large_reader_is_the_default_where_it_is_installed(monkeypatch):
    monkeypatch.setattr(reader_module, "has_large", lambda: True)
    assert isinstance(load_reader("auto", None), CascadeReader)
