"""Find evidence with a trained model: the span of an answer, its sentence and its probability.

The model reads the question together with each passage and the header of its article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.grounding import SupportJudge
from qa_bot.models import CrossEncoder, Window, sigmoid
from qa_bot.news import (
    SEPARATOR,
    after_dateline,
    is_instruction,
    passage_header,
    speaker_of,
    with_header,
)
from qa_bot.question import Expects, Question
from qa_bot.retrieval import Query
from qa_bot.text import split_sentences, squeeze

_LONGEST_SPAN = 40  # word pieces; chosen by hand
_SPANS = 3  # findings of a window, without overlaps; chosen by hand
_STARTS, _ENDS = 12, 2  # best first pieces, and best last pieces for each; chosen by hand
_EDGES = " \t\n\r,;:.!?\"“”'’‘«»()[]–—-"


@dataclass(frozen=True, slots=True)
class Finding:
    """A span of a context that may answer.

    Attributes:
        start, end: characters of the context, end exclusive.
        margin: score of the span minus the score of "no answer in this passage", any real number.
        logit: calibrated log odds that the span answers, without the share of the hit.
    """

    start: int
    end: int
    margin: float
    logit: float


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of an answer in its article.

    Attributes:
        sentence: the sentence to cite.
        answer: the span of the answer in the article; None if only the header states the answer.
        stated: the words of the header that answer, if the article does not have them.
    """

    sentence: Span
    answer: Span | None
    stated: str | None = None


@dataclass(frozen=True, slots=True)
class _Context:
    """The text that the model reads of a hit: the header of its article, then the passage.

    Attributes:
        hit: with the passage.
        header: title, publisher and date on one line; empty if nothing is known.
        sentences: of the passage, in the article.
    """

    hit: Hit
    header: str
    sentences: tuple[Span, ...]

    @classmethod
    def of(cls, hit: Hit) -> _Context:
        """Return the context of a hit."""
        passage = hit.passage
        sentences = split_sentences(passage.article.text, passage.start, passage.end)
        return cls(hit, passage_header(passage), sentences)

    @property
    def text(self) -> str:
        """Return the header and the passage, on lines of their own."""
        return with_header(self.hit.passage.text, self.hit.passage.article)

    @property
    def title(self) -> str:
        """Return the title of the article as the header has it."""
        return squeeze(self.hit.passage.article.title)

    def place_of(self, finding: Finding) -> _Place | None:
        """Return the place of a finding in the article; None if it is outside every sentence."""
        header_chars = len(self.header) + 1 if self.header else 0
        if finding.start < header_chars:
            return self._place_in_header(finding)
        shift = self.hit.passage.start - header_chars
        answer = Span(finding.start + shift, finding.end + shift)
        over = [s for s in self.sentences if s.start < answer.end and s.end > answer.start]
        if not over:
            return None
        whole = Span(over[0].start, over[-1].end)
        cut = after_dateline(self.hit.passage.article.text, whole)
        return _Place(cut if cut.start <= answer.start else whole, answer)

    def _place_in_header(self, finding: Finding) -> _Place | None:
        """Return the place of an answer in the header, which ends with the part it begins in.

        A headline that the text repeats is quoted from there. A headline outside the text is no
        evidence: the text has sentences that say the same.
        """
        text = self.hit.passage.article.text
        end = min(finding.end, (self.header + SEPARATOR).index(SEPARATOR, finding.start))
        in_text = text.find(self.title) if self.title else -1
        if in_text < 0 and finding.end <= len(self.title):
            return None
        stated = self.header[finding.start : end]
        if in_text < 0:
            return _Place(split_sentences(text)[0], None, stated)
        headline = Span(in_text, in_text + len(self.title))
        if end <= len(self.title):
            return _Place(headline, Span(in_text + finding.start, in_text + end))
        return _Place(headline, None, stated)


class SpanReader:
    """A reader with a trained model of answer spans.

    ``weights_with_judge`` weigh the log odds of the reader and of a judge, if they were fitted;
    ``yes_no_weights`` those of a judge and the reader's shares for questions of yes or no.
    """

    judge: SupportJudge | None = None

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
        self.weights_with_judge: dict[str, float] = self._model.config.get("with_judge", {})
        self.yes_no_weights: dict[str, float] = self._model.config.get("yes_no_with_judge", {})

    def read(self, question: Question, query: Query, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence, most probable first, ties by rank of the hit and position."""
        contexts = [_Context.of(hit) for hit in hits]
        found: list[Evidence] = []
        read = self.find([(question.standalone, context.text) for context in contexts])
        for context, findings in zip(contexts, read, strict=True):
            added = self._weights["hit"] * context.hit.score
            found += _evidence(question, context, findings, added)
        found.sort(key=lambda e: (-e.probability, e.hit.rank, e.start))
        # Of a sentence in two passages only the best evidence counts.
        best = {(e.article.id, e.start, e.end): e for e in reversed(found)}
        return tuple(e for e in found if best[e.article.id, e.start, e.end] is e)

    def find(self, pairs: Sequence[tuple[str, str]]) -> list[list[Finding]]:
        """Return the findings of each pair, most probable first.

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
        """Yield the best spans of a window, without overlaps."""
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
    """Return spans of pieces as (score, first, last), best first."""
    spans = []
    for i in np.argsort(-starts, kind="stable")[:_STARTS]:
        stop = ends[i : i + _LONGEST_SPAN]
        for j in np.argsort(-stop, kind="stable")[:_ENDS]:
            spans.append((float(starts[i] + stop[j]), int(i), int(i + j)))
    return sorted(spans, key=lambda s: (-s[0], s[1], s[2]))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span extended to whole words, without punctuation at its edges.

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
    question: Question, context: _Context, findings: Sequence[Finding], added: float
) -> Iterator[Evidence]:
    """Yield the best finding of each sentence; ``added`` are the log odds of the hit.

    The day of publication answers only a question that may ask when a report appeared.
    """
    text = context.hit.passage.article.text
    timed = question.expects is Expects.TIME and not question.intent.publication
    seen: set[int] = set()
    for finding in findings:
        place = context.place_of(finding)
        # One sentence may be quoted with and without its dateline.
        if place is None or place.sentence.end in seen or is_instruction(text, place.sentence):
            continue
        if timed and place.stated:
            continue
        seen.add(place.sentence.end)
        speaker = speaker_of(text, place.sentence) if not place.stated else None
        probability = sigmoid(finding.logit + added)
        yield Evidence(
            context.hit, *place.sentence, probability, place.answer, place.stated, speaker
        )
