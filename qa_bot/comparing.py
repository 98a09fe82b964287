"""Two articles that answer differently → has the thing changed, or do they contradict each other?

Only numbers of the same thing and times are compared, in sentences that say much the same
otherwise, neither a copy of the other; names differ for too many reasons. The later article tells
of a change if it, or the sentences beside the answer, say so; otherwise the two disagree. Told
apart, never averaged.
"""

from __future__ import annotations

import re
from calendar import day_name, month_abbr, month_name
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.attributing import asks_who_said
from qa_bot.datatypes import Article, Evidence, Span
from qa_bot.facts import missing_facts, numbers
from qa_bot.headers import exact_day, written_day
from qa_bot.moments import Moment, find_moments
from qa_bot.sentences import split_sentences
from qa_bot.terms import is_function_word, stem, terms
from qa_bot.timing import asks_when

_WORTH = 0.25  # of the best probability that another answer must have
_ABOUT = 0.5  # share of the question's terms that one of the sentences must have
# How alike the two sentences must be (cosine): see DECISIONS, "News has time".
_ALIKE, _ALIKE_CHANGED, _ALIKE_TIMES = 0.5, 0.35, 0.65
_CHANGE_WORDS = (
    r"no longer|rather than|instead(?: of)?|earlier (?:figure|estimate|report|count|toll)",
    r"(?:first|initial) (?:estimate|report|figure|count|toll)|at first|previous(?:ly)?|was to have",
    r"(?:more|less|later|fewer|higher|lower|earlier) than|(?:up|down) from|cut (?:to|from)",
    r"rais\w+|rises?|rose|risen|reduc\w+|lower(?:ed|s)|increas\w+|climb\w+|revis\w+|updat\w+",
    r"(?:put|pushed|set) (?:off|back)|postpon\w+|delay\w*|brought forward|reschedul\w+|chang\w+",
    r"succe(?:eds?|eded|ssor)|replac\w+|tak(?:es|en) over|took over|resign\w*|stepp?(?:ed|s)? down",
    r"corrected|correction|now (?:put|stands?|known)",
    r"as (?:announced|planned|reported|stated)|reported (?:on|at first|earlier|before)",
)
_CHANGE = re.compile(rf"\b(?:{'|'.join(_CHANGE_WORDS)})\b", re.IGNORECASE)
_MONTHS_AND_DAYS = "|".join([*month_name[1:], *month_abbr[1:], *day_name])
_NAME = re.compile(
    rf"(?<![.!?] )(?<!^)\b(?!(?:{_MONTHS_AND_DAYS})\b)[A-ZÀ-Ý][a-zà-ÿ]{{2,}}|\b[A-ZÀ-Ý]{{4,}}\b",
)
_SHARED_NAMES = 2
_AFTER_NUMBER = re.compile(r"[^\W\d_]+|[%€$£]")
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "mln", "bln", "and"})

Kind = Literal["changed", "disagree"]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two answers: changed, the current one first; or in disagreement, the likelier one first."""

    kind: Kind
    first: Evidence
    second: Evidence

    def lead(self, evidence: Evidence) -> str:
        """Return the words that stand before the sentence of one of the two."""
        return lead_of(self.kind, evidence.article, first=evidence is self.first)


DISAGREE = "The articles disagree."


def lead_of(kind: Kind, article: Article, *, first: bool) -> str:
    """Return what stands before the sentence of the first or second of two that differ."""
    name = article.publisher or article.title
    if kind == "changed":
        name = "Latest report" if first else "Earlier report"
    day = exact_day(article)
    return f"{name}, {written_day(day)}" if day else name


def one_source(one: Evidence, other: Evidence) -> bool:
    """Return whether two sentences are of one article or its copies, or are the same words."""
    copied = any(
        copy.id == b.article.id for a, b in ((one, other), (other, one)) for copy in a.hit.copies
    )
    return copied or one.article.id == other.article.id or one.text == other.text


def compare(question: str, evidence: Sequence[Evidence], embed: Embed) -> Compared | None:
    """Return how the best answer and another one stand to each other, if one differs from it.

    Args:
        question: one part of what was asked.
        evidence: most probable first.
        embed: (n, dim) unit vectors of n sentences.
    """
    best = evidence[0]
    if not best.answer or asks_who_said(question):
        return None
    for other in evidence[1:]:
        if other.probability < _WORTH * best.probability:
            break
        if other.answer and _differs(question, best, other) and _is_about(question, best, other):
            compared = _related(best, other)
            alike = float(np.prod(embed([best.text, other.text]), axis=0).sum())
            if alike >= _needed(question, compared):
                return compared
    return None


def _needed(question: str, compared: Compared) -> float:
    """Return how alike two sentences must be to be of the same thing."""
    changed = compared.kind == "changed"
    if asks_when(question):
        return _ALIKE_CHANGED if changed and _names(compared) else _ALIKE_TIMES
    return _ALIKE_CHANGED if changed and _unit(compared.first) else _ALIKE


def _related(best: Evidence, other: Evidence) -> Compared:
    earlier, later = sorted((best, other), key=lambda e: exact_day(e.article) or date.min)
    days = exact_day(earlier.article), exact_day(later.article)
    if None not in days and days[0] != days[1] and _tells_change(earlier, later):
        return Compared("changed", later, earlier)
    return Compared("disagree", best, other)


def _differs(question: str, one: Evidence, other: Evidence) -> bool:
    """Return whether two answers are of one kind and not the same."""
    if one_source(one, other):
        return False
    if asks_when(question):
        first, second = _time(one), _time(other)
        return bool(first and second and (first.last < second.first or second.last < first.first))
    figures, others = numbers(one.words or ""), numbers(other.words or "")
    return bool(figures and others) and _unit(one) == _unit(other) and not figures & others


def _time(evidence: Evidence) -> Moment | None:
    assert evidence.answer is not None
    start, end = evidence.answer
    moments = find_moments(evidence.article.text, evidence.article.published)
    return next((m for m in moments if m.words.start < end and start < m.words.end), None)


def _unit(evidence: Evidence) -> str:
    """Return the stem of what an answer counts: "46 million lorins", "seven people"."""
    assert evidence.answer is not None
    after = evidence.article.text[evidence.answer.start : evidence.answer.start + 60]
    for word in _AFTER_NUMBER.findall(after):
        low = word.lower()
        if low in _SCALES or numbers(low):
            continue
        return "" if is_function_word(low) else stem(low)
    return ""


def _is_about(question: str, one: Evidence, other: Evidence) -> bool:
    """Return whether one of two sentences has enough of what was asked, and both have some."""
    if not _share_a_name(one, other):
        return False
    asked = set(terms(question))
    shared = [len(asked & set(terms(e.text))) for e in (one, other)]
    return min(shared) > 0 and max(shared) >= _ABOUT * len(asked)


def _share_a_name(one: Evidence, other: Evidence) -> bool:
    """Return whether two reports name the same: a name beside the answers, or two around them."""
    first, second = (_names_in(f"{e.article.title} {e.text}") for e in (one, other))
    if not first or not second or first & second:
        return True
    first, second = (_names_in(e.hit.passage.text) for e in (one, other))
    return len(first & second) >= _SHARED_NAMES


def _names_in(text: str) -> set[str]:
    return {name.casefold() for name in _NAME.findall(text)}


def _tells_change(earlier: Evidence, later: Evidence) -> bool:
    """Return whether the later article says beside its answer that it was otherwise before."""
    told = f"{later.article.title}. {later.text}"
    return bool(_CHANGE.search(told)) or _names(Compared("changed", later, earlier))


def _names(compared: Compared) -> bool:
    """Return whether the later article says the earlier one's number or date beside its own."""
    time = _time(compared.second)
    before = f"{time.first:%-d %B}" if time and time.precision == "day" else compared.second.words
    around = f"{compared.first.article.title}. {_around(compared.first)}"
    return bool(before and numbers(before)) and not missing_facts(before or "", around)


def _around(evidence: Evidence) -> str:
    """Return the sentence of an answer with the ones beside it."""
    text = evidence.article.text
    spans = split_sentences(text)
    place = Span(evidence.start, evidence.end)
    at = [i for i, span in enumerate(spans) if span.end > place.start and span.start < place.end]
    if not at:
        return evidence.text
    near = spans[max(0, at[0] - 1) : at[-1] + 2]
    return " ".join(text[slice(*span)] for span in near)
