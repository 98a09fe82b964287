"""Find what an article says a person is: a title, an apposition, or the words after "is" or "as".

A word for an office, a trade or a relation marks a role; the patterns are for English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa_bot.datatypes import Span
from qa_bot.news.person_names import find_mentions
from qa_bot.news.role_words import WORD, is_role, modifies
from qa_bot.news.speakers import SAYING
from qa_bot.text import LOWER, UPPER, is_function_word, split_sentences

_BREAK = re.compile(r"[,;:—–()\[\]“”\"«»\n]|\s-\s")
_DETERMINER = r"(?:the|a|an|one|its|their|his|her|our|my|another)"
_WHOSE = re.compile(r"(?:its|their|his|her|our|my)\s", re.IGNORECASE)
_POSSESSOR = r"[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*)?(?:[’']s|s[’'])"
_AGE = r"(?:,?\s(?:aged\s)?\d{1,3}\b|\s\(\d{1,3}\))"
_OF = r"(?:,?\sof\s(?:the\s)?[A-Z][\w’'.-]*(?:\s[A-Z][\w’'.-]*){0,3}(?=,))"  # "of the Green List"
_IN_PHRASE = r"[^,;:—–“”\"\n()]"
_ROLE = rf"(?P<role>{_IN_PHRASE}{{3,120}})"
_AFTER = re.compile(
    rf"{_AGE}?{_OF}?(?:,|\s[–—])\s(?P<role>{_IN_PHRASE}{{3,120}}?)(?=[,;:—–)\n]|[.!?](?:\s|$)|$)"
)
# "another passenger", "the prop who scored twice"; not "the jury heard".
_DESCRIBES = re.compile(
    rf"another\s|(?:the|its|their|his|her)\s{_IN_PHRASE}+?\swho\s", re.IGNORECASE
)
_WHO = re.compile(
    r"who\s(?:is|was|has\sbeen|(?=runs|leads|heads|chairs|owns|manages|coaches|edits|captains|works"
    r"|founded|worked|ran|led|headed|chaired|owned|managed|coached))\s?",
)
_IS = re.compile(
    rf"{_AGE}?,?\s(?:is|was|has\sbeen|had\sbeen|became|becomes|will\sbecome|will\sbe|remains|to\sbe)"
    r"\s(?:now\s|also\s|then\s|still\s)?"
    r"(?:(?:re-)?elected\s|named\s|appointed\s|made\s|chosen\s|hired\s|sworn\sin\s|picked\s)?"
    rf"(?:as\s)?{_ROLE}"
)
_NAMED = re.compile(r"\b(?:named|appointed|elected|made|hired|chose|chosen|picked|promoted)\s$")
_AS = re.compile(rf"{_IN_PHRASE}{{0,40}}?\sas\s{_ROLE}")
# Who left is no longer it: the role is "resigned as manager".
_LEFT_AS = re.compile(
    r"\b(?:resign(?:s|ed|ing)|(?:step|stepp|stand)(?:s|ed|ing) down|stood down|quit"
    r"|retir(?:es|ed|ing)|sacked|dismissed|removed|ousted)\sas\s$"
)
_TO_OFFICE = re.compile(rf"\s(?:as\s|to\sbe\s)?{_ROLE}")
# A role ends where the sentence tells what happened.
_ROLE_ENDS = re.compile(
    r"\s(?:on|after|when|but|because|while|until|before|yesterday|today|tomorrow|said|says|told|by"
    r"|less|more|at\sthe\sage|following|and\s(?:has|was|is)|(?:last|next|this)\s(?:week|month|year"
    r"|spring|summer|autumn|winter|night|\w+day))\b.*",
    re.DOTALL,
)
# "Asked about Vell, the mayor laughed."
_CLAUSE_FIRST = re.compile(r"\w+(?:ed|ing)\s|(?:After|As|When|While|With|Before|Since|If|For)\s")
_PRONOUN = re.compile(r"(?:He|She)\b")
_FULL_NAME = re.compile(rf"{UPPER}{LOWER}[\w’'-]*(?:\s{UPPER}{LOWER}[\w’'-]*)+")
_ENDS_WITH_SAYING = re.compile(rf"\b(?:{SAYING}|heard)\s*$")
_GAP = re.compile(r",\s$|\s[–—]\s$")
_LONGEST_TITLE = 6  # words before the one that marks the role; chosen by hand
_NEAR = 5  # words of a phrase among which one marks the role; chosen by hand


class Role(NamedTuple):
    """A sentence that says what a person is, as spans of the article.

    Attributes:
        sentence: the sentence.
        words: those that say what the person is, without "their".
        name: of the person, as long as the sentence has it; empty for "she".
        related: whether it says no more than whose the person is: "His rival, Ana Vell, spoke".
    """

    sentence: Span
    words: Span
    name: str
    related: bool


def roles_of(text: str, name: str, start: int = 0, end: int | None = None) -> tuple[Role, ...]:
    """Return the roles of a person in ``text[start:end]``, at most one of each sentence, in order.

    Args:
        text: of the article.
        name: full or only the last, in any case, with or without accents.
        start: where to begin.
        end: where to end; None for the end of the text.

    >>> said = "Mayor Ana Vell spoke. Tom Ode, a baker from Hesk, listened."
    >>> [said[slice(*role.words)] for name in ("vell", "Tom Ode") for role in roles_of(said, name)]
    ['Mayor', 'a baker from Hesk']
    """
    found = []
    alone = False  # whether the last sentence names the person and nobody else
    for sentence in split_sentences(text, start, end):
        said = text[slice(*sentence)]
        mentions = list(find_mentions(said, name))
        role = _role(said, mentions, alone=alone)
        if role:
            place, named = role
            whose = _WHOSE.match(said, *place)
            begin = sentence.start + (whose.end() if whose else place.start)
            related = bool(whose) and _is_apposition(said, place, named)
            words_of = Span(begin, sentence.start + place.end)
            found.append(Role(sentence, words_of, said[slice(*named)], related))
        alone = bool(mentions) and not _others_in(said, mentions)
    return tuple(found)


def _is_apposition(said: str, place: Span, named: Span) -> bool:
    """Return whether a role stands before a name, or only a comma is between."""
    return place.start < named.start or said[named.end : place.start].strip(" ,0123456789") == ""


def _others_in(said: str, mentions: Sequence[Span]) -> bool:
    """Return whether a sentence has the full name of another person."""
    return any(
        all(match.end() <= one.start or one.end <= match.start() for one in mentions)
        for match in _FULL_NAME.finditer(said)
    )


def _role(said: str, mentions: Sequence[Span], *, alone: bool) -> tuple[Span, Span] | None:
    """Return the words of a sentence that say what a person is, and the place of the name.

    "She" is the person if the sentence before names nobody else.
    """
    for mention in mentions:
        role = (
            _title(said, mention.start)
            or _apposition(said, mention.end)
            or _apposition_before(said, mention)
            or _predicate(said, mention)
        )
        if role:
            return role, mention
    pronoun = _PRONOUN.match(said) if alone and not mentions else None
    role = _predicate(said, Span(*pronoun.span())) if pronoun else None
    return (role, Span(0, 0)) if role else None


def _title(said: str, end: int) -> Span | None:
    """Return the title before a name: "Assistant coach", "Secretary of State"."""
    begin = max((m.end() for m in _BREAK.finditer(said, 0, end)), default=0)
    before = list(WORD.finditer(said, begin, end))
    if not before or said[before[-1].end() : end] != " " or is_function_word(before[-1][0]):
        return None
    last = len(before) - 1
    heads = [i for i in range(max(0, last - 3), last + 1) if is_role(before[i][0])]
    head = next((i for i in reversed(heads) if i == last or _is_of(before[i + 1][0])), None)
    if head is None:
        return None
    first = head
    while first and head - first < _LONGEST_TITLE and modifies(before[first - 1][0]):
        first -= 1
    return Span(before[first].start(), before[-1].end())


def _is_of(word: str) -> bool:
    return word in ("of", "for", "General", "general")


def _apposition(said: str, start: int) -> Span | None:
    """Return the apposition after a name: ", 46, a baker from Hesk,"."""
    match = _AFTER.match(said, start)
    if match is None:
        return None
    begin, end = match.span("role")
    if _CLAUSE_FIRST.match(said) and not said[end:].startswith(","):
        return None
    if who := _WHO.match(match["role"]):
        return Span(begin + who.end(), end)
    if _ENDS_WITH_SAYING.search(match["role"]):  # "Ana Vell, her lawyer says, is ill"
        return None
    says_role = _begins_with_role(match["role"]) or _DESCRIBES.match(match["role"])
    return Span(begin, end) if says_role else None


def _begins_with_role(phrase: str) -> bool:
    """Return whether one of the first words of a phrase marks a role, and no verb is before it."""
    begins = re.match(
        rf"(?:(?:then|now|once|formerly)\s)?(?:{_DETERMINER}\s)?", phrase, re.IGNORECASE
    )
    assert begins
    for word in WORD.findall(phrase[begins.end() :])[:_NEAR]:
        if is_role(word):
            return True
        if not modifies(re.sub(r"[’']s?$", "", word)) and word not in ("of", "and", "only"):
            return False
    return False


def _apposition_before(said: str, mention: Span) -> Span | None:
    """Return the apposition before a name: "The engineer leading the inquiry, Ana Vell, said"."""
    gap = _GAP.search(said[: mention.start])
    if gap is None:
        return None
    end = gap.start()
    begin = max((m.end() for m in _BREAK.finditer(said, 0, end)), default=0)
    begins = re.compile(rf"\b(?:{_DETERMINER}|{_POSSESSOR})\s", re.IGNORECASE)
    for match in begins.finditer(said, begin, end):
        possessor = match[0][:-1].endswith(("’s", "'s", "s’", "s'"))
        phrase = said[match.end() if possessor else match.start() : end]
        if _begins_with_role(phrase):
            return Span(match.start(), end)
    return None


def _predicate(said: str, mention: Span) -> Span | None:
    """Return the role after "is", "has been elected" or "as"."""
    patterns = [_IS, _AS]
    if _NAMED.search(said[: mention.start]):
        patterns = [_TO_OFFICE]
    for pattern in patterns:
        match = pattern.match(said, mention.end)
        if match is None:
            continue
        role = _ROLE_ENDS.sub("", match["role"]).rstrip(" .!?")
        if _begins_with_role(role):
            start = match.start("role")
            left = _LEFT_AS.search(said[:start])
            return Span(left.start() if left else start, start + len(role))
    return None
