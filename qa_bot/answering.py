"""Evidence → an answer of quoted sentences with exact citations, or a refusal with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from qa_bot.attributing import by_speaker, short_answer, unsaid_speaker
from qa_bot.comparing import DISAGREE, Compared, Embed, compare, one_source
from qa_bot.correcting import put_right, without_corrected
from qa_bot.datatypes import (
    Article,
    Citation,
    Coverage,
    Difference,
    Evidence,
    Hit,
    Refusal,
    RefusalReason,
    Sentence,
    Sources,
    When,
)
from qa_bot.denying import affirmed
from qa_bot.filters import Filters
from qa_bot.naming import unmentioned
from qa_bot.news import originality, publication_statement
from qa_bot.question import question_parts
from qa_bot.text import squeeze, terms, words
from qa_bot.timing import adds_to, asks_when, told_times

_NEAREST = 3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Further sentences are quoted only if they are nearly as probable as the best one.
_CLOSE_TO_BEST = 0.3
_SAYS_THE_SAME = 0.6
_AGREEMENT = 0.5  # how far another article's word counts beside the best one's
_RELEVANT = 0.35  # a best hit with less is about something else


@dataclass(frozen=True, slots=True)
class Draft:
    """The part of an answer that evidence decides: sentences and citations, or a refusal.

    ``written`` says that a language model wrote the sentences; ``withheld`` are those of its
    sentences that nothing supports, ``unresolved`` markers of it that name no passage, and
    ``note`` says why the articles' own words stand in its place. ``timeline`` says that the
    sentences are events, each led by its time.
    """

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    short: str | None = None
    refusal: Refusal | None = None
    confidence: float = 0.0
    written: bool = False
    withheld: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    note: str | None = None
    when: tuple[When, ...] = ()
    sources: Sources | None = None
    difference: Difference | None = None
    timeline: bool = False


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


def agree(evidence: Sequence[Evidence]) -> tuple[list[Evidence], Sources]:
    """Return the evidence with its best piece raised by others that say the same, and how many do.

    A copy of an article that was counted, or the same sentence again, is no other source.
    """
    best = _original(evidence)
    doubt = 1 - best.probability
    articles, independent = {best.article.id}, [best]
    for other in evidence[1:]:
        if not (other.words and best.words and _alike(other.words, best.words)):
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


def _original(evidence: Sequence[Evidence]) -> Evidence:
    """Return the best evidence, or the same sentence in the original that its article copies."""
    best = evidence[0]
    copies = {copy.id for copy in best.hit.copies}
    said = words(best.text)
    same = [e for e in evidence if e.article.id in copies and words(e.text) == said]
    original = min([best, *same], key=lambda e: originality(e.article))
    return replace(original, probability=best.probability)


def _alike(one: str, other: str) -> bool:
    """Return whether two answers are the same, or one is the other with more words."""
    a, b = set(words(one)), set(words(other))
    return bool(a and b) and (a <= b or b <= a)


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
    return len(a & b) / max(1, min(len(a), len(b))) >= _SAYS_THE_SAME


def _refuse(
    question: str,
    chosen: Sequence[Evidence],
    hits: Sequence[Hit],
    coverage: Coverage,
    filters: Filters,
    threshold: float,
) -> Refusal | None:
    if coverage.articles == 0:
        return _nothing_searched(coverage, filters)
    nearest = _nearest(hits)
    if year := _year_outside(question, coverage, chosen):
        message = f"The articles don't say: they cover {_period(coverage)}, not {year}."
        return Refusal(RefusalReason.OUTSIDE_DATES, message, nearest)
    if not chosen or hits[0].score < _RELEVANT:
        message = f"Nothing in the {_articles(coverage.articles)} searched is about this."
        return Refusal(RefusalReason.NOTHING_RELEVANT, message, nearest)
    if chosen[0].probability < threshold:
        if names := unmentioned(question, hits):
            lacking = " or ".join(names)
            message = f"The articles don't say: none of those found mentions {lacking}."
            return Refusal(RefusalReason.FALSE_PREMISE, message, nearest)
        message = (
            "The articles don't say. The nearest ones are about the subject, "
            "but no sentence in them answers the question."
        )
        return Refusal(RefusalReason.NOT_ANSWERED, message, nearest)
    return None


def _nothing_searched(coverage: Coverage, filters: Filters) -> Refusal:
    if coverage.in_index == 0:
        message = "The index holds no articles yet. Add some with: qa-bot build ARTICLES"
        return Refusal(RefusalReason.EMPTY_INDEX, message)
    if not filters.dated:
        message = "No article is of the publisher, or has the ids, asked for."
        return Refusal(RefusalReason.NOTHING_RELEVANT, message)
    left_out = f" ({_articles(coverage.left_out)} left out: no exact date)"
    message = "No article lies within the dates asked for"
    return Refusal(
        RefusalReason.OUTSIDE_DATES, f"{message}{left_out if coverage.left_out else ''}."
    )


def _year_outside(question: str, coverage: Coverage, chosen: Sequence[Evidence]) -> str | None:
    """Return a year in the question outside the articles' dates and in no passage of evidence."""
    if coverage.first is None or coverage.last is None:
        return None
    for year in _YEAR.findall(question):
        outside = not coverage.first.year <= int(year) <= coverage.last.year
        if outside and not any(year in e.hit.passage.text for e in chosen):
            return str(year)
    return None


def _nearest(hits: Sequence[Hit]) -> tuple[Article, ...]:
    articles = {hit.passage.article.id: hit.passage.article for hit in hits}
    return tuple(articles.values())[:_NEAREST]


def _period(coverage: Coverage) -> str:
    return f"{_date(coverage.first)} to {_date(coverage.last)}"


def _date(day: object) -> str:
    return f"{day:%-d %B %Y}"


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
