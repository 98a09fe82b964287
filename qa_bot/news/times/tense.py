"""Words that may tell a time, with what decides which: the report's day, tense, times before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_bot.datatypes import Published
from qa_bot.news.times.values import Moment

_NEAR_CHARS = 400
CLOSE_CHARS = 50  # "announced Biden’s trip on June 14": the date is not the announcement's
_STOP = re.compile(
    r"(?<![A-Z])(?<!\bSt)(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bMrs)[.!?][\"”’»)]*\s+(?=[\"“«]?[A-ZÀ-ÝА-Я])|\n+"
)
_CLAUSE = re.compile(rf"{_STOP.pattern}|[,;]\s")
_BEGIN = re.compile(rf"{_STOP.pattern}|;\s|\bthat\s")  # what is reported has a tense of its own
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


@dataclass(frozen=True, slots=True)
class Seen:
    """Words that may tell a time, with all that may decide which."""

    text: str
    match: re.Match[str]
    published: Published | None
    before: Sequence[Moment]

    def __getitem__(self, name: str) -> str:
        """Return a group of the match in lower case, white space squeezed; empty if not there."""
        return " ".join((self.match.groupdict().get(name) or "").lower().split())

    @property
    def today(self) -> date | None:
        """Return the day of publication, if it is known to the day."""
        known = self.published and self.published.precision == "day"
        return self.published.day if self.published and known else None

    @property
    def year(self) -> int | None:
        """Return the year of publication."""
        return self.published.day.year if self.published else None

    def tense(self, within: int = _NEAR_CHARS) -> int:
        """Return −1 for what is past, 1 for what is to come, 0 where nothing tells.

        The nearest word before that tells a tense counts, at most ``within`` characters away in
        the same clause, else the first one after them (only where they begin the clause, if the
        words before must be near).
        """
        at = self.match.start()
        from_ = max(0, at - _NEAR_CHARS)
        begin = max((m.end() for m in _BEGIN.finditer(self.text, from_, at)), default=from_)
        told = list(_TENSE.finditer(self.text, max(begin, at - within), at))
        past = bool(told) and not told[-1]["ahead"]
        if _UNTIL.match(self.text, at) and not (past and told[-1]["past"] not in _OPEN):
            return 1
        if told:
            return -1 if past else 1
        far = self.match.end() + _NEAR_CHARS
        stop = _CLAUSE.search(self.text, self.match.end(), far)
        end = stop.start() if stop else far
        owned = self.text[self.match.end() : self.match.end() + 2] in ("’s", "'s")  # "Friday’s win"
        close = (within == _NEAR_CHARS and not owned) or at - begin < 3
        after = _TENSE.search(self.text, self.match.end(), end) if close else None
        return 0 if after is None else 1 if after["ahead"] else -1

    def is_pluperfect(self) -> bool:
        """Return whether the sentence tells what had been before."""
        at = self.match.start()
        begin = max((m.end() for m in _STOP.finditer(self.text, max(0, at - 200), at)), default=0)
        return bool(re.search(r"\bhad\b", self.text[begin:at]))

    def anchor(self, same_sentence: bool) -> Moment | None:
        """Return the moment told last before these words, near enough to be meant."""
        if not self.before:
            return None
        last = self.before[-1]
        between = self.text[last.words.end : self.match.start()]
        near = len(between) < _NEAR_CHARS and "\n\n" not in between
        return last if near and not (same_sentence and _STOP.search(between)) else None
