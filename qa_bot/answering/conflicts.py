"""Decide whether two articles that answer differently report a change or contradict each other.

The module compares numbers of the same thing, times, names where only one can be right, and
explicit denials. The articles must cover the same story, and neither may copy the other. The later
article reports a change if it says so, or if the question asks about a lasting state and days lie
between the two; otherwise the articles disagree: on names only if a month at most lies between, on
times only if both had passed or both were still to come.
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
from qa_bot.answering.corrections import corrects
from qa_bot.answering.differences import DifferenceKind, kind_of_difference, same_unit, time_of
from qa_bot.answering.negation import denied_words, is_denied
from qa_bot.datatypes import Article, Evidence, Span
from qa_bot.grounding import missing_facts
from qa_bot.news import corrections_in, exact_day
from qa_bot.question import Question
from qa_bot.text import LOWER, MONTHS, UPPER, WEEKDAYS, numbers, split_sentences, terms, written_day

_WORTH = 0.2  # share of the best probability that another answer needs
_ABOUT = 0.5  # share of the question's terms that one of the passages needs
# One story needs this cosine of the two sentences, or else of the two articles.
_ALIKE_SENTENCES, _ALIKE_ARTICLES = 0.6, 0.43
# A difference of each kind needs this cosine of the sentences, and this sum of the cosine and the
# share of the best probability. See docs/decisions/0034-differences-by-kind.md.
_NEEDED: dict[DifferenceKind, tuple[float, float]] = {
    "number": (0.2, 0.6), "name": (0.0, 0.75), "time": (0.2, 0.7)
}  # fmt: skip
_LEAD_CHARS = 800  # characters of an article that show its subject
_SHARED_NAMES = 2
_COUNT = (  # "more than 4,000 people" names no earlier figure
    r"[\d€£$]|an?\b|half\b|(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|dozen|hundred|thousand|million)"
)
_CHANGE_WORDS = (
    r"no longer|rather than|instead(?: of)?|earlier (?:figure|estimate|report|count|toll)",
    r"(?:first|initial) (?:estimate|report|figure|count|toll)|at first|previous(?:ly)?|was to have",
    rf"(?:more|less|later|fewer|higher|lower|earlier) than(?! (?:{_COUNT}))|(?:up|down) from",
    r"cut (?:to|from)",
    r"rais\w+|rises?|rose|risen|reduc\w+|lower(?:ed|s)|increas\w+|climb\w+|revis\w+|updat\w+",
    r"(?:put|pushed|set) (?:off|back)|postpon\w+|delay\w*|brought forward|reschedul\w+|chang\w+",
    r"succe(?:eds?|eded|ssor)|replac\w+|tak(?:es|en) over|took over|resign\w*|stepp?(?:ed|s)? down",
    r"corrected|correction|now (?:put|stands?|known)",
    r"as (?:announced|planned|reported|stated)|reported (?:on|at first|earlier|before)",
)
_CHANGE = re.compile(rf"\b(?:{'|'.join(_CHANGE_WORDS)})\b", re.IGNORECASE)
_INTERIM = re.compile(  # a count that goes on, or an entry of a live blog
    r"\bso far\b|\b(?:has|have) (?:passed|reached|risen|grown|climbed)\b|\bup from\b"
    r"|\bby (?:noon|midday|midnight|early|late|\w+day (?:morning|afternoon|evening|night))\b"
    r"|\bas of\b|\bprovisional|\bpreliminary|^\d\d?[:.]\d\d\b",
    re.IGNORECASE,
)
_MONTHS_AND_DAYS = "|".join([*MONTHS, *WEEKDAYS])
_NAME = re.compile(
    rf"(?<![.!?] )(?<!^)\b(?!(?i:{_MONTHS_AND_DAYS})\b){UPPER}{LOWER}{{2,}}|\b{UPPER}{{4,}}\b",
)
_DAYS_LATER = 2  # days after which a state may have changed
_SAME_TIME_DAYS = 30  # days within which two names contradict each other; chosen by hand

Kind = Literal["changed", "disagree"]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two answers that differ: the current one first after a change, else the likelier one."""

    kind: Kind
    first: Evidence
    second: Evidence

    def lead(self, evidence: Evidence) -> str:
        """Return the lead of the sentence of one of the two."""
        words = Span(evidence.start, evidence.end)
        return _lead(self.kind, evidence.article, words, first=evidence is self.first)


DISAGREE = "The articles disagree."


def _lead(kind: Kind, article: Article, words: Span, *, first: bool) -> str:
    """Return the lead of the first or second of two sentences that differ."""
    name = article.publisher or article.title
    if kind == "changed" and first:
        name = "Correction" if corrections_in(article.text, words) else "Latest report"
    elif kind == "changed":
        name = "Earlier report"
    day = exact_day(article)
    return f"{name}, {written_day(day)}" if day else name


def find_conflict(
    question: Question, evidence: Sequence[Evidence], embed: Embed, least: float = 0.0
) -> Conflict | None:
    """Return the best answer and the first one that differs from it, or None.

    Args:
        question: a question without parts.
        evidence: most probable first.
        embed: embeds n texts as (n, dim) unit vectors.
        least: the least probability, 0..1, of an answer that disagrees.
    """
    best = evidence[0]
    if not best.answer or question.intent.who_said:
        return None
    others = [e for e in evidence[1:] if e.answer and not one_source(best, e)]
    for other in others:
        for right, wrong in ((best, other), (other, best)):
            if corrects(right, wrong):
                return Conflict("changed", right, wrong)
        if _denies(best, other) or _denies(other, best):
            return _ordered(best, other, state=False)
    for other in others:
        if other.probability < _WORTH * best.probability:
            break
        kind = kind_of_difference(question, best, other)
        if kind and _one_story(question, kind, best, other, embed):
            conflict = _ordered(best, other, state=question.intent.state)
            sure = other.probability >= least and not _may_both_be_right(kind, best, other)
            if conflict.kind == "changed" or sure:
                return conflict
    return None


def _denies(one: Evidence, other: Evidence) -> bool:
    """Return whether the sentence of one explicitly denies the answer of the other."""
    denied = denied_words(one)
    if not denied or not is_denied(other, denied) or not _share_a_name(one, other):
        return False
    if bool(time_of(one)) != bool(time_of(other)):  # "not on November 8" denies no eight boats
        return False
    return not numbers(denied) or same_unit(one, other)


def _one_story(
    question: Question, kind: DifferenceKind, one: Evidence, other: Evidence, embed: Embed
) -> bool:
    """Return whether two answers are about the same event or thing."""
    asked = set(question.terms)
    shared = [len(asked & set(terms(e.hit.passage.text))) for e in (one, other)]
    if not min(shared) or max(shared) < _ABOUT * len(asked):
        return False
    named = set(terms(" ".join(question.names + question.acronyms)))
    if not (
        all(_has(e.article, named) for e in (one, other)) if named else _share_a_name(one, other)
    ):
        return False
    sentences = _cosine(embed, one.text, other.text)
    at_least, together = _NEEDED[kind]
    share = other.probability / one.probability
    if sentences < at_least or sentences + share < together:
        return False
    if sentences >= _ALIKE_SENTENCES:
        return True
    leads = (f"{e.article.title}\n{e.article.text[:_LEAD_CHARS]}" for e in (one, other))
    return _cosine(embed, *leads) >= _ALIKE_ARTICLES


def _has(article: Article, named: set[str]) -> bool:
    """Return whether an article has each name, or a word that begins with it: Zambour(ians)."""
    there = set(terms(f"{article.title} {article.text}"))
    return all(any(term.startswith(name) for term in there) for name in named)


def _in_order(one: Evidence, other: Evidence) -> tuple[Evidence, Evidence]:
    """Return the earlier and the later report."""
    earlier, later = sorted((one, other), key=lambda e: exact_day(e.article) or date.min)
    return earlier, later


def _cosine(embed: Embed, one: str, other: str) -> float:
    return float(np.prod(embed([one, other]), axis=0).sum())


def _ordered(best: Evidence, other: Evidence, *, state: bool) -> Conflict:
    """Return a change if the later article reports one, else a disagreement.

    If the question asks about a ``state``, some days between the articles are enough.
    """
    earlier, later = _in_order(best, other)
    apart = _days_apart(best, other)
    changes = state and apart >= _DAYS_LATER
    if apart and (changes or _reports_change(earlier, later)):
        return Conflict("changed", later, earlier)
    return Conflict("disagree", best, other)


def _may_both_be_right(kind: DifferenceKind, one: Evidence, other: Evidence) -> bool:
    """Return whether two answers may both be right: of two times, or a count that went on.

    Names are of two times if a month lies between, times if only one was still to come.
    """
    if kind == "time":
        return _is_planned(one) != _is_planned(other)
    if kind == "number":
        return not _days_apart(one, other) and _went_on(one) != _went_on(other)
    return kind == "name" and _days_apart(one, other) > _SAME_TIME_DAYS


def _days_apart(one: Evidence, other: Evidence) -> int:
    """Return the days between two reports; 0 if the day of one is not known."""
    earlier, later = (exact_day(e.article) for e in _in_order(one, other))
    return (later - earlier).days if earlier and later else 0


def _is_planned(evidence: Evidence) -> bool:
    """Return whether the time that answers was still to come when its article appeared."""
    time, published = time_of(evidence), evidence.article.published
    return bool(time and published and time.first > published.last)


def _share_a_name(one: Evidence, other: Evidence) -> bool:
    """Return whether two reports share a name near their answers, or two names anywhere."""
    first, second = (_names_in(f"{e.article.title} {e.text}") for e in (one, other))
    if first & second or not _names_in(one.article.text) or not _names_in(other.article.text):
        return True
    first, second = (_names_in(e.article.text) for e in (one, other))
    return len(first & second) >= _SHARED_NAMES


def _names_in(text: str) -> set[str]:
    return {name.casefold() for name in _NAME.findall(text)}


def _reports_change(earlier: Evidence, later: Evidence) -> bool:
    """Return whether the later article says next to its answer that something changed.

    An earlier count that went on when it was reported has changed too.
    """
    sentence = f"{later.article.title}. {later.text}"
    if _CHANGE.search(sentence) or _names_before(earlier, later):
        return True
    return bool(numbers(earlier.words or "")) and _went_on(earlier)


def _went_on(count: Evidence) -> bool:
    """Return whether a count went on when it was reported."""
    return bool(_INTERIM.search(count.text))


def _names_before(earlier: Evidence, later: Evidence) -> bool:
    """Return whether the later article repeats the earlier number or date next to its own."""
    time = time_of(earlier)
    before = f"{time.first:%-d %B}" if time and time.precision == "day" else earlier.words
    around = f"{later.article.title}. {_around(later)}"
    denied = denied_words(later)  # a denial is not a change
    if denied or not before or not numbers(before):
        return False
    return not missing_facts(before, around, exact=True)


def _around(evidence: Evidence) -> str:
    """Return the sentence of an answer with its two neighbours."""
    text = evidence.article.text
    spans = split_sentences(text)
    place = Span(evidence.start, evidence.end)
    at = [i for i, span in enumerate(spans) if span.end > place.start and span.start < place.end]
    if not at:
        return evidence.text
    near = spans[max(0, at[0] - 1) : at[-1] + 2]
    return " ".join(text[slice(*span)] for span in near)
