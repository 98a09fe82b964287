"""Compose an answer of quoted sentences with exact citations, or decline with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.answer import OPEN, Citation, Difference, PartKind, Sentence, Sources, When
from qa_bot.answering.agreement import agree, is_headline
from qa_bot.answering.attribution import role_lead, short_answer, speaker_lead
from qa_bot.answering.composition import Composition
from qa_bot.answering.conflicts import DISAGREE, Conflict, Embed, find_conflict
from qa_bot.answering.ranking import rank
from qa_bot.answering.refusal import find_refusal
from qa_bot.answering.times import adds_year, resolve_times
from qa_bot.datatypes import Evidence
from qa_bot.news import publication_statement
from qa_bot.question import Expects, Question
from qa_bot.reading import Reading
from qa_bot.retrieval import Retrieval
from qa_bot.text import overlap_coefficient, squeeze, terms

_CLOSE_TO_BEST = 0.3  # share of the best probability that a further sentence needs
_SAME_SENTENCE = 0.6  # share of the shorter sentence's terms that makes two sentences the same
_IN_A_CITED_SENTENCE = 0.4  # factor on the threshold; chosen by hand
_CHANGED = 0.5  # factor on the threshold where a later report of the same thing says what changed
_SAME_ARTICLE = 0.9  # factor on a further sentence of an article that is cited already


def compose(
    question: Question,
    retrieval: Retrieval,
    readings: Sequence[Reading],
    *,
    threshold: float,
    max_sentences: int,
    embed: Embed | None = None,
) -> Composition:
    """Return the sentences that answer a question, or a refusal.

    Args:
        question: the question.
        retrieval: hits, coverage and filters.
        readings: the evidence for each part of the question.
        threshold: the least probability, 0..1, of the best evidence.
        max_sentences: the most sentences to quote, at least 1; each part gets one anyway.
        embed: embeds sentences as unit vectors, to find conflicts; None skips that search.
    """
    found = [one for one in readings if one.evidence]
    ranked = [Reading(one.question, rank(one, retrieval.hits)) for one in found]
    counted = [agree(one.evidence) for one in ranked]
    agreed = [evidence for evidence, _ in counted]
    confidence = sum(e[0].probability for e in agreed) / max(1, len(readings))
    conflict = _conflict(ranked, agreed, embed, threshold)
    if conflict and conflict.kind == "changed" and _both(conflict, _CHANGED * threshold):
        threshold *= _CHANGED
    sure = _sure(agreed, threshold)
    likeliest = sure or list(agreed[:1])
    surest_first = sorted(likeliest, key=lambda evidence: evidence[0].probability < threshold)
    chosen = choose(surest_first, max_sentences, threshold)
    if refusal := find_refusal(question, chosen, retrieval, threshold):
        return Composition(confidence, refusal=refusal)
    best = [evidence[0] for evidence in likeliest]
    if conflict:
        best, chosen = _put_first(conflict, chosen, max_sentences)
    sources = None if conflict else counted[0][1]
    quoted = _quote(question, confidence, best, chosen, conflict, sources)
    open_parts = _open_parts(readings, ranked, agreed, sure)
    return replace(quoted, sentences=(*quoted.sentences, *open_parts))


def _conflict(
    ranked: Sequence[Reading],
    agreed: Sequence[Sequence[Evidence]],
    embed: Embed | None,
    threshold: float,
) -> Conflict | None:
    """Return the conflict between answers to a question of one part that may be answered.

    A person may have several roles.
    """
    if embed is None or len(ranked) != 1 or ranked[0].question.intent.person:
        return None
    if agreed[0][0].probability < _CHANGED * threshold:
        return None
    return find_conflict(ranked[0].question, agreed[0], embed, threshold)


def _both(conflict: Conflict, least: float) -> bool:
    """Return whether both reports are as probable as an answer must be."""
    return min(conflict.first.probability, conflict.second.probability) >= least


def _sure(agreed: Sequence[Sequence[Evidence]], threshold: float) -> list[Sequence[Evidence]]:
    """Return the evidence of each part that is answered, in the order of the question.

    What the sentence of a sure answer tells of another part too may be less probable.
    """
    sure = [evidence[0] for evidence in agreed if evidence[0].probability >= threshold]
    sentences = {(one.article.id, one.end) for one in sure}
    return [
        evidence
        for evidence in agreed
        if evidence[0].probability >= threshold
        or (
            (evidence[0].article.id, evidence[0].end) in sentences
            and evidence[0].probability >= _IN_A_CITED_SENTENCE * threshold
        )
    ]


def _open_parts(
    readings: Sequence[Reading],
    ranked: Sequence[Reading],
    agreed: Sequence[Sequence[Evidence]],
    sure: Sequence[Sequence[Evidence]],
) -> tuple[Sentence, ...]:
    """Return a statement for each part of a question that no evidence answers."""
    answers = {id(evidence) for evidence in sure}
    found = zip(ranked, agreed, strict=True)
    answered = {id(one.question) for one, evidence in found if id(evidence) in answers}
    left = (one.question for one in readings if id(one.question) not in answered)
    return tuple(Sentence(f"{OPEN} “{part.text}”", (), kind=PartKind.OPEN) for part in left)


def _put_first(
    conflict: Conflict, chosen: Sequence[Evidence], n: int
) -> tuple[list[Evidence], list[Evidence]]:
    """Return the evidence that answers, and up to n pieces to quote, the conflict's two first."""
    pair = [conflict.first, conflict.second]
    rest = [e for e in chosen if not any(_same(e, one) for one in pair)]
    best = pair if conflict.kind == "disagree" else pair[:1]
    return best, [*pair, *rest[: max(0, n - len(pair))]]


def _quote(
    question: Question,
    confidence: float,
    best: Sequence[Evidence],
    chosen: Sequence[Evidence],
    conflict: Conflict | None,
    sources: Sources | None,
) -> Composition:
    """Return the composition that quotes the chosen evidence."""
    citations = tuple(Citation(n, e.article, e.start, e.end) for n, e in enumerate(chosen, start=1))
    when = _when(question, best, chosen, citations)
    return Composition(
        confidence,
        sentences=_sentences(question, chosen, citations, when, conflict),
        citations=citations,
        short=_short(question, best, when),
        when=when,
        sources=sources,
        difference=Difference(conflict.kind, 1, 2) if conflict else None,
    )


def choose(readings: Sequence[Sequence[Evidence]], n: int, least: float = 0.0) -> list[Evidence]:
    """Return the best evidence of each part, then the next best, up to n pieces without repetition.

    A sentence of a new article precedes one of an article that is cited already. A headline is
    quoted only if it is the best evidence.

    Args:
        readings: the evidence for each part, best first.
        n: the most pieces.
        least: the least probability, 0..1, of a further sentence.
    """
    chosen: list[Evidence] = []
    for evidence in readings:
        if not any(_same(evidence[0], c) for c in chosen):
            chosen.append(evidence[0])
    close = [
        e for evidence in readings for e in evidence[1:]
        if e.probability >= max(least, _CLOSE_TO_BEST * evidence[0].probability)
        and not is_headline(e)
    ]  # fmt: skip
    while len(chosen) < n and close:
        cited = {e.article.id for e in chosen}
        close = [e for e in close if not any(_same(e, c) for c in chosen)]
        close.sort(key=lambda e: -e.probability * (_SAME_ARTICLE if e.article.id in cited else 1.0))
        chosen += close[:1]
        close = close[1:]
    return chosen


def _same(one: Evidence, other: Evidence) -> bool:
    """Return whether two sentences have most of their terms in common."""
    if one.stated or other.stated:
        return one.stated is not None and one.article.id == other.article.id
    a, b = set(terms(one.text)), set(terms(other.text))
    return overlap_coefficient(a, b) >= _SAME_SENTENCE


def _when(
    question: Question,
    best: Sequence[Evidence],
    chosen: Sequence[Evidence],
    citations: Sequence[Citation],
) -> tuple[When, ...]:
    """Return the times that answer, if the question asks for a time."""
    if question.expects is not Expects.TIME:
        return ()
    cited = zip(chosen, citations, strict=True)
    return resolve_times([(e, c) for e, c in cited if any(e is one for one in best)])


def _sentences(
    question: Question,
    chosen: Sequence[Evidence],
    citations: Sequence[Citation],
    when: Sequence[When],
    conflict: Conflict | None,
) -> tuple[Sentence, ...]:
    """Return the statement of disagreement, the times, and the quotes with their leads."""
    sentences = [
        Sentence(one.statement, (one.citation,), kind=PartKind.TIME)
        for one in when
        if adds_year(one)
    ]
    if conflict and conflict.kind == "disagree":
        sentences.insert(0, Sentence(DISAGREE, (1, 2), kind=PartKind.DISAGREEMENT))
    cited = zip(chosen, citations, strict=True)
    quoted = (_sentence(question, e, citation.number, conflict) for e, citation in cited)
    return (*sentences, *quoted)


def _sentence(
    question: Question, evidence: Evidence, number: int, conflict: Conflict | None
) -> Sentence:
    stated = evidence.stated is not None
    text = publication_statement(evidence.article) if stated else squeeze(evidence.text)
    kind = PartKind.PUBLICATION if stated else PartKind.QUOTE
    if conflict and evidence in (conflict.first, conflict.second):
        lead = conflict.lead(evidence)
        return Sentence(text, (number,), lead=lead, kind=kind, lead_kind=PartKind.REPORT)
    speaker = speaker_lead(evidence.text, evidence.speaker)
    if speaker is None and (role := role_lead(question, evidence)):
        return Sentence(text, (number,), lead=role, kind=kind, lead_kind=PartKind.ROLE)
    return Sentence(text, (number,), lead=speaker, kind=kind)


def _short(question: Question, best: Sequence[Evidence], when: Sequence[When]) -> str | None:
    """Return the words that answer, with a semicolon between those of several parts.

    A day that the words leave to the date of their article ("on Monday") is written out. Words of a
    sentence do not answer a question of yes or no.
    """
    if question.expects is Expects.YES_NO:
        return None
    shorts = [short for e in best if (short := short_answer(question, e))]
    if len(when) == len(best) == len(shorts) == 1 and shorts[0] in when[0].words:
        return shorts[0] if any(map(str.isdigit, shorts[0])) else when[0].written
    return "; ".join(dict.fromkeys(shorts)) or None
