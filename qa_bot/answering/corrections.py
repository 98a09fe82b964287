"""Replace numbers that a notice of correction withdraws by the correct ones.

"A report said that it would cost €9 million. That was wrong. The sum is €7 million." The reading
models often pick the first number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.answering.differences import same_unit
from qa_bot.datatypes import Article, Evidence, Hit, Span
from qa_bot.news import corrections_in, exact_day, withdrawn_in
from qa_bot.text import numbers, terms

_NUMBER = re.compile(
    r"[€$£¥]?\d+(?:[.,]\d+)*(?:\s(?:hundred|thousand|million|billion|trillion)\b)?%?"
)


@dataclass(frozen=True, slots=True)
class _Correction:
    """The sentences of a notice that repeat the mistake, and the others."""

    withdrawn: tuple[Span, ...]
    right: tuple[Span, ...]


def correct(evidence: Evidence) -> Evidence:
    """Return the evidence with the correct number, if a notice around it withdraws its answer."""
    correction = _correction_around(evidence)
    if correction is None or not _answers_in(evidence, correction.withdrawn):
        return evidence
    wrong = numbers(evidence.words or "")
    for other in _numbers_in(evidence, correction.right) if wrong else ():
        if numbers(other.words or "") != wrong and same_unit(evidence, other):
            return other
    return evidence


def corrects(one: Evidence, other: Evidence) -> bool:
    """Return whether a notice around one evidence withdraws the answer of the other, earlier one.

    The notice must share another word with the sentence of the other.
    """
    correction = _correction_around(one)
    answer = other.words
    if correction is None or not answer or not _answers_in(one, correction.right):
        return False
    text = one.article.text
    withdrawn = " ".join(text[slice(*span)] for span in correction.withdrawn)
    notice = f"{withdrawn} {' '.join(text[slice(*span)] for span in correction.right)}"
    about = set(terms(other.text)) & set(terms(notice)) - set(terms(answer))
    if not about or _is_later(other.article, one.article):
        return False
    if figures := numbers(answer):
        return figures <= numbers(withdrawn) - numbers(one.words or "") and same_unit(one, other)
    own = set(terms(answer))
    return bool(own) and own <= set(terms(withdrawn)) - set(terms(one.words or ""))


def add_corrections(evidence: Sequence[Evidence], hits: Sequence[Hit]) -> list[Evidence]:
    """Return the evidence, each withdrawn number behind the right one of a notice in the hits.

    The right number is as probable as the withdrawn one, whether or not the reader found it.
    """
    noticed = [one for hit in hits for one in _right_numbers(hit)]
    found: dict[tuple[str, int], Evidence] = {}
    for one in evidence:
        for right in noticed if numbers(one.words or "") else ():
            added = replace(right, probability=one.probability)
            if corrects(added, one):
                found.setdefault(_sentence_of(added), added)
                break
        found.setdefault(_sentence_of(one), one)
    return list(found.values())


def _sentence_of(evidence: Evidence) -> tuple[str, int]:
    return evidence.article.id, evidence.end


def _right_numbers(hit: Hit) -> Iterator[Evidence]:
    """Yield each number that a notice in a hit gives as right, as the answer of its sentence."""
    passage = hit.passage
    text = passage.article.text
    for notice in corrections_in(text, Span(passage.start, passage.end)):
        wrong, right = withdrawn_in(text, notice)
        if wrong:
            yield from _numbers_in(Evidence(hit, *notice, 0.0), right)


def without_corrected(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the first evidence, and the others unless another piece withdraws them."""
    first, *others = evidence
    return [first, *(e for e in others if not any(corrects(one, e) for one in others))]


def _is_later(one: Article, other: Article) -> bool:
    days = exact_day(one), exact_day(other)
    return bool(days[0] and days[1] and days[0] > days[1])


def _correction_around(evidence: Evidence) -> _Correction | None:
    """Return the notice around an answer, if it withdraws something."""
    text, answer = evidence.article.text, evidence.answer
    for notice in corrections_in(text, Span(answer.start, answer.start + 1)) if answer else ():
        wrong, right = withdrawn_in(text, notice)
        return _Correction(wrong, right) if wrong else None
    return None


def _numbers_in(evidence: Evidence, sentences: tuple[Span, ...]) -> Iterator[Evidence]:
    """Yield the evidence with each number of the sentences as its answer."""
    text = evidence.article.text
    for start, end in sentences:
        for match in _NUMBER.finditer(text, start, end):
            place = Span(*match.span())
            yield replace(evidence, start=start, end=end, answer=place, speaker=None)


def _answers_in(evidence: Evidence, sentences: tuple[Span, ...]) -> bool:
    return any(evidence.answer and _overlap(evidence.answer, span) for span in sentences)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
