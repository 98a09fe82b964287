"""A question and its hits → evidence: where the answer stands, in which sentence, how probable.

A trained model reads the question beside each passage, headed by what is known of its article. It
knows nothing of how an answer is put together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa_bot.datatypes import Article, Evidence, Hit, Passage, Span
from qa_bot.models import CrossEncoder, Window
from qa_bot.news import SEPARATOR, is_order, passage_header, speaker_of
from qa_bot.question import Question
from qa_bot.retrieval import Query
from qa_bot.text import split_sentences

_LONGEST_SPAN = 40  # pieces
_SPANS = 3  # places looked at in a passage, each in a sentence of its own
_STARTS = 12  # best beginnings tried
_EDGES = " \t\n\r,;:.!?\"“”'’‘«»()[]–—-"


@dataclass(frozen=True, slots=True)
class Finding:
    """A span of a context that may answer.

    Attributes:
        start, end: characters of the context.
        margin: the model's score of the span over that of "not in this passage".
        logit: log odds, calibrated, that the span answers; more is added for its passage.
    """

    start: int
    end: int
    margin: float
    logit: float


class SpanReader:
    """The trained reader: an answer span and the log odds that the passage answers."""

    def __init__(self, folder: Path, name: str) -> None:
        """Load the model in a folder.

        Raises:
            ModelError: the model is damaged, or weights that it builds on are missing.
        """
        self.name = name
        self._model = CrossEncoder(folder)
        self.fingerprint = self._model.fingerprint
        weights = {"margin": 0.5, "hit": 0.0, "bias": 0.0}
        self._weights: dict[str, float] = self._model.config.get("calibration", weights)
        self.threshold = float(self._model.config.get("threshold", 0.5))

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence, most probable first, ties by rank of the hit and position."""
        headers = [passage_header(hit.passage) for hit in hits]
        contexts = [
            f"{head}\n{hit.passage.text}" if head else hit.passage.text
            for head, hit in zip(headers, hits, strict=True)
        ]
        found: list[Evidence] = []
        for hit, head, findings in zip(
            hits, headers, self.find([(question.standalone, c) for c in contexts]), strict=True
        ):
            raised = self._weights["hit"] * hit.score
            found += _evidence(hit, len(head) + 1 if head else 0, findings, raised)
        found.sort(key=lambda e: (-e.probability, e.hit.rank, e.start))
        # A sentence that two passages share counts once.
        best = {(e.article.id, e.start, e.end): e for e in reversed(found)}
        return tuple(e for e in found if best[e.article.id, e.start, e.end] is e)

    def find(self, pairs: Sequence[tuple[str, str]]) -> list[list[Finding]]:
        """Return what may answer each question in its context, most probable first.

        Args:
            pairs: question and context.
        """
        read = self._model.read(pairs)
        return [
            sorted(
                (finding for window in windows for finding in self._spans(context, window)),
                key=lambda f: (-f.logit, f.start),
            )
            for (_, context), windows in zip(pairs, read, strict=True)
        ]

    def _spans(self, context: str, window: Window) -> Iterator[Finding]:
        """Yield the best spans of a window that do not overlap."""
        starts, ends = window.pieces[:, 0], window.pieces[:, 1]
        null = float(window.first[0] + window.first[1])
        taken: list[tuple[int, int]] = []
        for score, i, j in _best(starts, ends):
            if any(i <= last and first <= j for first, last in taken):
                continue
            taken.append((i, j))
            start, end = _whole_words(context, int(window.offsets[i, 0]), int(window.offsets[j, 1]))
            margin = score - null
            logit = self._weights["margin"] * margin + self._weights["bias"]
            yield Finding(start, end, margin, logit)
            if len(taken) == _SPANS:
                break


def _best(starts: np.ndarray, ends: np.ndarray) -> list[tuple[float, int, int]]:
    """Return spans of pieces with their scores, best first."""
    spans = []
    for i in np.argsort(-starts, kind="stable")[:_STARTS]:
        stop = ends[i : i + _LONGEST_SPAN]
        for j in np.argsort(-stop, kind="stable")[:2]:
            spans.append((float(starts[i] + stop[j]), int(i), int(i + j)))
    return sorted(spans, key=lambda s: (-s[0], s[1], s[2]))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span widened to whole words, without signs around it.

    >>> text = 'He said “ferries, too” on Monday.'
    >>> text[slice(*_whole_words(text, 8, 14))]
    'ferries'
    """
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1 : end].isalnum():
        end += 1
    while start < end - 1 and text[start] in _EDGES:
        start += 1
    while end - 1 > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _evidence(
    hit: Hit, moved: int, findings: Sequence[Finding], raised: float
) -> Iterator[Evidence]:
    """Yield the best finding of each sentence; contexts begin ``moved`` before their passage."""
    passage = hit.passage
    sentences = split_sentences(passage.article.text, passage.start, passage.end)
    seen: set[Span] = set()
    for finding in findings:
        shift = passage.start - moved
        place = Span(finding.start + shift, finding.end + shift)
        found = (_around(sentences, place), place, None)
        sentence, answer, stated = _in_header(passage, finding) if finding.start < moved else found
        if stated and finding.end <= len(_title(passage.article)):
            continue  # the headline is no part of the text: what says the same in it is found there
        if sentence and is_order(passage.article.text, sentence):
            continue
        if sentence and sentence not in seen:
            seen.add(sentence)
            speaker = speaker_of(passage.article.text, sentence) if not stated else None
            probability = sigmoid(finding.logit + raised)
            yield Evidence(hit, *sentence, probability, answer, stated, speaker)


def _in_header(passage: Passage, finding: Finding) -> tuple[Span, Span | None, str | None]:
    """Return the sentence to cite, and the answer's place in it or what is stated instead.

    An answer that runs over two parts of the header ends with the first.
    """
    article, head = passage.article, passage_header(passage)
    end = min(finding.end, (head + SEPARATOR).index(SEPARATOR, finding.start))
    title = _title(article)
    start = article.text.find(title) if title else -1
    if start < 0:
        return split_sentences(article.text)[0], None, head[finding.start : end]
    line = Span(start, start + len(title))
    if end <= len(title):  # a headline is quoted like any other words
        return line, Span(start + finding.start, start + end), None
    return line, None, head[finding.start : end]


def _title(article: Article) -> str:
    return " ".join(article.title.split())


def _around(sentences: Sequence[Span], answer: Span) -> Span | None:
    """Return the sentence that an answer is in, or the sentences that it runs over."""
    over = [s for s in sentences if s.start < answer.end and s.end > answer.start]
    return Span(over[0].start, over[-1].end) if over else None


def sigmoid(logit: float) -> float:
    """Return 1 / (1 + e^−x), for any x."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
