"""Corruptions: false sentences that differ from a true one in one respect."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from lemminflect import getInflection

_OPPOSITES = (
    ("increase", "decrease"), ("rise", "fall"), ("rose", "fell"), ("more", "fewer"),
    ("approve", "reject"),
    ("approved", "rejected"), ("accept", "refuse"), ("accepted", "refused"), ("win", "lose"),
    ("won", "lost"), ("support", "oppose"), ("supported", "opposed"), ("open", "close"),
    ("opened", "closed"), ("begin", "end"), ("began", "ended"), ("before", "after"),
    ("first", "last"), ("highest", "lowest"), ("largest", "smallest"), ("north", "south"),
    ("northern", "southern"), ("east", "west"), ("eastern", "western"), ("buy", "sell"),
    ("bought", "sold"), ("arrive", "leave"), ("arrived", "left"), ("early", "late"),
    ("above", "below"), ("success", "failure"), ("agreed", "disagreed"), ("agree", "disagree"),
    ("confirmed", "denied"), ("confirm", "deny"), ("allow", "forbid"), ("allowed", "forbade"),
    ("improve", "worsen"), ("improved", "worsened"), ("friend", "enemy"), ("father", "son"),
    ("many", "few"), ("most", "few"), ("all", "none of the"), ("always", "never"),
    ("male", "female"),
    ("younger", "older"), ("strengthen", "weaken"), ("join", "leave"), ("joined", "left"),
    ("welcomed", "condemned"), ("praised", "criticized"), ("same", "different"), ("major", "minor"),
    ("better", "worse"), ("up", "down"), ("long", "short"), ("new", "old"), ("gained", "lost"),
)  # fmt: skip
_OTHER = dict(_OPPOSITES) | {b: a for a, b in _OPPOSITES}
_NUMBERS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMED = {"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "WORK_OF_ART", "PRODUCT"}


def corrupt(claim: Any, others: Sequence[tuple[str, str]], rng: random.Random) -> str | None:
    """Return the claim with one wrong detail, or None if there is no way to make one.

    Args:
        claim: parsed by spaCy.
        others: entities of the passage and of its neighbours, with their kinds.
        rng: chooses what to change.
    """
    ways: list[Callable[[], str | None]] = [
        lambda: _other_entity(claim, others, rng),
        lambda: _other_entity(claim, others, rng),
        lambda: _other_number(claim.text, rng),
        lambda: _swapped(claim, rng),
        lambda: _negated(claim),
        lambda: _opposite(claim.text, rng),
        lambda: _other_time(claim),
    ]
    for way in rng.sample(ways, len(ways)):
        made = way()
        if made and made.lower() != claim.text.lower():
            return made
    return None


def corrupt_question(
    question: Any, others: Sequence[tuple[str, str]], rng: random.Random
) -> str | None:
    """Return the question with another name, number or time, or an opposite word, or None.

    Names come first, because people confuse names most. The arguments are those of ``corrupt``.
    """
    ways: list[Callable[[], str | None]] = [
        lambda: _other_entity(question, others, rng),
        lambda: _other_number(question.text, rng),
        lambda: _opposite(question.text, rng),
        lambda: _swapped(question, rng),
    ]
    order = ways if rng.random() < 0.6 else rng.sample(ways, len(ways))
    made = (way() for way in order)
    return next((one for one in made if one and one.lower() != question.text.lower()), None)


def _other_entity(claim: Any, others: Sequence[tuple[str, str]], rng: random.Random) -> str | None:
    entities = [e for e in claim.ents if e.label_ in _NAMED]
    rng.shuffle(entities)
    for entity in entities:
        fitting = [
            text
            for text, label in others
            if label == entity.label_
            and text.lower() not in claim.text.lower()
            and entity.text.lower() not in text.lower()
        ]
        if fitting:
            return _put(claim.text, entity.start_char, entity.end_char, rng.choice(fitting))
    return None


def _other_number(text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"\d[\d,]*(?:\.\d+)?", text))
    pattern = rf"\b(?:{'|'.join((*_NUMBERS, *_MONTHS, *_DAYS))})\b"
    found += list(re.finditer(pattern, text))
    if not found:
        return None
    match = rng.choice(found)
    for words in (_NUMBERS, _MONTHS, _DAYS):
        if match[0] in words:
            other = rng.choice([word for word in words if word != match[0]])
            return _put(text, *match.span(), other)
    digits = match[0].replace(",", "")
    value = float(digits)
    if "." in digits:
        other = f"{value * rng.choice((0.5, 1.2, 2, 3)):.{len(digits.split('.')[1])}f}"
    elif 1200 <= value <= 2030 and "," not in match[0]:
        other = str(round(value) + rng.choice((-20, -10, -3, -2, -1, 1, 2, 3, 10)))
    else:
        other = f"{max(1, round(value * rng.choice((0.5, 0.8, 1.5, 2, 10)))) + (value < 10):,}"
        other = other if "," in match[0] else other.replace(",", "")
    return _put(text, *match.span(), other)


def _swapped(claim: Any, rng: random.Random) -> str | None:
    """Return the claim with two entities of one kind swapped."""
    entities = [e for e in claim.ents if e.label_ in _NAMED]
    pairs = [
        (a, b)
        for i, a in enumerate(entities)
        for b in entities[i + 1 :]
        if a.label_ == b.label_ and a.text.lower() != b.text.lower() and not _joined(claim, a, b)
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    text = claim.text
    middle = text[a.end_char : b.start_char]
    return str(text[: a.start_char] + b.text + middle + a.text + text[b.end_char :])


def _joined(claim: Any, a: Any, b: Any) -> bool:
    """Return whether both are in one list, where their order has no meaning."""
    return claim.text[a.end_char : b.start_char].strip() in ("and", "or", ",", "/", "-", "")


def _negated(claim: Any) -> str | None:
    text = claim.text
    if match := re.search(r"\b(not|never)\b |n't\b", text):
        return str(text[: match.start()] + text[match.end() :])
    root = next((t for t in claim if t.dep_ == "ROOT"), None)
    if root is None:
        return None
    aux = next((t for t in root.children if t.dep_ in ("aux", "auxpass") and t.i < root.i), None)
    if aux is None and root.lemma_ == "be":
        aux = root
    if aux is not None:
        end = aux.idx + len(aux.text)
        return f"{text[:end]} not{text[end:]}"
    if root.tag_ in ("VBD", "VBZ", "VBP"):
        did = {"VBD": "did", "VBZ": "does", "VBP": "do"}[root.tag_]
        return _put(text, root.idx, root.idx + len(root.text), f"{did} not {root.lemma_}")
    return None


def _opposite(text: str, rng: random.Random) -> str | None:
    found = [m for m in re.finditer(r"[A-Za-z]+", text) if m[0].lower() in _OTHER]
    if not found:
        return None
    match = rng.choice(found)
    return _put(text, *match.span(), _OTHER[match[0].lower()])


def _other_time(claim: Any) -> str | None:
    """Return a claim about the past as one about the future, or the reverse."""
    root = next((t for t in claim if t.dep_ == "ROOT"), None)
    if root is None:
        return None
    will = next((t for t in root.children if t.lower_ in ("will", "would")), None)
    if will is not None:
        past = (getInflection(root.lemma_, "VBD") or (root.text,))[0]
        text = _put(claim.text, root.idx, root.idx + len(root.text), past)
        return _put(text, will.idx, will.idx + len(will.text) + 1, "")
    if root.tag_ == "VBD" and root.lemma_ not in ("be", "say", "tell"):
        return _put(claim.text, root.idx, root.idx + len(root.text), f"will {root.lemma_}")
    return None


def _put(text: str, start: int, end: int, other: str) -> str:
    return f"{text[:start]}{other}{text[end:]}"
