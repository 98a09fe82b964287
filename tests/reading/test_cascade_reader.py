"""The reader of two models: what the large one is given to read, and which reader is chosen."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from qa_bot import QABot
from qa_bot.datatypes import Evidence
from qa_bot.news import with_header
from qa_bot.question import Expects
from qa_bot.reading import reader as reader_module
from qa_bot.reading.cascade_reader import CascadeReader
from qa_bot.reading.reader import load_reader


class _Recorded:
    """A reader that finds evidence of a given probability in each hit and records the hits."""

    name, fingerprint, threshold = "recorded", "ab", 0.15

    def __init__(self, probabilities, weights_with_judge=(), yes_no_weights=()):
        self._probabilities, self.hits = probabilities, ()
        self.weights_with_judge = dict(weights_with_judge)
        self.yes_no_weights = dict(yes_no_weights)

    def read(self, question, query, hits):
        self.hits = tuple(hits)
        found = [
            Evidence(hit, hit.passage.start, hit.passage.end, p)
            for hit, p in zip(hits, self._probabilities, strict=False)
            if p
        ]
        return tuple(sorted(found, key=lambda e: -e.probability))


def read(small, large, hits):
    """Return the evidence of both readers together; they look at no question here."""
    judge = SimpleNamespace(fingerprint="ef")
    return CascadeReader(small, large, judge).read(SimpleNamespace(), SimpleNamespace(), hits)


@pytest.fixture
def hits(bot):
    return bot.search("Who is the mayor of Saltmere?", k=6)


def test_large_reader_reads_the_most_promising_hits_in_the_order_of_retrieval(hits):
    small, large = _Recorded([0.1, 0.0, 0.9, 0.2, 0.0, 0.8]), _Recorded([0.5] * 6)
    found = read(small, large, hits)
    assert small.hits == hits
    assert [hit.rank for hit in large.hits] == [1, 3, 4, 6]
    assert len(found) == 4 and all(e.probability == 0.5 for e in found)


def test_large_reader_also_reads_two_hits_with_a_notice_of_correction(tmp_path):
    notice = "The mill opens.\n\nCorrection: An earlier report gave its price as €9 million."
    rows = [{"id": f"n{n}", "text": notice.replace("9", str(n))} for n in range(3)]
    rows += [{"id": f"m{n}", "text": f"The mill has {n} wheels."} for n in range(4)]
    corpus = tmp_path / "articles.jsonl"
    corpus.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    hits = QABot.build(corpus, tmp_path / "index").search("What about the mill?", k=7)
    has_notice = ["Correction" in hit.passage.text for hit in hits]
    assert has_notice.count(True) == 3
    small, large = _Recorded([0.0 if noticed else 0.5 for noticed in has_notice]), _Recorded([])
    read(small, large, hits)
    assert sum("Correction" in hit.passage.text for hit in large.hits) == 2
    assert len(large.hits) == 6


def test_hits_without_evidence_follow_in_the_order_of_retrieval(hits):
    small, large = _Recorded([0.0] * 5 + [0.3]), _Recorded([])
    read(small, large, hits)
    assert [hit.rank for hit in large.hits] == [1, 2, 3, 6]


class _Judge:
    """Finds a passage to tell the answer with a given probability, and keeps what it read."""

    fingerprint = "ef"

    def __init__(self, told):
        self._told, self.pairs = told, []

    def relations(self, pairs):
        self.pairs += pairs
        return np.array([[self._told, 0.0, 1 - self._told]] * len(pairs))


@pytest.mark.parametrize("told", [0.02, 0.5, 0.98])
def test_judge_of_the_likeliest_passage_weighs_all_evidence(hits, told):
    large = _Recorded([0.3, 0.6, 0.4], {"read": 1.0, "told": 0.5, "bias": 0.0})
    judge = _Judge(told)
    asked = SimpleNamespace(standalone="Who is the mayor?")
    reader = CascadeReader(_Recorded([]), large, judge)
    found = reader.read(asked, SimpleNamespace(), hits[:3])
    ((question, passage),) = judge.pairs
    assert question == "Who is the mayor?" and passage.endswith(hits[1].passage.text)
    assert [e.hit.rank for e in found] == [2, 3, 1]
    odds = 1.5 * (told / (1 - told)) ** 0.5
    likeliest = odds / (1 + odds)
    shares = [1, 0.4 / 0.6, 0.3 / 0.6]
    assert [e.probability for e in found] == pytest.approx([likeliest * one for one in shares])


@pytest.mark.parametrize("probability", [0.01, 0.96])
def test_judge_reads_nothing_where_the_reader_is_sure(hits, probability):
    large = _Recorded([probability], {"read": 1.0, "told": 0.5, "bias": 0.0})
    judge = _Judge(0.01)
    asked = SimpleNamespace(standalone="Who?")
    (found,) = CascadeReader(_Recorded([]), large, judge).read(asked, SimpleNamespace(), hits[:1])
    assert judge.pairs == [] and found.probability == pytest.approx(probability)


def log_odds(probability):
    return math.log(probability / (1 - probability))


def test_sentence_that_the_judge_finds_to_decide_goes_first(hits):
    evidence = _Recorded([0.3, 0.6, 0.4, 0.2, 0.1]).read(None, None, hits[:5])
    large = _Recorded([], yes_no_weights={"told": 1.0, "share": 1.0, "bias": 0.5})
    large.read = lambda *_: evidence

    class Judge(_Judge):
        def relations(self, pairs):
            self.pairs += pairs
            return np.array([[0.1, 0.0, 0.9], [0.0, 0.8, 0.2], [0.0, 0.1, 0.9], [0.0, 0.1, 0.9]])

    judge = Judge(told=0.0)
    asked = SimpleNamespace(standalone="Was it sold?", expects=Expects.YES_NO)
    reader = CascadeReader(_Recorded([]), large, judge)
    found = reader.read(asked, SimpleNamespace(), hits[:5])
    read = [("Was it sold?", with_header(one.text, one.article)) for one in evidence[:4]]
    assert judge.pairs == read  # the fifth is not read, and counts as the least
    assert [e.hit.rank for e in found] == [3, 2, 1, 4, 5]
    shares, told = [4 / 6, 1, 3 / 6, 2 / 6, 1 / 6], [4.0, *[1 / 9] * 4]
    right = [math.log(t * share) + 0.5 for t, share in zip(told, shares, strict=True)]
    assert [log_odds(e.probability) for e in found] == pytest.approx(right)


def test_large_reader_is_the_default_where_it_is_installed(monkeypatch):
    monkeypatch.setattr(reader_module, "prefer_large", lambda: True)
    assert isinstance(load_reader("auto", None), CascadeReader)
    monkeypatch.setattr(reader_module, "prefer_large", lambda: False)
    assert load_reader("auto", None).name == "small-reader-1"


def test_few_hits_are_read_by_the_large_reader_at_once(hits):
    small, large = _Recorded([0.1] * 4), _Recorded([0.5] * 4)
    read(small, large, hits[:4])
    assert small.hits == () and large.hits == tuple(hits[:4])
