"""Answer "who is NAME?" with what the articles say the person is, the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from qa_bot.datatypes import Evidence, Hit
from qa_bot.news import (
    Role,
    after_dateline,
    corrections_in,
    exact_day,
    is_instruction,
    is_mentioned,
    is_name,
    roles_of,
    speaker_of,
)
from qa_bot.question import Question
from qa_bot.text import terms

# That the words are a role of the person: of 42 found in sentences kept aside, 41 were right.
_PROBABILITY = 0.9
_NEXT = 0.95  # factor on the next sentence, which keeps them in order; chosen by hand


def read_roles(question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the sentences that say what a person is, if the question asks who that is.

    The newest article comes first, one without a date last. A sentence that adds nothing to those
    before it, or says only whose rival or lawyer the person is, comes after all that do. What a
    notice of correction says withdraws what older articles said. Where two people have the name,
    no words are the answer.
    """
    name = question.intent.person
    if not name:
        return ()
    newest = sorted(hits, key=lambda h: exact_day(h.passage.article) or date.min, reverse=True)
    found: dict[tuple[str, int], tuple[Hit, Role]] = {}
    for hit in newest:
        for role in _roles_in(hit, name):
            found.setdefault((hit.passage.article.id, role.sentence.start), (hit, role))
    roles = list(_until_corrected(list(found.values())))
    known: set[str] = set()
    first: list[Evidence] = []
    last: list[Evidence] = []
    for hit, role in roles:
        evidence = _evidence(hit, role)
        said = set(terms(evidence.words or ""))
        (last if role.related or said <= known else first).append(evidence)
        known |= said
    several = len({role.name for _, role in roles if " " in role.name}) > 1
    return tuple(
        replace(
            evidence,
            probability=_PROBABILITY * _NEXT**place,
            answer=None if several else evidence.answer,
        )
        for place, evidence in enumerate([*first, *last])
    )


def is_named(question: Question, hits: Sequence[Hit]) -> bool:
    """Return whether the hits name the person whom a question asks about; True if about nobody."""
    name = question.intent.person
    if not name or not is_name(name):
        return True
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}.values()
    return is_mentioned("\n".join(f"{a.title}\n{a.text}" for a in articles), name)


def _roles_in(hit: Hit, name: str) -> Iterator[Role]:
    """Yield the sentences of a hit that say what a person is."""
    passage = hit.passage
    text = passage.article.text
    for role in roles_of(text, name, passage.start, passage.end):
        if not is_instruction(text, role.sentence):
            yield role


def _until_corrected(found: Sequence[tuple[Hit, Role]]) -> Iterator[tuple[Hit, Role]]:
    """Yield the roles, newest first, down to the article whose notice corrects older ones."""
    corrected = None
    for hit, role in found:
        article = hit.passage.article
        if corrected not in (None, article.id):
            return
        if corrections_in(article.text, role.sentence):
            corrected = article.id
        yield hit, role


def _evidence(hit: Hit, role: Role) -> Evidence:
    text = hit.passage.article.text
    sentence = after_dateline(text, role.sentence)
    speaker = speaker_of(text, sentence)
    return Evidence(hit, *sentence, _PROBABILITY, role.words, speaker=speaker)
