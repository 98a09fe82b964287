"""Two articles that answer differently → has the thing changed, or do they contradict each other?

Compared are numbers of the same thing, times, and names of what there is one of, in articles on the
same story, neither a copy of the other; and whatever one of them denies in so many words. The later
article tells of a change if it says so, or if what is asked about goes on and it is days later;
otherwise the two disagree. Told apart, never averaged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa_bot.answering.agreement import one_source
from qa_bot.answering.attribution import asks_who_said
from qa_bot.answering.corrections import corrects, is_correction
from qa_bot.answering.differences import Of, kind_of_difference, same_unit, time_of
from qa_bot.answering.negation import denied_words, is_denied
from qa_bot.datatypes import Article, Evidence, Span
from qa_bot.grounding import missing_facts
from qa_bot.news import exact_day
from qa_bot.text import (
    LOWER,
    MONTHS,
    UPPER,
    WEEKDAYS,
    numbers,
    split_sentences,
    terms,
    written_day,
)

_WORTH = 0.2  # of the best probability that another answer must have
_ABOUT = 0.5  # share of the question's terms that one of the passages must have
# How alike two sentences, or else two articles, must be (cosine) to be of one story; and of what
# two answers are, how alike their sentences must be at least, and with the other's share of the
# best probability added. See DECISIONS, "News has time".
_ALIKE_SENTENCES, _ALIKE_ARTICLES = 0.6, 0.43
_NEEDED: dict[Of, tuple[float, float]] = {
    "number": (0.2, 0.6), "name": (0.0, 0.75), "time": (0.2, 0.7)
}  # fmt: skip
_LEAD_CHARS = 800  # of an article, that show what it is about
_SHARED_NAMES = 2
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
_MONTHS_AND_DAYS = "|".join([*MONTHS, *WEEKDAYS])
_NAME = re.compile(
    rf"(?<![.!?] )(?<!^)\b(?!(?i:{_MONTHS_AND_DAYS})\b){UPPER}{LOWER}{{2,}}|\b{UPPER}{{4,}}\b",
)
# What goes on after the first report: a state asked about as it is now, or a count of people.
_GOES_ON = re.compile(
    r"\b(?:is|are|does|do|will|has|have|leads?|runs?|holds?|costs?|now|current(?:ly)?)\b"
    r"|\bhow (?:many|large|big)\b|\btoll\b",
    re.IGNORECASE,
)
_DAYS_LATER = 2  # reports of a day or two are of the same state of things

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
        words = Span(evidence.start, evidence.end)
        return lead_of(self.kind, evidence.article, words, first=evidence is self.first)


DISAGREE = "The articles disagree."


def lead_of(kind: Kind, article: Article, words: Span, *, first: bool) -> str:
    """Return what stands before the sentence of the first or second of two that differ."""
    name = article.publisher or article.title
    if kind == "changed" and first:
        name = "Correction" if is_correction(article, words) else "Latest report"
    elif kind == "changed":
        name = "Earlier report"
    day = exact_day(article)
    return f"{name}, {written_day(day)}" if day else name


def compare(question: str, evidence: Sequence[Evidence], embed: Embed) -> Compared | None:
    """Return how the best answer and another one stand to each other, if one differs from it.

    Args:
        question: one part of what was asked.
        evidence: most probable first.
        embed: (n, dim) unit vectors of n texts.
    """
    best = evidence[0]
    if not best.answer or asks_who_said(question):
        return None
    others = [e for e in evidence[1:] if e.answer and not one_source(best, e)]
    for other in others:
        for right, wrong in ((best, other), (other, best)):
            if corrects(right, wrong):
                return Compared("changed", right, wrong)
        if _denies(best, other) or _denies(other, best):
            return _related("", best, other)
    for other in others:
        if other.probability < _WORTH * best.probability:
            break
        of = kind_of_difference(question, best, other)
        if of and _one_story(question, of, best, other, embed):
            return _related(question, best, other)
    return None


def _denies(one: Evidence, other: Evidence) -> bool:
    """Return whether the sentence of one says in so many words that it is not the other."""
    denied = denied_words(one)
    if not denied or not is_denied(other, denied) or not _share_a_name(one, other):
        return False
    return not numbers(denied) or same_unit(one, other)


def _one_story(question: str, of: Of, one: Evidence, other: Evidence, embed: Embed) -> bool:
    """Return whether two answers are of the same event or thing."""
    asked = set(terms(question))
    shared = [len(asked & set(terms(e.hit.passage.text))) for e in (one, other)]
    if not min(shared) or max(shared) < _ABOUT * len(asked):
        return False
    named = set(terms(" ".join(_NAME.findall(question))))
    if not (
        all(_has(e.article, named) for e in (one, other)) if named else _share_a_name(one, other)
    ):
        return False
    sentences = _cosine(embed, one.text, other.text)
    at_least, together = _NEEDED[of]
    share = other.probability / one.probability
    if sentences < at_least or sentences + share < together:
        return False
    if sentences >= _ALIKE_SENTENCES:
        return True
    leads = (f"{e.article.title}\n{e.article.text[:_LEAD_CHARS]}" for e in (one, other))
    return _cosine(embed, *leads) >= _ALIKE_ARTICLES


def _has(article: Article, named: set[str]) -> bool:
    """Return whether an article has all names, or words made of them: Zambour, Zambourians."""
    there = set(terms(f"{article.title} {article.text}"))
    return all(any(term.startswith(name) for term in there) for name in named)


def _in_order(one: Evidence, other: Evidence) -> tuple[Evidence, Evidence]:
    """Return the earlier and the later of two."""
    earlier, later = sorted((one, other), key=lambda e: exact_day(e.article) or date.min)
    return earlier, later


def _cosine(embed: Embed, one: str, other: str) -> float:
    return float(np.prod(embed([one, other]), axis=0).sum())


def _related(question: str, best: Evidence, other: Evidence) -> Compared:
    """Return the two as a change, if the later one tells it or much has passed, or else not."""
    earlier, later = _in_order(best, other)
    days = exact_day(earlier.article), exact_day(later.article)
    apart = (days[1] - days[0]).days if days[0] and days[1] else 0
    goes_on = apart >= _DAYS_LATER and _GOES_ON.search(question)
    if apart and (goes_on or _tells_change(earlier, later)):
        return Compared("changed", later, earlier)
    return Compared("disagree", best, other)


def _share_a_name(one: Evidence, other: Evidence) -> bool:
    """Return whether two reports name the same: a name beside the answers, or two around them."""
    first, second = (_names_in(f"{e.article.title} {e.text}") for e in (one, other))
    if first & second or not _names_in(one.article.text) or not _names_in(other.article.text):
        return True
    first, second = (_names_in(e.article.text) for e in (one, other))
    return len(first & second) >= _SHARED_NAMES


def _names_in(text: str) -> set[str]:
    return {name.casefold() for name in _NAME.findall(text)}


def _tells_change(earlier: Evidence, later: Evidence) -> bool:
    """Return whether the later article says beside its answer that it was otherwise before."""
    told = f"{later.article.title}. {later.text}"
    return bool(_CHANGE.search(told)) or _names_before(earlier, later)


def _names_before(earlier: Evidence, later: Evidence) -> bool:
    """Return whether the later article says the earlier one's number or date beside its own."""
    time = time_of(earlier)
    before = f"{time.first:%-d %B}" if time and time.precision == "day" else earlier.words
    around = f"{later.article.title}. {_around(later)}"
    denied = denied_words(later)  # to deny it is no change
    return (
        bool(before and numbers(before)) and not denied and not missing_facts(before or "", around)
    )


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
