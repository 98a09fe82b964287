"""Claims that people judged or wrote: fact checks, yes-or-no questions, answers, statements.

A claim is a statement, a question of yes or no (SUPPORTED means yes), or a question followed by a
possible answer. One judge learns all three.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qa_bot.text import split_sentences
from training.claims import CONTRADICTED, NOT_STATED, SUPPORTED, UNSUPPORTED, Claim
from training.examples import Example, Source, load_set, read_rows, read_sources
from training.statements import statement

_LABELS = {
    "supported": SUPPORTED,
    "refuted": CONTRADICTED,
    "not_enough": NOT_STATED,
    "not_supported": UNSUPPORTED,
}
_LONGEST_PASSAGE = 2500  # characters


def judged_pairs(data: Path, rng: random.Random) -> Iterator[Claim]:
    """Yield claims that people checked against a passage, and generated replies that they judged.

    A refuted or supported claim of FEVER has only its evidence for a passage; half of them get the
    evidence of other claims around it.
    """
    rows = [row for row in read_rows(data, "support_pairs.jsonl") if row["label"] in _LABELS]
    evidence = [row["passage"] for row in rows if row["set"] == "fever_athnlp"]
    for row in rows:
        passage = row["passage"]
        if row["set"] == "fever_athnlp" and rng.random() < 0.5:
            passage = _among(passage, rng.sample(evidence, rng.randint(1, 3)), rng)
        yield Claim(
            row["claim"], row.get("title") or "", passage, _LABELS[row["label"]], row["set"]
        )
    for row in read_rows(data, "begin_pairs.jsonl"):
        verdict = SUPPORTED if row["supported"] else UNSUPPORTED
        yield Claim(row["sentence"], "", row["passage"], verdict, "begin")


def yes_no_questions(data: Path) -> Iterator[Claim]:
    """Yield the questions of BoolQ with their passages."""
    sources = read_sources(data / "boolq")
    for row in read_rows(data / "boolq", "queries.jsonl"):
        source = sources[row["relevant_ids"][0]]
        if len(source.text) < _LONGEST_PASSAGE:
            verdict = SUPPORTED if row["answers"][0] == "yes" else CONTRADICTED
            yield Claim(row["question"], source.title, source.text, verdict, "boolq")


def question_with(question: str, answer: str) -> str:
    """Return a question and a possible answer as one claim, in the form that the judge learns.

    >>> question_with("who won", "Vega")
    'who won? Vega'
    """
    return f"{question.strip().rstrip('?').rstrip()}? {answer}"


def answers_of_questions(
    data: Path, name: str, limit: int, parse: Any, rng: random.Random
) -> Iterator[Claim]:
    """Yield right and wrong answers to the questions of a set in SQuAD's form.

    A wrong answer answers another question about the passage. A passage without the sentence of the
    answer, or another passage of the same title, does not tell the right one.
    """
    sources = read_sources(data / name)
    asked = load_set(data / name, sources)
    by_passage: dict[str, list[Example]] = {}
    by_title: dict[str, list[Source]] = {}
    for example, source in asked:
        by_passage.setdefault(source.id, []).append(example)
    for source in sources.values():
        by_title.setdefault(source.title, []).append(source)
    for example, source in rng.sample(asked, min(limit, len(asked))):
        others = [_answer(e) for e in by_passage[source.id] if e.span and e.key != example.key]
        others = [a for a in others if not example.span or not _overlap(a, _answer(example))]
        near = [s for s in by_title[source.title] if s.id != source.id] or [source]
        yield from _answers(example, source, others, rng.choice(near), parse, rng)


def _answers(
    example: Example,
    source: Source,
    others: Sequence[str],
    near: Source,
    parse: Any,
    rng: random.Random,
) -> Iterator[Claim]:
    """Yield one claim with the right answer, or two, and one with a wrong one."""
    stated = rng.random() < 0.5
    title, text = source.title, source.text

    def say(answer: str) -> str:
        said = statement(parse(example.question), answer) if stated else None
        return said or question_with(_typed(example.question, rng), answer)

    wrong = rng.choice(others) if others else None
    if example.span is None:
        if wrong:
            yield Claim(say(wrong), title, text, NOT_STATED, "answer to an untold question")
        return
    right = _answer(example)
    yield Claim(say(right), title, text, SUPPORTED, "right answer")
    if wrong and rng.random() < 0.6:
        yield Claim(say(wrong), title, text, CONTRADICTED, "wrong answer")
    elif near is not source and right not in near.text and rng.random() < 0.5:
        yield Claim(say(right), near.title, near.text, NOT_STATED, "other passage")
    else:
        kept = [
            text[s.start : s.end]
            for s in split_sentences(text, 0, len(text))
            if right.lower() not in text[s.start : s.end].lower()
        ]
        if len(kept) > 1:
            yield Claim(say(right), title, " ".join(kept), NOT_STATED, "evidence removed")


def _typed(question: str, rng: random.Random) -> str:
    """Return a question as people type it: sometimes in lower case."""
    return question.lower() if rng.random() < 0.4 else question


def _among(passage: str, others: Sequence[str], rng: random.Random) -> str:
    place = rng.randrange(len(others) + 1)
    return " ".join([*others[:place], passage, *others[place:]])


def _answer(example: Example) -> str:
    assert example.span is not None
    return example.context[slice(*example.span)]


def _overlap(one: str, other: str) -> bool:
    one, other = one.lower(), other.lower()
    return one in other or other in one or bool(set(one.split()) & set(other.split()))
