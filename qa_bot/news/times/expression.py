"""The context of a time expression: publication day, tense of the clause, earlier moments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from qa_bot.datatypes import Published
from qa_bot.news.times.values import Moment
from qa_bot.text import UPPER, UPPER_LETTERS, squeeze

_NEAR_CHARS = 400  # distance to a verb or to an earlier moment; chosen by hand
CLOSE_CHARS = 50  # "announced a trip on June 14": the date is not that of the verb; chosen by hand
_SENTENCE_CHARS = 200  # of the search for "had"; chosen by hand
_STOP = re.compile(
    rf"(?<!{UPPER})(?<!\bSt)(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bMrs)[.!?][\"”’»)]*\s+"
    rf"(?=[\"“«]?[{UPPER_LETTERS}А-Я])|\n+"
)
_CLAUSE = re.compile(rf"{_STOP.pattern}|[,;]\s")
_BEGIN = re.compile(rf"{_STOP.pattern}|;\s|\bthat\s")  # a reported clause has its own tense
_UNTIL = re.compile(r"(?:until|till|by)\s", re.IGNORECASE)
_OPEN = frozenset({"has", "have"})  # "have until Friday"
_WILL = "will|would|shall|should|may|might|can"
_AHEAD = (
    rf"(?:be|remains?|stays?) \w+|{_WILL}|(?:is|are) (?:to|due|set)|was due|"
    r"scheduled|planned|plans?|due|expected|expects?|(?:is|are) forecast|forecast for|"
    r"(?:has|have) to|upcoming|slated|set (?:for|to)|"
    r"going to|ahead|could|deadline|faces|hosts?|aims?|hopes?|intends?|wants?|promised to|"
    r"starting|beginning|(?:opens?|begins?) (?:their|its|his|her|the|an?|talks)|"
    r"(?:was|were) to (?:have |be |been )*\w+|"
    r"(?:postponed|put off|slipped|moved|pushed|delayed|rescheduled) (?:back )?(?:to|until)"
    r"(?=\s*\Z)|"
    r"comes? into|gathers?|convenes?|"
    r"[’']ll|wo(?=n[’']t)|(?:is|are)(?=\s+\Z)|"
    r"opens|closes|starts|begins|resumes|meets|arrives|expires|takes (?:effect|place|over)|"
    r"(?i:we|they|I|polls|shops|doors|gates) (?:open|close|start|begin|meet|vote|leave)|"
    r"go|goes|heads? (?:to|for|back)|reopens?|kicks? off"
)
_PAST = (
    r"said|says|told|met|was|were|had|has|have|took|came|gave|held|began|saw|won|lost|fell|rose|"
    r"left|spoke|became|sent|brought|kept|grew|wrote|ran|went|got|found|led|did|made|since|paid|"
    r"put out|broke|struck|shot|flew|drew|knew|thought|taught|caught|bought|built|"
    r"(?!united|hundred|\w*eed\b)[a-z]{2,}ed"
)
_TENSE = re.compile(rf"\b(?:(?P<ahead>{_AHEAD})|(?P<past>{_PAST}))\b")


class Tense(IntEnum):
    """The side of the publication date on which the events of a clause lie."""

    PAST = -1
    UNKNOWN = 0
    FUTURE = 1


@dataclass(frozen=True, slots=True)
class Expression:
    """A possible time expression, with the context that resolves it.

    Attributes:
        text: the whole text.
        match: the words and their parts.
        published: the publication date, if it is known.
        before: the moments found earlier in the text.
    """

    text: str
    match: re.Match[str]
    published: Published | None
    before: Sequence[Moment]

    def __getitem__(self, name: str) -> str:
        """Return a group of the match, in lower case on one line; empty if it did not match."""
        return squeeze((self.match.groupdict().get(name) or "").lower())

    @property
    def today(self) -> date | None:
        """Return the day of publication; None if the date is less precise."""
        known = self.published and self.published.precision == "day"
        return self.published.day if self.published and known else None

    @property
    def year(self) -> int | None:
        """Return the year of publication."""
        return self.published.day.year if self.published else None

    def tense(self, within: int = _NEAR_CHARS) -> Tense:
        """Return the tense of the clause.

        The nearest verb before the expression counts, at most ``within`` characters away in the
        same clause; without one, the first verb after it. With a small ``within`` the verb after
        it counts only if the expression begins the clause.
        """
        at = self.match.start()
        from_ = max(0, at - _NEAR_CHARS)
        begin = max((m.end() for m in _BEGIN.finditer(self.text, from_, at)), default=from_)
        verbs = list(_TENSE.finditer(self.text, max(begin, at - within), at))
        past = bool(verbs) and not verbs[-1]["ahead"]
        if _UNTIL.match(self.text, at) and not (past and verbs[-1]["past"] not in _OPEN):
            return Tense.FUTURE
        if verbs:
            return Tense.PAST if past else Tense.FUTURE
        owned = self.text[self.match.end() : self.match.end() + 2] in ("’s", "'s")  # "Friday’s win"
        if (within == _NEAR_CHARS and not owned) or at - begin < 3:
            return self._tense_after()
        return Tense.UNKNOWN

    def _tense_after(self) -> Tense:
        """Return the tense of the first verb after the expression in its clause."""
        far = self.match.end() + _NEAR_CHARS
        stop = _CLAUSE.search(self.text, self.match.end(), far)
        verb = _TENSE.search(self.text, self.match.end(), stop.start() if stop else far)
        if verb is None:
            return Tense.UNKNOWN
        return Tense.FUTURE if verb["ahead"] else Tense.PAST

    def is_pluperfect(self) -> bool:
        """Return whether the sentence has a verb in the pluperfect before the expression."""
        at = self.match.start()
        from_ = max(0, at - _SENTENCE_CHARS)
        begin = max((m.end() for m in _STOP.finditer(self.text, from_, at)), default=0)
        return bool(re.search(r"\bhad\b", self.text[begin:at]))

    def anchor(self, same_sentence: bool) -> Moment | None:
        """Return the previous moment, if it is near enough to count from."""
        if not self.before:
            return None
        last = self.before[-1]
        between = self.text[last.words.end : self.match.start()]
        near = len(between) < _NEAR_CHARS and "\n\n" not in between
        return last if near and not (same_sentence and _STOP.search(between)) else None
