"""Two articles that answer differently → has the thing changed, or do they contradict each other?

Compared are numbers of the same thing, times, and names of what there is one of, in sentences that
say much the same otherwise, neither a copy of the other; and whatever one of them denies in so many
words. The later article tells of a change if it, or the sentences beside the answer, say so;
otherwise the two disagree. Told apart, never averaged.
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
from qa_bot.denying import denied_words, is_denied
from qa_bot.facts import missing_facts, numbers
from qa_bot.headers import exact_day, written_day
from qa_bot.moments import Moment, find_moments
from qa_bot.sentences import split_sentences
from qa_bot.terms import is_function_word, stem, terms
from qa_bot.timing import asks_when

_WORTH = 0.25  # of the best probability that another answer must have
_ABOUT = 0.5  # share of the question's terms that one of the sentences must have
# How alike the two sentences must be (cosine): see DECISIONS, "News has time".
_ALIKE, _ALIKE_CHANGED, _ALIKE_TIMES, _ALIKE_NAMES = 0.5, 0.35, 0.65, 0.75
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
# Asked for what there is one of: who holds an office or did a thing alone, where a thing is.
_ROLE = r"(?:is|was|became|becomes|will be|has become)\s+(?:now\s+)?(?:the|[A-Z]\S+[’']s?)\s"
_DONE_BY_ONE = (
    r"won|wins|ordered|founded|wrote|designed|discovered|invented|le(?:d|ads)|head(?:s|ed)"
    r"|owns|bought|chair(?:s|ed)|commands|replace[ds]|succeed(?:s|ed)|took over|caused|started"
)
_ASKS_FOR_ONE = re.compile(
    rf"\bwho\s(?:{_ROLE}|(?:{_DONE_BY_ONE})\b)|\bwhose\b|\bwhere\b"
    r"|\bwhich\s(?:city|town|village|country|place|team|party|company|court)\s(?!of\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:[A-ZÀ-Ý][\w’'.-]*(?: (?:of |de |van |von |al-|the )?|$))+")
_AFTER_NUMBER = re.compile(r"[^\W\d_]+|[%€$£]")
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "mln", "bln", "and"})

Kind = Literal["changed", "disagree"]
Of = Literal["number", "time", "name"]
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
        if _denies(best, other) or _denies(other, best):
            return _related(best, other, _CHANGE.search)
    for other in evidence[1:]:
        if other.probability < _WORTH * best.probability:
            break
        of = _kind(question, best, other)
        if of and _is_about(question, best, other):
            compared = _related(best, other)
            if _alike(compared, embed, masked=of == "name") >= _needed(of, compared):
                return compared
    return None


def _denies(one: Evidence, other: Evidence) -> bool:
    """Return whether the sentence of one says in so many words that it is not the other."""
    denied = denied_words(one)
    if not denied or not other.answer or one_source(one, other):
        return False
    return is_denied(other, denied) and _share_a_name(one, other)


def _alike(compared: Compared, embed: Embed, *, masked: bool) -> float:
    """Return how alike two sentences are, −1..1; masked: whatever they answer."""
    pair = [_masked(e) if masked else e.text for e in (compared.first, compared.second)]
    return float(np.prod(embed(pair), axis=0).sum())


def _masked(evidence: Evidence) -> str:
    """Return a sentence with its answer left open."""
    assert evidence.answer is not None
    text = evidence.article.text
    before, after = text[evidence.start : evidence.answer.start], text[evidence.answer.end :]
    return f"{before}someone{after[: max(0, evidence.end - evidence.answer.end)]}"


def _needed(of: Of, compared: Compared) -> float:
    """Return how alike two sentences must be to be of the same thing."""
    changed = compared.kind == "changed"
    if of == "name":
        return _ALIKE_NAMES
    if of == "time":
        return _ALIKE_CHANGED if changed and _names(compared) else _ALIKE_TIMES
    return _ALIKE_CHANGED if changed and _unit(compared.first) else _ALIKE


def _related(
    best: Evidence, other: Evidence, says_so: Callable[[str], object] | None = None
) -> Compared:
    """Return the two as a change, if the later one tells it, or else as a contradiction."""
    earlier, later = sorted((best, other), key=lambda e: exact_day(e.article) or date.min)
    days = exact_day(earlier.article), exact_day(later.article)
    told = says_so(_told(later)) if says_so else _tells_change(earlier, later)
    if None not in days and days[0] != days[1] and told:
        return Compared("changed", later, earlier)
    return Compared("disagree", best, other)


def _kind(question: str, one: Evidence, other: Evidence) -> Of | None:
    """Return of which kind two answers are that are not the same; None: they cannot differ."""
    if not other.answer or one_source(one, other):
        return None
    first, second = _time(one), _time(other)
    if asks_when(question) or (_is_day(one, first) and _is_day(other, second)):
        apart = first and second and (first.last < second.first or second.last < first.first)
        return "time" if apart else None
    said, others = one.words or "", other.words or ""
    figures, other_figures = numbers(said), numbers(others)
    if figures and other_figures:
        same_unit = _unit(one) == _unit(other)
        return "number" if same_unit and not figures & other_figures else None
    named = _NAMED.fullmatch(said) and _NAMED.fullmatch(others)
    if named and _ASKS_FOR_ONE.search(question) and not set(terms(said)) & set(terms(others)):
        return "name"
    return None


def _is_day(evidence: Evidence, moment: Moment | None) -> bool:
    """Return whether an answer is a day of the calendar and nothing else."""
    assert evidence.answer is not None
    place = evidence.answer
    whole = moment and moment.words.start <= place.start and place.end <= moment.words.end
    return bool(whole and moment and moment.precision == "day")


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
    return bool(_CHANGE.search(_told(later))) or _names(Compared("changed", later, earlier))


def _told(evidence: Evidence) -> str:
    return f"{evidence.article.title}. {evidence.text}"


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
