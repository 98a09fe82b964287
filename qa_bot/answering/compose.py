"""Evidence → an answer of quoted sentences with exact citations, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from qa_bot.answer import Citation, Difference, Sentence
from qa_bot.answering.agreement import agree
from qa_bot.answering.attribution import by_speaker, short_answer, unsaid_speaker
from qa_bot.answering.conflicts import DISAGREE, Compared, Embed, compare
from qa_bot.answering.corrections import put_right, without_corrected
from qa_bot.answering.draft import Draft
from qa_bot.answering.negation import affirmed
from qa_bot.answering.refusal import _refuse
from qa_bot.answering.times import adds_to, asks_when, told_times
from qa_bot.datatypes import Coverage, Evidence, Hit
from qa_bot.filters import Filters
from qa_bot.news import publication_statement
from qa_bot.question import question_parts
from qa_bot.text import overlap_coefficient, squeeze, terms

# Further sentences are quoted only if they are nearly as probable as the best one.
_CLOSE_TO_BEST = 0.3
_SAYS_THE_SAME = 0.6


def answer_or_refuse(  # noqa: PLR0913 — each is a value of its own
    question: str,
    readings: Sequence[Sequence[Evidence]],
    hits: Sequence[Hit],
    coverage: Coverage,
    filters: Filters,
    *,
    threshold: float,
    max_sentences: int,
    embed: Embed | None = None,
) -> Draft:
    """Return the quoted sentences, or the reason why the articles do not answer.

    Args:
        question: as it was understood, standing alone.
        readings: for each part of the question its evidence, most probable first.
        hits: what was retrieved, best first.
        coverage: what was searched.
        filters: what it was narrowed to.
        threshold: the probability, 0..1, that the best evidence must reach.
        max_sentences: how many sentences may be quoted, at least 1; each part gets one anyway.
        embed: unit vectors of sentences, by which different answers are compared; None: they are
            not.
    """
    asked = list(_by_part(question, readings))
    counted = [agree(evidence) for _, evidence in asked]
    agreed = [evidence for evidence, _ in counted]
    confidence = sum(e[0].probability for e in agreed) / max(1, len(readings))
    told = [evidence for evidence in agreed if evidence[0].probability >= threshold] or agreed[:1]
    chosen = choose(told, max_sentences) if told else []
    refusal = _refuse(question, chosen, hits, coverage, filters, threshold)
    if refusal:
        return Draft(refusal=refusal, confidence=confidence)
    compared = compare(asked[0][0], agreed[0], embed) if embed and len(asked) == 1 else None
    best = [evidence[0] for evidence in told]
    if compared:
        best = [compared.first] + [compared.second] * (compared.kind == "disagree")
        pair = [compared.first, compared.second]
        rest = [e for e in chosen if not any(_same(e, one) for one in pair)]
        chosen = [*pair, *rest[: max(0, max_sentences - len(pair))]]
    drafted = _tell(question, best, chosen, compared)
    return replace(drafted, confidence=confidence, sources=None if compared else counted[0][1])


def _by_part(
    question: str, readings: Sequence[Sequence[Evidence]]
) -> Iterator[tuple[str, Sequence[Evidence]]]:
    """Yield each part of the question with its evidence, if any, in the order it asks for."""
    for part, evidence in zip_longest(question_parts(question), readings):
        if evidence:
            asked = part or question
            said = [put_right(affirmed(asked, one)) for one in evidence]
            yield asked, by_speaker(asked, without_corrected(said))


def _tell(
    question: str, best: Sequence[Evidence], chosen: Sequence[Evidence], compared: Compared | None
) -> Draft:
    """Return what is answered: the times asked for, then the sentences, each with its citation.

    Two that were compared stand first among the chosen, each headed by its source and day.
    """
    citations = tuple(Citation(n, e.article, e.start, e.end) for n, e in enumerate(chosen, start=1))
    cited = list(zip(chosen, citations, strict=True))
    answering = [(e, c) for e, c in cited if any(e is one for one in best)]
    when = told_times(answering) if asks_when(question) else ()
    sentences = [Sentence(one.statement, (one.citation,)) for one in when if adds_to(one)]
    if compared and compared.kind == "disagree":
        sentences.insert(0, Sentence(DISAGREE, (1, 2)))
    for evidence, citation in cited:
        said_by = unsaid_speaker(evidence.text, evidence.speaker)
        differs = compared and evidence in (compared.first, compared.second)
        lead = compared.lead(evidence) if compared and differs else said_by
        sentences.append(Sentence(_statement(evidence), (citation.number,), lead=lead))
    shorts = filter(None, (short_answer(question, e) for e in best))
    short = "; ".join(dict.fromkeys(shorts)) or None
    difference = Difference(compared.kind, 1, 2) if compared else None
    return Draft(tuple(sentences), citations, short, when=when, difference=difference)


def _statement(evidence: Evidence) -> str:
    """Return the sentence as it is shown: the quote, or what is known of the article."""
    if evidence.stated is None:
        return squeeze(evidence.text)
    return publication_statement(evidence.article)


def choose(readings: Sequence[Sequence[Evidence]], n: int) -> list[Evidence]:
    """Return the best evidence of each part, then more of it, up to n pieces, none a repetition.

    After the best ones, a sentence from another article goes before one from the same.
    """
    chosen: list[Evidence] = []
    for evidence in readings:
        if not any(_same(evidence[0], c) for c in chosen):
            chosen.append(evidence[0])
    close = [
        e for evidence in readings for e in evidence[1:]
        if e.probability >= _CLOSE_TO_BEST * evidence[0].probability
    ]  # fmt: skip
    while len(chosen) < n and close:
        cited = {e.article.id for e in chosen}
        close = [e for e in close if not any(_same(e, c) for c in chosen)]
        close.sort(key=lambda e: -e.probability * (0.9 if e.article.id in cited else 1.0))
        chosen += close[:1]
        close = close[1:]
    return chosen


def _same(one: Evidence, other: Evidence) -> bool:
    """Return whether two sentences have most of their terms in common."""
    if one.stated or other.stated:
        return one.stated is not None and one.article.id == other.article.id
    a, b = set(terms(one.text)), set(terms(other.text))
    return overlap_coefficient(a, b) >= _SAYS_THE_SAME
