"""Re-rank quoted evidence for "who said ..." and "what did X say ..." questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.datatypes import Evidence
from qa_bot.news import exact_day, is_attributed, roles_of
from qa_bot.question import Question
from qa_bot.text import short_day, words

_PRONOUNS = frozenset({"he", "she", "they", "it", "him", "her"})
_OTHER_SPEAKER = 0.6  # factor, 0..1, on evidence of another speaker or none; chosen by hand


def rank_by_speaker(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence, most probable first, after weighting it by its speakers.

    A question for a person's statements lowers those of other people; a question for the speaker
    lowers sentences without one.
    """
    wanted = question.intent.speaker
    if wanted:
        weighed = [
            replace(e, probability=e.probability * (_OTHER_SPEAKER if _is_other(e, wanted) else 1))
            for e in evidence
        ]
    elif question.intent.who_said:
        weighed = [
            replace(e, probability=e.probability * (1 if e.speaker else _OTHER_SPEAKER))
            for e in evidence
        ]
    else:
        return list(evidence)
    return sorted(weighed, key=lambda e: -e.probability)


def short_answer(question: Question, evidence: Evidence) -> str | None:
    """Return the words that answer; the speaker replaces a pronoun and answers "who said".

    A name or a number does not tell who a person is.
    """
    answer = evidence.words
    if answer and question.intent.person and not _may_be_role(answer, question.intent.person):
        return None
    pronoun = answer is not None and answer.lower() in _PRONOUNS
    if evidence.speaker and (question.intent.who_said or pronoun):
        return evidence.speaker
    return answer


def role_lead(question: Question, evidence: Evidence) -> str | None:
    """Return what a sentence says that the person asked about is, with the day of its article."""
    person, passage = question.intent.person, evidence.hit.passage
    if not person or not evidence.words or not _may_be_role(evidence.words, person):
        return None
    roles = roles_of(passage.article.text, person, passage.start, passage.end)
    if not any(role.words == evidence.answer for role in roles):
        return None
    role, day = evidence.words, exact_day(evidence.article)
    return f"{role[0].upper()}{role[1:]}" + (f" ({short_day(day)})" if day else "")


def _may_be_role(answer: str, name: str) -> bool:
    """Return whether words say more of a person than the name: not "Dean" of Dean Pellow."""
    said, named = set(words(answer)), words(name)
    return not (answer[0].isdigit() or said & set(named[-1:]) or said <= set(named))


def speaker_lead(sentence: str, speaker: str | None) -> str | None:
    """Return the speaker to name before a sentence that does not name one itself.

    >>> speaker_lead("“It is an instruction.”", "Marta Lund")
    'Marta Lund'
    >>> speaker_lead("“It is an instruction,” said Lund.", "Marta Lund")
    """
    return None if speaker is None or is_attributed(sentence) else speaker


def _is_other(evidence: Evidence, wanted: str) -> bool:
    """Return whether the evidence has a speaker other than the wanted one."""
    if evidence.speaker is None:
        return False
    return not set(words(wanted)) & set(words(evidence.speaker))
