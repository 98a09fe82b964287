"""Answer "who is NAME?" with what the articles say the person is, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from qa_bot.datatypes import Evidence, Hit
from qa_bot.news import after_dateline, exact_day, is_instruction, roles_of, speaker_of
from qa_bot.question import Question
from qa_bot.text import terms

_PROBABILITY = 0.9  # that the words are a role of the person; measured on tests/news/roles.jsonl
_NEXT = 0.95  # factor on the next sentence, which keeps them in order; chosen by hand


def read_roles(question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the sentences that say what a person is, if the question asks who that is.

    The newest article comes first, one without a date last; a sentence that adds nothing to those
    before it comes after all that do.
    """
    name = question.intent.person
    if not name:
        return ()
    newest = sorted(hits, key=lambda h: exact_day(h.passage.article) or date.min, reverse=True)
    found = {(e.article.id, e.start): e for hit in newest for e in _roles_in(hit, name)}
    known: set[str] = set()
    new: list[Evidence] = []
    old: list[Evidence] = []
    for evidence in found.values():
        said = set(terms(evidence.words or ""))
        (old if said <= known else new).append(evidence)
        known |= said
    return tuple(
        replace(evidence, probability=_PROBABILITY * _NEXT**place)
        for place, evidence in enumerate([*new, *old])
    )


def _roles_in(hit: Hit, name: str) -> Iterator[Evidence]:
    """Yield the sentences of a hit that say what a person is."""
    passage = hit.passage
    text = passage.article.text
    for role in roles_of(text, name, passage.start, passage.end):
        if not is_instruction(text, role.sentence):
            sentence = after_dateline(text, role.sentence)
            yield Evidence(
                hit, *sentence, _PROBABILITY, role.words, speaker=speaker_of(text, sentence)
            )
