"""Questions for the reader that were written over press releases and invented stories.

A question goes with a passage that answers it, with tempting ones of the same text that do not,
and with the most similar passage of another text.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from qa_bot.text import squeeze
from training.examples import Example
from training.written import WrittenText, most_similar

_SAME_TEXT, _OTHER_TEXT = 0.5, 0.3  # shares of answered questions also asked of such a passage
_RETYPED = 0.3  # share of questions typed without capitals and question mark


def asked_examples(texts: Sequence[WrittenText], rng: random.Random) -> Iterator[Example]:
    """Yield the written questions, each with the passages that it is asked of."""
    for number, text in enumerate(texts):
        for place, asked in enumerate(text.written["questions"]):
            key = f"written-{number}-{place}"
            question, right, wrong = asked["q"], asked["a"], asked.get("wrong")
            if right:
                yield from _answered(text, question, right, key, rng)
                if rng.random() < _SAME_TEXT:
                    yield from _tempting(text, question, right, wrong, key, rng)
                if rng.random() < _OTHER_TEXT:
                    other = most_similar(text.said[question], text, texts, rng)
                    near = other.nearest(text.said[question])
                    yield _example(other, question, near, None, f"{key}-other", rng)
            else:
                near = text.nearest(text.said[question])
                places = {near, text.find(wrong) if wrong else near}
                for nearest in places:
                    yield _example(text, question, nearest, None, f"{key}-{nearest}", rng)


def _answered(
    text: WrittenText, question: str, right: str, key: str, rng: random.Random
) -> Iterator[Example]:
    """Yield the question over the sentence that has its answer, if one sentence has it whole."""
    holding = _holding(text, right)
    if holding:
        vector = text.said[question]
        best = max(holding, key=lambda place: float(text.vectors[place] @ vector))
        yield _example(text, question, best, right, key, rng)


def _tempting(
    text: WrittenText, question: str, right: str, wrong: str | None, key: str, rng: random.Random
) -> Iterator[Example]:
    """Yield the question over a passage of its text without the answer, if the text has one."""
    places = range(len(text.sentences))
    wrongly = [p for p in places if wrong and squeeze(wrong) in text.sentences[p]]
    similar = sorted(places, key=lambda p: -float(text.vectors[p] @ text.said[question]))
    for place in (*wrongly, *similar):
        example = _example(text, question, place, None, f"{key}-near", rng)
        if squeeze(right).lower() not in example.context.lower():
            yield example
            return


def _holding(text: WrittenText, right: str) -> list[int]:
    return [i for i, one in enumerate(text.sentences) if squeeze(right) in one]


def _example(
    text: WrittenText, question: str, place: int, right: str | None, key: str, rng: random.Random
) -> Example:
    """Return the question over the passage around a sentence, which has the answer or nothing."""
    first, passage = text.window(place, rng)
    header = text.header(rng)
    span = None
    if right:
        start = sum(len(one) + 1 for one in text.sentences[first:place])
        start += text.sentences[place].index(squeeze(right)) + (len(header) + 1 if header else 0)
        span = (start, start + len(squeeze(right)))
    if rng.random() < _RETYPED:
        question = question.rstrip("?").lower()
    return Example(question, header, passage, span, "written", key)
