"""Claims that were written for this purpose over press releases and invented stories.

``training/written.jsonl.gz`` holds them: for each text statements that it supports and contradicts,
each with some words of the deciding sentence, statements that it does not tell, questions with
right and wrong answers, and questions of yes or no. A release is only named; its text is in the set
``press``. A story has its text with it.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.news import header_line
from qa_bot.text import split_sentences, squeeze
from training.claims import CONTRADICTED, NOT_STATED, SUPPORTED, Claim
from training.examples import PUBLISHERS, read_rows
from training.judged import question_with

WRITTEN = Path(__file__).with_name("written.jsonl.gz")
_SHORT, _LONG = (20, 70), (70, 150)  # words of a passage; an index has the long ones
_SHARE_LONG = 0.3
_VERDICTS = {"yes": SUPPORTED, "no": CONTRADICTED, "untold": NOT_STATED}
_OTHER_TEXT = 0.22  # share of statements that are also asked of another text
_CANDIDATES = 60  # other texts to find the most similar one among
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text in sentences, with what was written about it.

    Attributes:
        title: the headline.
        day: the day of publication, in ISO form, or empty.
        sentences: of the text, with single spaces.
        vectors: (n, width) unit vectors of the sentences.
        written: the row of the file.
        said: the unit vector of every statement and question of the row.
    """

    title: str
    day: str
    sentences: tuple[str, ...]
    vectors: Vectors
    written: Mapping[str, Any]
    said: Mapping[str, Vectors]

    def find(self, words: str) -> int:
        """Return the sentence in which these words begin; the first one for words of the title."""
        start = " ".join(self.sentences).find(squeeze(words))
        ends = accumulate(len(one) + 1 for one in self.sentences)
        return next((i for i, end in enumerate(ends) if 0 <= start < end), 0)

    def nearest(self, vector: Vectors) -> int:
        """Return the sentence most similar to a unit vector."""
        return int(np.argmax(self.vectors @ vector))

    def passage(self, place: int, rng: random.Random) -> str:
        """Return neighbouring sentences around one, at most as long as a passage of an index."""
        return self.window(place, rng)[1]

    def window(self, place: int, rng: random.Random) -> tuple[int, str]:
        """Return the place of the first sentence of a passage around one, and the passage."""
        room = rng.randint(*(_LONG if rng.random() < _SHARE_LONG else _SHORT))
        first = last = place
        words = len(self.sentences[place].split())
        while words < room and (first > 0 or last < len(self.sentences) - 1):
            backwards = first > 0 and (rng.random() < 0.5 or last == len(self.sentences) - 1)
            first, last = (first - 1, last) if backwards else (first, last + 1)
            words += len(self.sentences[first if backwards else last].split())
        return first, " ".join(self.sentences[first : last + 1])

    def header(self, rng: random.Random) -> str:
        """Return a header as articles have it: whole, partial, or none."""
        if rng.random() < 0.2:
            return ""
        publisher = rng.choice(PUBLISHERS) if rng.random() < 0.6 else None
        published = date.fromisoformat(self.day) if self.day and rng.random() < 0.8 else None
        return header_line(self.title, publisher, published)


def read_written(data: Path, embed: Embed, path: Path = WRITTEN) -> list[WrittenText]:
    """Return the texts with what was written about them.

    Args:
        data: the folder of the training sets.
        embed: returns the unit vectors of sentences, (n, width).
        path: the file of the claims.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    releases = {row["id"]: row for row in read_rows(data / "press", "corpus.jsonl")}
    articles = [row if "text" in row else releases[row["id"]] for row in rows]
    cut = [_sentences(article["text"]) for article in articles]
    said = [_said(row) for row in rows]
    vectors = iter(embed([text for group in (*cut, *said) for text in group]))
    of_sentences = [np.stack([next(vectors) for _ in group]) for group in cut]
    of_said = [{text: next(vectors) for text in group} for group in said]
    return [
        WrittenText(squeeze(article["title"]), article.get("date") or "", *rest)
        for article, *rest in zip(articles, cut, of_sentences, rows, of_said, strict=True)
    ]


def most_similar(
    vector: Vectors, text: WrittenText, texts: Sequence[WrittenText], rng: random.Random
) -> WrittenText:
    """Return another text with a sentence like this unit vector: the best of a random sample."""
    others = [one for one in rng.sample(texts, min(_CANDIDATES, len(texts))) if one is not text]
    return max(others, key=lambda one: float(np.max(one.vectors @ vector)))


def written_claims(texts: Sequence[WrittenText], rng: random.Random) -> Iterator[Claim]:
    """Yield the statements, the answered questions and the questions of yes or no."""
    for text in texts:
        yield from _statements(text, texts, rng)
        yield from _answers(text, rng)
        for question, answer in text.written.get("yesno", ()):
            place = text.nearest(text.said[question])
            yield _claim(question, text, place, _VERDICTS[answer], "yes or no", rng)


def _statements(
    text: WrittenText, texts: Sequence[WrittenText], rng: random.Random
) -> Iterator[Claim]:
    for name, verdict in (("true", SUPPORTED), ("false", CONTRADICTED)):
        for said, words in text.written[name]:
            yield _claim(said, text, text.find(words), verdict, "statement", rng)
            if rng.random() < _OTHER_TEXT:
                near = most_similar(text.said[said], text, texts, rng)
                place = near.nearest(text.said[said])
                yield _claim(said, near, place, NOT_STATED, "other text", rng)
    for said in text.written["untold"]:
        yield _claim(said, text, text.nearest(text.said[said]), NOT_STATED, "untold", rng)


def _answers(text: WrittenText, rng: random.Random) -> Iterator[Claim]:
    for asked in text.written["questions"]:
        right, wrong = asked["a"], asked.get("wrong")
        if right:
            place = text.find(right)
            said = question_with(asked["q"], right)
            yield _claim(said, text, place, SUPPORTED, "answer", rng)
        if wrong:
            verdict = CONTRADICTED if right else NOT_STATED
            said = question_with(asked["q"], wrong)
            place = text.find(right or wrong)
            yield _claim(said, text, place, verdict, "answer", rng)


def _claim(
    said: str, text: WrittenText, place: int, verdict: int, kind: str, rng: random.Random
) -> Claim:
    return Claim(said, text.header(rng), text.passage(place, rng), verdict, f"written {kind}")


def _sentences(text: str) -> tuple[str, ...]:
    cut = [squeeze(text[s.start : s.end]) for s in split_sentences(text, 0, len(text))]
    return tuple(one for one in cut if one)


def _said(row: Mapping[str, Any]) -> list[str]:
    """Return the statements and the questions of a row."""
    stated = [said for name in ("true", "false") for said, _ in row[name]]
    asked = [question for question, _ in row.get("yesno", ())]
    asked += [question["q"] for question in row["questions"]]
    return list(dict.fromkeys([*stated, *row["untold"], *asked]))
