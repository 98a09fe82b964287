"""Find the notices of corrections, clarifications and updates in an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from qa_bot.datatypes import Span
from qa_bot.text import MONTHS, WEEKDAYS, split_sentences

Kind = Literal["correction", "clarification", "update"]


class Notice(NamedTuple):
    """A notice: its kind, and the span of its words."""

    kind: Kind
    words: Span


_STORY = (
    r"(?:article|story|stories|report|piece|page|post|item|text|headline|caption|video|version"
    r"|recipe|review|obituary|interview|profile|map|chart|graphic|recap|column|listing|list"
    r"|transcript|podcast|editorial|box score|photograph|picture)"
)
_DONE = r"(?:corrected|amended|updated|revised|clarified|changed|edited|withdrawn|retracted)"
_LABEL = (
    r"corrections?,? (?:and|&) (?:clarifications?|apolog(?:y|ies))|corrections?(?: appended)?"
    r"|clarifications?|clarifying|updated?|amendments?|retraction|errat(?:um|a)|apology"
    r"|for the record|editors?[’']s? note|note (?:from the editor|to readers)|the editor writes"
    r"|our mistake|we got (?:it|this) wrong|setting (?:it|the record) straight|rectification|eds"
)
_TIME = r"\d{1,2}[.:]\d\d(?:\s?[ap]\.?m\.?)?"
_DAY = rf"(?:\d|{'|'.join([*MONTHS, *WEEKDAYS])})"
_DATED = rf"(?:\s*\([^)\n]{{1,40}}\)|,?\s+(?=[^:\n]{{0,20}}{_DAY})(?:{_TIME}|[^:.\n—–-]){{1,30}})?"
_MISTAKEN = (
    r"(?:misstated|misspel(?:led|t)|misidentified|misattributed|misnamed|misquoted|misreported"
    r"|transposed|(?:gave|had|named|showed) the wrong"
    r"|(?:incorrectly|erroneously|wrongly|mistakenly|in error) (?:said|stated|reported|gave"
    r"|described|identified|named|referred|listed|attributed|credited|put|called|quoted|spelled|suggested))"
)
# A report that others speak of is no notice: "A police report misstated it, the court heard."
_OTHERS_SAY = (
    r"(?![^\n]{0,200}\b(?:heard|said|says|ruled|told|according)\b[.,]?[^\n]{0,20}(?:\n|$))"
)
_WROTE = r"(?:wrote|said|stated|called|named|reported|published|gave|described|printed)"
_BECAUSE = r"(?:because of|due to|owing to)\s[^,.\n]{3,60},\s+"
_SHORT = r"\b(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No|Mr|Mrs|Ms|Dr|St)\."
_OTHER_CLAUSE = (
    r"[^\n]{0,120}?\b(?:that|which|show\w*|reveal\w*|found|said|says)\b[^\n]*"
    r"\b(?:contained|had|included)\b"
)
_NAMED = r"\s+(?:[\w’'-]+\s+){0,4}?"
_NOTICE = re.compile(
    rf"^[^\w\n\"“]{{0,6}}(?P<label>{_LABEL}){_DATED}\s*(?:[:—–]|\.(?=\s)|\n)"
    r"|[(\[]\s*(?:corrects|corrected|updates|updated|adds|clarifies)\b"
    rf"|\b(?:this|the|our)\s+(?:\w+\s+){{0,3}}?{_STORY}\b[^.\n]{{0,60}}?"
    rf"\b(?:was|were|has been|have been|is) (?:later )?{_DONE}\b(?! (?:by|for)\b)"
    rf"|\b(?:an? (?:earlier|previous|prior)|the (?:original|first)) version "
    rf"of (?:this|the|our) {_STORY}\b"
    r"|\bin (?:an earlier|a previous) version\b"
    rf"|\bthis {_STORY} (?:corrects|updates|clarifies)\b"
    rf"|^(?P<column>(?:\w+:\s+|in addition,\s+|{_BECAUSE})?(?:an?|the|our|in){_NAMED}{_STORY}\b"
    rf"(?:[^.\n]|{_SHORT}){{0,160}}?\b{_MISTAKEN}\b{_OTHERS_SAY})"
    rf"|^(?P<paper>(?:in|on)\s+(?:our|an?|the|\w+[’']s){_NAMED}(?:{_STORY}|paper|edition)"
    rf"\b[^\n]{{0,120}}?\bwe (?:wrongly |incorrectly )?{_WROTE}\b)"
    r"|^(?P<regret>[^\n\"“]{0,60}\b(?:wishes to correct|regrets? the (?:error|mistake))\b)"
    rf"|^(?P<several>our(?!{_OTHER_CLAUSE}){_NAMED}{_STORY}\b(?:[^.\n]|{_SHORT}){{0,120}}?"
    r" (?:contained|had|included) (?:a number of|several|some|two|three|four|five|six|\d+) "
    rf"(?:\w+ )?(?:errors|mistakes|inaccuracies)\b{_OTHERS_SAY})",
    re.IGNORECASE | re.MULTILINE,
)
# A paper that says "we wrote" admits a mistake only with these words.
_ADMITS = re.compile(
    r"\b(?:wrong|incorrect|mistake|error|untrue|false|apologi[sz]e|regret|in fact|should have)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"correct|amend|retract|withdraw|misstat|misspel|misident|mistak|wrong|error|errat|apolog"
    r"|for the record"
)
_END = re.compile(r"\n|$")
_PARAGRAPH = re.compile(r"\S[^\n]*")
_LISTED = 8  # paragraphs that may be such a list; chosen by hand
_SENTENCE_END = re.compile(r"[.!?][\"”’»)\]]*(?=\s|$)|\n|$")
_LONGEST_CHARS = 400  # of one notice; chosen by hand

_SAID_WRONGLY = re.compile(
    r"\b(?:wrongly|incorrectly|mistakenly|erroneously|in error|misstated|misreported|misidentified)"
    rf"|\b(?:{_STORY}|we|it also)\b[^.;]{{0,60}}?\b(?:{_WROTE}|put)\b|\bmisspel(?:led|t)\b",
    re.IGNORECASE,
)
_WAS_SAID = re.compile(r"\b(?:was|were) (?:said|reported|stated) to (?:be|have)\b", re.IGNORECASE)
_NOT = re.compile(r",?\s(?:not|rather than|instead of)\s(?P<denied>[^.;,\n]{1,60}(?:[.,]\d+)*)")
_WAS_WRONG = re.compile(
    r"\s*(?:that|this|the figure|the number|the name|the date|it) (?:was|is) "
    r"(?:wrong|incorrect|not (?:right|correct|true)|an error|a mistake)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def find_notices(text: str) -> tuple[Notice, ...]:
    r"""Return the notices of a text, in order.

    >>> [n.kind for n in find_notices("It cost €9.\n\nCorrection: it cost €7, not €9.")]
    ['correction']
    """
    found: list[Notice] = []
    for match in _NOTICE.finditer(text):
        if found and match.start() < found[-1].words.end:
            continue
        end_of_line = _END.search(text, match.end())
        stop = end_of_line.start() if end_of_line else len(text)
        if match["paper"] and not _ADMITS.search(text, match.start(), stop):
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        admitted = any(match[name] for name in ("column", "paper", "regret", "several"))
        closing = _END if admitted or match["label"] else _SENTENCE_END
        end = closing.search(text, match.end())
        stop = min(end.end() if end else len(text), start + _LONGEST_CHARS)
        whole = text[start:stop].rstrip()
        kind: Kind = "correction" if admitted else _kind(whole)
        found.append(Notice(kind, Span(start, start + len(whole))))
        if match["several"]:
            found += _listed(text, match.end())
    return tuple(found)


def _listed(text: str, start: int) -> Iterator[Notice]:
    """Yield the paragraphs after "contained several errors" that say what was wrong."""
    line = text.find("\n", start)
    paragraphs = _PARAGRAPH.finditer(text, line) if line >= 0 else iter(())
    for match in islice(paragraphs, _LISTED):
        place = Span(*match.span())
        if any(wrong.search(text, *place) for wrong in (_SAID_WRONGLY, _WAS_SAID, _NOT)):
            yield Notice(
                "correction", Span(place.start, min(place.end, place.start + _LONGEST_CHARS))
            )


def corrections_in(text: str, words: Span) -> tuple[Span, ...]:
    """Return the notices of correction in a text that overlap these words of it."""
    return tuple(
        notice.words
        for notice in find_notices(text)
        if notice.kind == "correction"
        and notice.words.start < words.end
        and words.start < notice.words.end
    )


def withdrawn_in(text: str, notice: Span) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the sentences and words of a notice that repeat the mistake, and other sentences.

    Of "It is 3,200, not 2,300" the last number is such words, and the sentence is another one.
    """
    start, end = notice
    inside = [s for s in split_sentences(text) if s.start < end and start < s.end]
    wrong = [
        sentence
        for sentence, after in zip(inside, [*inside[1:], None], strict=True)
        if (after and _WAS_WRONG.match(text, after.start))
        or says_wrongly(text, sentence)
        or (after and _WAS_SAID.search(text, *sentence) and _is_listed(text, notice))
    ]
    right = tuple(s for s in inside if s not in wrong)
    denied = (m.span("denied") for s in right for m in _NOT.finditer(text, *s))
    return (*wrong, *(Span(*span) for span in denied)), right


def _is_listed(text: str, notice: Span) -> bool:
    """Return whether a notice stands below "our report contained several errors"."""
    return any(m["several"] and m.end() <= notice.start for m in _NOTICE.finditer(text))


def says_wrongly(text: str, words: Span) -> bool:
    """Return whether words of a text tell of what a report said, as notices repeat a mistake."""
    return bool(_SAID_WRONGLY.search(text, *words))


def _kind(words: str) -> Kind:
    said = words.lower()
    if _CORRECTS.search(said):
        return "correction"
    return "clarification" if "clarif" in said else "update"
