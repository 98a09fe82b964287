"""Count the articles that give the same answer, and how many of them are independent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.answer import Sources
from qa_bot.answering.differences import same_unit
from qa_bot.datatypes import Evidence
from qa_bot.news import originality
from qa_bot.text import numbers, squeeze, words

_BODY = 0.1  # share of a headline's probability that its sentence needs; chosen by hand
_COUNTS = 0.1  # share of the best probability that a report needs to agree; chosen by hand
_AGREEMENT = 0.5  # weight, 0..1, of an agreeing article; chosen by hand


def agree(evidence: Sequence[Evidence]) -> tuple[list[Evidence], Sources]:
    """Raise the best evidence by the articles that agree, and count the sources.

    A copy of a counted article is not an independent source, nor is the same sentence again.
    """
    best = _original(evidence)
    doubt = 1 - best.probability
    articles, independent = {best.article.id}, [best]
    for other in evidence[1:]:
        if other.probability < _COUNTS * best.probability or not _agrees(other, best):
            continue
        articles.add(other.article.id)
        if not any(one_source(other, known) for known in independent):
            independent.append(other)
            doubt *= 1 - _AGREEMENT * other.probability
    articles |= {
        copy.id for one in evidence if one.article.id in articles for copy in one.hit.copies
    }
    others = [e for e in evidence[1:] if e.hit is not best.hit or e.text != best.text]
    raised = [replace(best, probability=1 - doubt), *others]
    return raised, Sources(len(articles), len(independent))


def from_body(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence without headlines whose answer a sentence of their article gives.

    That sentence takes the place and the probability of the headline, unless it is much less
    probable.
    """
    kept = list(evidence)
    for headline in [one for one in kept if is_headline(one)]:
        body = next((e for e in kept if _says_the_same(headline, e)), None)
        if body:
            kept.remove(body)
            likelier = max(headline.probability, body.probability)
            kept[kept.index(headline)] = replace(body, probability=likelier)
    return sorted(kept, key=lambda e: -e.probability)


def is_headline(evidence: Evidence) -> bool:
    """Return whether a piece of evidence is the title of its article, as the text has it."""
    return not evidence.stated and squeeze(evidence.text) == squeeze(evidence.article.title)


def _says_the_same(headline: Evidence, other: Evidence) -> bool:
    if other.article.id != headline.article.id or is_headline(other):
        return False
    if other.probability < _BODY * headline.probability:
        return False
    return bool(other.words and headline.words and _alike(other.words, headline.words))


def _original(evidence: Sequence[Evidence]) -> Evidence:
    """Return the best evidence, or the same sentence in the original of a copied article."""
    best = evidence[0]
    copies = {copy.id for copy in best.hit.copies}
    sentence = words(best.text)
    same = [e for e in evidence if e.article.id in copies and words(e.text) == sentence]
    original = min([best, *same], key=lambda e: originality(e.article))
    return replace(original, probability=best.probability)


def _agrees(one: Evidence, other: Evidence) -> bool:
    """Return whether two answers are alike, and count the same thing if they are numbers."""
    if not (one.words and other.words and _alike(one.words, other.words)):
        return False
    counted = one.answer and other.answer and numbers(one.words) and numbers(other.words)
    return not counted or same_unit(one, other)


def _alike(one: str, other: str) -> bool:
    """Return whether two answers are equal, or one has all words of the other."""
    a, b = set(words(one)), set(words(other))
    return bool(a and b) and (a <= b or b <= a)


def one_source(one: Evidence, other: Evidence) -> bool:
    """Return whether two sentences come from one article or its copies, or are equal."""
    copied = any(
        copy.id == b.article.id for a, b in ((one, other), (other, one)) for copy in a.hit.copies
    )
    return copied or one.article.id == other.article.id or one.text == other.text
