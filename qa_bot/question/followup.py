"""Complete a follow-up question from the turns before it, by rules.

Words like "he" or "there" are replaced by what they most likely stand for, and a clipped question
is completed from the last one. A question that stands alone already is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from qa_bot.datatypes import Turn
from qa_bot.text import (
    CALENDAR_NAMES,
    CONNECTORS,
    NAME_WORD,
    UPPER,
    UPPER_LETTERS,
    content_words,
    is_function_word,
    terms,
    words,
)

_LEAD = re.compile(r"^(?:and|but|so|ok(?:ay)?|then|also|well|what about|how about)\b[,: ]*", re.I)
_ABOUT = re.compile(
    r"^(?:(?:and|but|so) )?(?:(?:what|how) about |and (?:for |of )?)(.+?)\??$", re.I
)
_PERSON = re.compile(r"\b(he|him|his|she|her|hers)\b(?! own)", re.I)
_THING = re.compile(
    r"\b(it|its|they|them|their|theirs|these|the former|the latter|the other one"
    r"|those(?! (?:against|who|in|of|with|for)))\b"
    r"|\b(?:this|that)(?=[?,.]| (?:happen|be|is|was|cost|take|mean|work|change)\b)",
    re.I,
)
_PLACE = re.compile(r"\b(there)\b(?! (?:is|are|was|were|be|been|any|a|an)\b)", re.I)
_THERE_IS = re.compile(r"\b(?:is|are|was|were|will|has|have|had) there\b", re.I)
# "How long does it take to …", "thought it unimaginable that": the word stands for nothing.
_EXPLETIVE = re.compile(r"\bit (?:takes?|took|costs?|\w+ that)\b(?=.* |$)", re.I)
_NAME = re.compile(rf"{NAME_WORD}\w(?:(?: (?:{CONNECTORS}|St\.?))? {NAME_WORD}\w)*")
_PLACED = re.compile(rf"\b(?:in|at|from|to|near|outside) (?:the )?({_NAME.pattern})")
_ASKS = frozenset(re.findall(r"\w+", "who what when where why how which whose whom"))
_PREPOSITIONS = frozenset({"in", "at", "on", "from", "to", "by", "for", "with", "of"})
_POSSESSIVE = frozenset({"his", "hers", "its", "their", "theirs"})
_AUXILIARY = frozenset(
    re.findall(
        r"\w+", "is are was were will would did does do has have had can could should may might"
    )
)
_PARTICIPLE = re.compile(r"(?:ed|made|held|built|kept|born|sold)$", re.I)
_CLAUSE = re.compile(r",|\b(?:and|but|that|which|who|when|if|because|after|before|since)\b", re.I)
_DOES = re.compile(r"\b(?:did|does|do|will|can|could|should) $", re.I)
_NOT_NAMED = frozenset({"yes", "no", "something", "nothing", "they", "it", "he", "she", "one"})
_CLIPPED_WORDS, _SHORT_WORDS = 4, 5
_DATELINE = re.compile(rf"\b{UPPER}[{UPPER_LETTERS} .]{{2,30}},[^—.]{{0,60}}— ")
_MARKERS = re.compile(r"\s*\[\d+\]")


def read_turns(history: Sequence[Turn | dict[str, Any]]) -> list[Turn]:
    """Return the earlier turns of a conversation, given as values or as dictionaries.

    Raises:
        ValueError: a turn has no question or no answer.
    """
    try:
        return [
            turn if isinstance(turn, Turn) else Turn(str(turn["question"]), str(turn["answer"]))
            for turn in history
        ]
    except (KeyError, TypeError) as exc:
        raise ValueError("a turn of the history needs a question and an answer") from exc


def stand_alone(question: str, turns: Sequence[Turn]) -> str:
    """Return the question so that it can be understood without the turns before it.

    >>> stand_alone("And when did he resign?", [Turn("Who is Carl Noor?", "The mayor.")])
    'When did Carl Noor resign?'
    >>> stand_alone("Where did the ferry sink?", [Turn("Who is Carl Noor?", "The mayor.")])
    'Where did the ferry sink?'
    """
    asked = [turn for turn in turns if turn.question.strip()]
    return _by_rules(question, asked) if asked and leans(question) else question


def leans(question: str) -> bool:
    """Return whether a question needs the turns before it.

    >>> [leans(q) for q in ("And when?", "Why did he go?", "Is there a ferry?", "Who is Ann Lee?")]
    [True, True, False, False]
    """
    bare = _EXPLETIVE.sub("", _THERE_IS.sub("", question))
    refers = any(
        match and not own(bare, match)
        for pattern, own in ((_PERSON, _own_person), (_THING, _own_thing), (_PLACE, _own_place))
        for match in [pattern.search(bare)]
    )
    return bool(_LEAD.match(question)) or refers or _is_clipped(question)


def _is_clipped(question: str) -> bool:
    """Return whether a question has no subject of its own: "When?", "In which building?"."""
    said = words(question)
    if not content_words(question):
        return True
    begins = said[0] in _ASKS | _PREPOSITIONS
    whole = len(content_words(question)) >= 2 or any(True for _ in _names(question))
    return len(said) <= _CLIPPED_WORDS and begins and not whole


def _by_rules(question: str, turns: Sequence[Turn]) -> str:
    last = turns[-1]
    about = _ABOUT.match(question)
    if about and not _ASKS & set(words(about[1])) and len(words(about[1])) <= _CLIPPED_WORDS:
        return _exchanged(last.question, about[1])
    bare = _LEAD.sub("", question)
    if len(words(bare)) == 1 and words(bare)[0] in _ASKS:
        return _asked_again(words(bare)[0], last)
    put = _replaced(bare, _PERSON, _person(turns))
    put = _replaced(put, _PLACE, _place(turns), before="in ")
    put = _replaced(put, _THING, _thing(turns))
    whole = put[:1].upper() + put[1:]
    return whole if put != bare and not leans(put) else _with_context(whole, last)


def _with_context(question: str, last: Turn) -> str:
    """Return the question with what the last one was about, unless it says so itself."""
    have = set(terms(question))
    context = [word for word in _topic(last.question) if not set(terms(word)) <= have]
    return f"{question.rstrip('?. ')} ({' '.join(context)})?" if context else question


def _topic(question: str) -> list[str]:
    """Return the words of a question that carry its subject, as they stand in it."""
    return [w for w in re.findall(r"[\w’'-]+", question) if not is_function_word(w.lower())][:8]


def _replaced(text: str, pattern: re.Pattern[str], by: str | None, before: str = "") -> str:
    """Put a name in the place of the first word that the pattern finds."""
    match = pattern.search(_THERE_IS.sub(lambda m: "\0" * len(m[0]), text)) if by else None
    if not match or by is None:
        return text
    found = match[0].lower()
    possessive = found in _POSSESSIVE or (found == "her" and text[match.end() :][:1] == " ")
    put = f"{by}’s" if possessive else f"{before}{by}"
    return f"{text[: match.start()]}{put}{text[match.end() :]}"


def _exchanged(question: str, other: str) -> str:
    """Return the last question asked of something else: its first name, or its end, exchanged."""
    names = list(_names(question))
    if names:
        return question.replace(names[0], other.strip(), 1)
    return f"{question.rstrip('?. ')}, {other.strip()}?"


def _asked_again(ask: str, last: Turn) -> str:
    """Return the last question with another word of asking: "Who won?" + "When?" → "When …"."""
    parts = last.question.rstrip("?. ").split()
    at = next((i for i, word in enumerate(parts) if word.lower() in _AUXILIARY), 0)
    head = [word.lower() for word in parts[:at]]
    subject = _short(last.answer)
    if head[:1] == ["who"] and subject:
        return f"{ask.capitalize()} {parts[at]} {subject} {' '.join(parts[at + 1 :])}?"
    return f"{ask.capitalize()} {' '.join(parts[at:] or parts)}?"


def _person(turns: Sequence[Turn]) -> str | None:
    """Return who was spoken of last: the answer to "who", else a name in the question."""
    for turn in reversed(turns):
        placed = set(_PLACED.findall(turn.question)) | set(
            _PLACED.findall(plain_answer(turn.answer))
        )
        asked = [name for name in _names(turn.question) if name not in placed]
        told = [
            name for name in _names(plain_answer(turn.answer), first=True) if name not in placed
        ]
        by_who = bool(set(words(turn.question)[:1]) & {"who", "whom", "whose", "which"})
        found = (told + asked) if by_who else (asked + told)
        full = [name for name in found if " " in name]
        if found:
            return (full or found)[0]
    return None


def _place(turns: Sequence[Turn]) -> str | None:
    """Return where: the answer to "where" or "which", else a place named."""
    for turn in reversed(turns):
        answer = plain_answer(turn.answer)
        told = [*_PLACED.findall(answer), *_names(answer, first=True)]
        asked = _PLACED.findall(turn.question)
        by_where = bool(set(words(turn.question)[:2]) & {"where", "which"})
        found = told + asked if by_where else asked + told
        if found:
            return str(found[0])
    return None


def _thing(turns: Sequence[Turn]) -> str | None:
    """Return what was spoken of last: the answer to "what", else a name or phrase asked about."""
    for turn in reversed(turns):
        answer = plain_answer(turn.answer).rstrip(".")
        short = [re.sub(r"^(?:an?|the) ", "the ", answer, flags=re.I)] if _is_short(answer) else []
        named = [p for p in _phrases(turn.question) if any(w[0].isupper() for w in p.split()[1:])]
        asked = [*named, *_phrases(turn.question), *_names(turn.question)]
        by_what = bool(set(words(turn.question)[:1]) & {"what", "which"})
        told = short + _phrases(answer)[:1]
        found = told + asked if by_what else asked + told
        if found:
            return found[0]
    return None


def _is_short(answer: str) -> bool:
    """Return whether an answer is a phrase that names a thing, not a sentence, day or number."""
    said = words(answer)
    if not 0 < len(said) <= _SHORT_WORDS or said[0][0].isdigit():
        return False
    clause = any(word in _AUXILIARY or _PARTICIPLE.search(word) for word in said[1:])
    return not clause and said[0] not in _PREPOSITIONS | _NOT_NAMED


def _phrases(text: str) -> list[str]:
    """Return the definite noun phrases of a text, as far as the next function word."""
    found = []
    for match in re.finditer(r"\b(?:the|this|that) ([\w’'-]+(?: [\w’'-]+){0,3})", text, re.I):
        kept: list[str] = []
        asked_of = _DOES.search(text[: match.start()])
        for word in match[1].split()[: -1 if asked_of else None]:
            if is_function_word(word.lower()) or (kept and _PARTICIPLE.search(word)):
                break
            kept.append(word)
        if kept:
            found.append(f"the {' '.join(kept)}")
    return found


def _names(text: str, *, first: bool = False) -> Iterator[str]:
    """Yield the names in a text; one that begins it counts only if ``first``, or if it is long."""
    for match in _NAME.finditer(text):
        name = match[0]
        if match.start() == 0:
            head, _, rest = name.partition(" ")
            if head.lower() in _ASKS or is_function_word(head.lower()):
                name = rest
            elif not first and " " not in name:
                continue
        if name and not is_function_word(name.lower()) and name.lower() not in CALENDAR_NAMES:
            yield name


def _own_person(question: str, match: re.Match[str]) -> bool:
    """Return whether "he" has a name before it, "his" an owner: "the merchant … his complaint"."""
    before = question[: match.start()]
    owned = match[0].lower() in _POSSESSIVE and _phrases(before)
    return bool(owned) or any(True for _ in _names(before))


def _own_thing(question: str, match: re.Match[str]) -> bool:
    """Return whether "it" stands for what another clause before it names, "its" for an owner."""
    before = question[: match.start()]
    found = match[0].lower()
    if found in ("their", "theirs"):
        several = r"\b(?:people|men|women|children|those|[a-z]{3,}s)\b"
        return bool(re.search(several, before, re.I)) or any(True for _ in _names(before))
    named = bool(_phrases(before)) or any(True for _ in _names(before))
    return named and (found in _POSSESSIVE or bool(_CLAUSE.search(before, 6)))


def _own_place(question: str, match: re.Match[str]) -> bool:
    return bool(_PLACED.search(question[: match.start()]))


def plain_answer(answer: str) -> str:
    """Return the beginning of an answer, without markers and datelines."""
    return _DATELINE.sub("", " ".join(_MARKERS.sub("", answer).split()))[:300]


def _short(answer: str) -> str:
    """Return an answer that is no more than a name or a few words; else the first name in it."""
    plain = plain_answer(answer).rstrip(".")
    if len(plain.split()) <= 5:
        return plain
    return next(_names(plain, first=True), "")
