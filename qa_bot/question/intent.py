"""Read the intent of a question from its words by regular expressions.

The patterns are for English. If several match, the order of ``_EXPECTED`` decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa_bot.news import SAYING, is_role
from qa_bot.text import is_function_word, stem, terms, words

# "whos", "what's": the question word and "is"; "whose" is another word.
_CONTRACTED = re.compile(
    r"\b(who|what|when|where|why|how)[’']?s\b(?= (?P<has>been|become|happened|got|gone)\b)?",
    re.IGNORECASE,
)
_WITHOUT_APOSTROPHE = re.compile(
    r"\b(is|are|was|were|do|does|did|has|have|had|could|would|should)nt\b", re.IGNORECASE
)
# "Could you tell me how many …": the question begins after these words.
REQUEST = re.compile(
    r"^(?:and |so |but )?(?:please,? )?(?:(?:can|could|would|will) you "
    r"(?:please |kindly |be so kind as to )?(?:tell|remind) (?:me|us)|"
    r"(?:can|could) you (?:please )?(?:say|explain|list|name)\b|"
    r"do you (?:happen to )?know|tell me|"
    r"i (?:want|would like) to know|i[’']d like to know|any idea),? (?:about |please )?",
    re.IGNORECASE,
)
# "Was it open or shut?" asks for one of two words; "was anyone hurt or killed?" does not.
AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?:n[’']t)?"
)
_YES_NO = re.compile(
    rf"^(?:and |so |but )?{AUXILIARY} "
    r"(?!(?!.*\b(?:any\w*|some\w*|one)\b).*\bor\b(?! (?:not|more|less|fewer|so)\b))",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"^(?:if|whether) ", re.IGNORECASE)
_WHEN = re.compile(
    r"^(?:and |so |but )?(?:since |until |till |from |by )?when\b|"
    r"\bwhen (?:did|do|does|was|were|is|are|will|would|has|have|had|can|should)\b|"
    r"\b(?:what|which) (?:(?:is|was|were) the (?:exact )?)?(?:date|day|weekday|month|year)\b|"
    r"\bhow long ago\b|\bdate\?*$|^(?:the )?(?:exact )?date (?:of|for|on|that|when)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_WHERE = re.compile(
    r"\bwhere\b|\b(?:which|what) (?:city|town|village|country|place|region|street|building)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:which|what) (?:\w+ )?(?:company|party|team|club|agency|ministry|bank|newspaper|firm|"
    r"organi[sz]ation|university|group|union|court)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\bhow much (?:money|did .* (?:cost|pay|raise|earn|spend)|do(?:es)? .* (?:cost|pay))\b"
    r"|\b(?:price|cost|fare|salary|budget|fine)\b|\bhow much (?:is|are|was|were|will)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bhow (?:many|much|old|long|far|tall|large|big|high|fast)\b", re.IGNORECASE)
_REASON = re.compile(r"\bwhy\b|\bwhat (?:caused|led to)\b|\bfor what reason\b", re.IGNORECASE)
_MANNER = re.compile(
    r"\bhow (?:did|do|does|was|were|is|are|will|can|has|have|had)\b", re.IGNORECASE
)

_DURING = "between|from|since|in|during|before|after|around|with|at|on|over|this|last|next"
_DEVELOP = "develop|unfold|evolve|proceed|progress|come about|go on|play out"
_TIMELINE = re.compile(
    rf"\bwhat (?:has |had |all )?happened (?:{_DURING})\b"
    rf"|\bhow (?:did|has|have|had) .{{3,120}}?\b(?:{_DEVELOP})(?:ed)?"
    rf"(?:\s*[?.,]|\s*$|\s+(?:{_DURING}|day)\b)"
    r"|\b(?:timeline|chronology|sequence of events|the course of)\b"
    r"|\bwhat (?:were|are) the (?:main |key |single )?(?:events|stages|steps)\b",
    re.IGNORECASE,
)
_NEWS = re.compile(r"\b(?:what|which|anything|any|list)\b", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|going to|planned|scheduled|expected|due|set to)\b", re.IGNORECASE)
# "Last week" asks for recent news; "the October flood" is only a name.
_RECENT = re.compile(
    r"\b(?:today|yesterday|tonight|last night|ago|"
    r"(?:last|this|past) (?:week|month|year|weekend|\w+day|\w+ing))\b",
    re.IGNORECASE,
)

_REPORT = r"(?:report|article|story|dispatch|piece|item)"
_PUBLICATION = re.compile(
    rf"\b(?:{_REPORT}s?|published?|publication|headlines?|printed|posted|issued|appear(?:s|ed)?|"
    r"reports|reported|wr(?:ite|ote|itten)|filed|covered)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"\bdateline[ds]?\b"
    rf"|\b(?:where|(?:which|what) (?:city|town|place|capital))\b.*\b{_REPORT}s?\b"
    r".*\b(?:filed|sent|written|reported|cabled)\b",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(
    rf"\bwho(?:se words| (?:was it that |has |had |first |also )?(?:{SAYING}|compared|likened|"
    r"grumbled|asked|put|spoke))\b|\bwhich (?:\w+ ){1,3}(?:said|says|told|warned|called)\b",
    re.IGNORECASE,
)
_SAID_WHAT = re.compile(
    r"\b(?:what|how|why) (?:did|does|do|has|had|was|were|is) (?:the )?(?P<who>[^?]{2,60}?)"
    r"(?: have)?(?: to| willing to)? (?:say|said|tell|told|think|thought|promise|promised|call|"
    r"called|claim|claimed|answer|reply|describe|described|warn|warned|comment|react|respond)\b|"
    r"\b(?:according to|in the words of) (?:the )?(?P<source>[^,?]{2,60})",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been) (?:\S+ ){1,5}?(?:called|described|thought|named)\b", re.IGNORECASE
)

_NOT = re.compile(r"\bnot\b|n[’']t\b", re.IGNORECASE)
# A question in the present tense, or for a count of people, asks about a state that may change.
_STATE = re.compile(
    r"\b(?:is|are|does|do|will|has|have|leads?|runs?|holds?|costs?|now|current(?:ly)?)\b"
    r"|\b(?:manages|heads|chairs|owns|coaches|governs|commands)\b"
    r"|\bhow (?:many|large|big)\b|\btoll\b",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"\b(?:now|nowadays|current(?:ly)?|at present|presently|at the moment|today|latest|newest|"
    r"most recent|so far|as yet|these days|in the end|finally|"
    r"final (?:count|figure|number|tally|toll|total))\b",
    re.IGNORECASE,
)
# One person holds an office, one place has the thing; several people attend, die or win.
_ONE = re.compile(
    r"^(?:\w+ )?(?:who|whose)\b|^in whose\b|^on whose\b|\bwhere\b|^what (?:caused|started)\b"
    r"|\b(?:in |to )?which\s(?:city|town|village|country|place|team|company)\s(?!of\b)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:who|which \w+)\s(?:(?:was|were|also|has|have|had|else|is|are)\s)*(?:attend|condemn"
    r"|die[sd]?\b|kill|injur|hurt\b|wound|tak\w+ part|took part|participat|vote|support|oppose"
    r"|back(?:s|ed)\b|welcom|critici|prais|sign|join|spoke|speak|travel|visit|met\b|meets\b|help"
    r"|witness|saw\b|w(?:on|ins) an?\b|receiv|nominat|compet|play|perform|protest|march|sang|mourn"
    r"|paid|open(?:s|ed)\b(?! fire)|among\b|arrested|charged)|\bwho (?:are|were|else)\b",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"\bwho\s(?:is|was|became|becomes|will be|has become)\s(?:now\s)?"
    r"(?:the\s)?(?!at\b|in\b|on\b|behind\b|to\b|with\b)",
    re.IGNORECASE,
)
# "Who is Ana Vell?": whether the words are a name, the articles show.
_WHO_IS = re.compile(
    r"^(?:and |so |but )?who (?:is|was|are|were) "
    r"(?P<name>[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'.-]*){0,4}?)"
    r"(?: (?:again|then|anyway|exactly|please))?\s*[?.!]*$",
    re.IGNORECASE,
)
_NAMED_PLACE = re.compile(r"\bwhere\b|\bwhich\b", re.IGNORECASE)
_COUNTED = re.compile(r"\bhow many (?:\w+ly )?(\w+)", re.IGNORECASE)
_NOUN_ASKED_FOR = re.compile(
    r"\b(?:which|what|whose|how (?:many|much))\s+((?:[\w'’-]+\s+){1,2})", re.IGNORECASE
)


class Expects(StrEnum):
    """The kind of answer that a question expects."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes/no"
    EVENTS = "events"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Intent:
    """The request of one question.

    Attributes:
        expects: the kind of answer.
        timeline: it asks for a sequence of events.
        news: it may ask for any event ("what", "which", "any").
        dateline: it asks where the reporter filed a report.
        publication: it may ask when a report appeared.
        person: it asks who the person of this name is, if these words are a name.
        who_said: it asks for a speaker.
        speaker: it asks for the statements of this person.
        negated: it contains "not".
        state: it asks about a state that may have changed since the first report.
        latest: it asks for the latest state.
        single: only one person, place or cause can answer it.
        holder: it asks who holds an office.
        place_or_choice: it asks "where" or "which", so a name answers it.
        counted: the stem of the noun after "how many".
        nouns: the stems of the noun after "which" or "what"; the answer need not repeat them.
        future: it asks about future events.
        recent: it asks for recent news.
    """

    expects: Expects
    timeline: bool
    news: bool
    dateline: bool
    publication: bool
    person: str | None
    who_said: bool
    speaker: str | None
    negated: bool
    state: bool
    latest: bool
    single: bool
    holder: bool
    place_or_choice: bool
    counted: str | None
    nouns: frozenset[str]
    future: bool
    recent: bool


def write_out(text: str) -> str:
    """Return a question with its contractions written out.

    >>> write_out("whos the boss and why isnt he here")
    "who is the boss and why isn't he here"
    """
    text = _CONTRACTED.sub(lambda found: f"{found[1]} {'has' if found['has'] else 'is'}", text)
    return _WITHOUT_APOSTROPHE.sub(r"\1n't", text)


def read_intent(text: str) -> Intent:
    """Return the intent of a question.

    >>> read_intent("What did Agnes Lund say about the gate?").speaker
    'Agnes Lund'
    >>> read_intent("When did they meet?").expects
    <Expects.TIME: 'time'>
    """
    counted, noun = _COUNTED.search(text), _NOUN_ASKED_FOR.search(text)
    return Intent(
        expects=_expected(text),
        timeline=bool(_TIMELINE.search(text)),
        news=bool(_NEWS.search(text)),
        dateline=bool(_DATELINE.search(text)),
        publication=bool(_PUBLICATION.search(text)),
        person=_person(text),
        who_said=bool(_WHO_SAID.search(text)),
        speaker=_speaker(text),
        negated=bool(_NOT.search(text)),
        state=bool(_STATE.search(text) or _LATEST.search(text)),
        latest=bool(_LATEST.search(text)),
        single=bool(_ONE.search(text)) and not _SEVERAL.search(text),
        holder=bool(_HOLDER.search(text)),
        place_or_choice=bool(_NAMED_PLACE.search(text)),
        counted=stem(counted[1].lower()) if counted else None,
        nouns=frozenset(terms(noun[1])) if noun else frozenset(),
        future=bool(_FUTURE.search(text)),
        recent=bool(_RECENT.search(text)),
    )


_EXPECTED = (
    (_WHEN, Expects.TIME),
    (_TIMELINE, Expects.EVENTS),
    (_YES_NO, Expects.YES_NO),
    (_WHO, Expects.PERSON),
    (_WHERE, Expects.PLACE),
    (_ORGANISATION, Expects.ORGANISATION),
    (_MONEY, Expects.MONEY),
    (_NUMBER, Expects.NUMBER),
    (_REASON, Expects.REASON),
    (_MANNER, Expects.MANNER),
)


def _expected(text: str) -> Expects:
    asked = REQUEST.sub("", text.strip())
    if asked != text.strip() and _WHETHER.match(asked):
        return Expects.YES_NO
    return next((kind for pattern, kind in _EXPECTED if pattern.search(asked)), Expects.ANY)


def _person(text: str) -> str | None:
    match = _WHO_IS.search(text)
    if match is None or any(map(is_function_word, words(match["name"]))):
        return None
    first, *_, last = [*match["name"].split()] * 2
    is_verb = first.islower() and first.endswith(("ed", "ing"))  # "who was arrested", "is suing"
    return None if is_verb or (last.islower() and is_role(last)) else match["name"]


def _speaker(text: str) -> str | None:
    match = None if _PASSIVE.search(text) else _SAID_WHAT.search(text)
    return (match["who"] or match["source"]).strip() if match else None
