"""Claims about passages, true and corrupted, made from sentences and from questions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from training.corruptions import corrupt
from training.examples import Example, Source
from training.statements import shortened, statement

SUPPORTED, CONTRADICTED, NOT_STATED, UNSUPPORTED = range(4)
_FEWEST_WORDS, _MOST_WORDS = 5, 60


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, a passage with its title, and the verdict of the passage on the sentence.

    ``verdict`` is one of the four above; UNSUPPORTED means CONTRADICTED or NOT_STATED.
    """

    sentence: str
    title: str
    passage: str
    verdict: int
    kind: str


def claims_of_passage(
    source: Source,
    parsed: Any,
    near: Sequence[tuple[Source, Any]],
    parse: Any,
    rng: random.Random,
    n: int,
) -> Iterator[Claim]:
    """Yield claims about a passage, about half of them true.

    Args:
        source: the passage.
        parsed: its text parsed by spaCy.
        near: other passages on the same topic, parsed.
        parse: spaCy's parser.
        rng: chooses.
        n: the number of true claims to start from.
    """
    sentences = [s for s in parsed.sents if _FEWEST_WORDS <= len(s) <= _MOST_WORDS]
    if not sentences:
        return
    entities = [(e.text, e.label_) for doc in (parsed, *(d for _, d in near)) for e in doc.ents]
    for sentence in rng.sample(sentences, min(n, len(sentences))):
        true = shortened(sentence, rng) if rng.random() < 0.85 else sentence.text.strip()
        true = _named(true, source.title) if rng.random() < 0.5 else true
        context = around(parsed, sentence, rng)
        yield Claim(true, source.title, context, SUPPORTED, "shortened")
        kind = rng.random()
        wrong = corrupt(parse(true), entities, rng) if kind < 0.6 else None
        if kind < 0.3:
            yield from _mirrored(source, parsed, sentence, entities, parse, rng)
        elif wrong:
            yield Claim(wrong, source.title, context, CONTRADICTED, "corrupted")
        elif kind < 0.8 and len(sentences) > 2:
            without = parsed.text.replace(sentence.text, " ")
            yield Claim(true, source.title, _clipped(without, rng), NOT_STATED, "evidence removed")
        elif near:
            other, doc = rng.choice(near)
            yield Claim(true, other.title, _clipped(doc.text, rng), NOT_STATED, "other passage")


def _mirrored(
    source: Source,
    parsed: Any,
    sentence: Any,
    entities: Sequence[tuple[str, str]],
    parse: Any,
    rng: random.Random,
) -> Iterator[Claim]:
    """Yield a changed sentence as true, in a passage with the same change, and the old as false.

    Without these claims, a "will" or a "not" alone would reveal a corruption.
    """
    old = sentence.text.strip()
    new = corrupt(parse(old), entities, rng)
    if new:
        context = around(parsed, sentence, rng).replace(old, new)
        shorter = shortened(next(iter(parse(new).sents)), rng)
        yield Claim(shorter, source.title, context, SUPPORTED, "mirrored")
        yield Claim(old, source.title, context, CONTRADICTED, "mirrored")


def claims_of_question(
    example: Example, title: str, question: Any, parsed: Any, rng: random.Random
) -> Iterator[Claim]:
    """Yield a statement with the answer, and one with another answer of the same kind."""
    assert example.span is not None
    answer = example.context[slice(*example.span)]
    true = statement(question, answer)
    if true is None or len(true.split()) < _FEWEST_WORDS:
        return
    start, end = example.span
    sentence = next((s for s in parsed.sents if s.start_char <= start < s.end_char), None)
    context = around(parsed, sentence, rng) if sentence is not None else parsed.text
    yield Claim(true, title, context, SUPPORTED, "answer stated")
    if sentence is not None and rng.random() < 0.3:
        without = parsed.text.replace(sentence.text, " ")
        yield Claim(true, title, _clipped(without, rng), NOT_STATED, "evidence removed")
    label = next((e.label_ for e in parsed.ents if e.start_char < end and e.end_char > start), None)
    others = sorted(
        {
            e.text for e in parsed.ents
            if e.label_ == label and e.text.lower() not in answer.lower()
            and answer.lower() not in e.text.lower()
        }
    )  # fmt: skip
    if label and others and (wrong := statement(question, rng.choice(others))):
        yield Claim(wrong, title, parsed.text, CONTRADICTED, "other answer stated")


def around(parsed: Any, sentence: Any, rng: random.Random) -> str:
    """Return the passage, or only the sentence with up to two on either side of it."""
    if rng.random() < 0.3:
        return str(parsed.text)
    sentences = list(parsed.sents)
    place = next(i for i, s in enumerate(sentences) if s.start == sentence.start)
    first, last = (
        max(0, place - rng.randint(0, 2)),
        min(len(sentences) - 1, place + rng.randint(0, 2)),
    )
    return str(parsed[sentences[first].start : sentences[last].end].text)


def _clipped(text: str, rng: random.Random) -> str:
    """Return the text, or a part of it as long as ``around`` gives."""
    if rng.random() < 0.3 or len(text) < 500:
        return text
    start = rng.randrange(len(text) - 400)
    return text[text.find(" ", start) + 1 : start + rng.randint(350, 600)]


def _named(sentence: str, title: str) -> str:
    """Return the sentence with the subject of the page in place of a pronoun at its start."""
    first, _, rest = sentence.partition(" ")
    bare = title.split(" (")[0]
    if bare and rest and first in ("He", "She", "It", "They"):
        return f"{bare} {rest}"
    return sentence
