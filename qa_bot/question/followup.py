"""Complete a follow-up question from the turns before it, by rules.

The rules replace words like "he" or "there" by the likeliest name, and complete an elliptical
question from the last one. A question that needs no context stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from qa_bot.datatypes import Turn
from qa_bot.question.small_talk import without_courtesies
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
# "How long does it take to …", "thought it unimaginable that": the word refers to nothing.
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
# Sentences of the program about the articles: they have no subject of their own.
_OWN_WORDS = re.compile(
    r"(?:The articles (?:don[’']t say|disagree)|No sentence (?:of the articles|that answers)"
    r"|Nothing about this|The (?:closest sentence|nearest articles)|Not answered:)[^.]*\.\s*"
)
_MARKERS = re.compile(r"\s*\[\d+\]")


def read_turns(history: Sequence[Turn | dict[str, Any]]) -> list[Turn]:
    """Return the earlier turns of a conversation, from values or dictionaries.

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


def complete(question: str, turns: Sequence[Turn]) -> str:
    """Return the question in a form that needs no turns before it, without a greeting or thanks.

    >>> complete("And when did he resign?", [Turn("Who is Carl Noor?", "The mayor.")])
    'When did Carl Noor resign?'
    >>> complete("Where did the ferry sink?", [Turn("Who is Carl Noor?", "The mayor.")])
    'Where did the ferry sink?'
    """
    asked = [turn for turn in turns if turn.question.strip()]
    bare = without_courtesies(question)
    return _by_rules(bare, asked) if asked and needs_context(bare) else bare


def needs_context(question: str) -> bool:
    """Return whether a question needs the turns before it.

    >>> [needs_context(question) for question in ("And when?", "Why did he go?")]
    [True, True]
    >>> [needs_context(question) for question in ("Is there a ferry?", "Who is Ann Lee?")]
    [False, False]
    """
    bare = _EXPLETIVE.sub("", _THERE_IS.sub("", question))
    refers = any(
        match and not own(bare, match)
        for pattern, own in ((_PERSON, _own_person), (_THING, _own_thing), (_PLACE, _own_place))
        for match in [pattern.search(bare)]
    )
    return bool(_LEAD.match(question)) or refers or _is_clipped(question)


def _is_clipped(question: str) -> bool:
    """Return whether a question has no subject: "When?", "In which building?"."""
    asked = words(question)
    if not content_words(question):
        return True
    begins = asked[0] in _ASKS | _PREPOSITIONS
    whole = len(content_words(question)) >= 2 or any(True for _ in _names(question))
    return len(asked) <= _CLIPPED_WORDS and begins and not whole


def _by_rules(question: str, turns: Sequence[Turn]) -> str:
    last = turns[-1]
    about = _ABOUT.match(question)
    if about and not _ASKS & set(words(about[1])) and len(words(about[1])) <= _CLIPPED_WORDS:
        return _change_subject(last.question, about[1])
    bare = _LEAD.sub("", question)
    if len(words(bare)) == 1 and words(bare)[0] in _ASKS:
        return _change_question_word(words(bare)[0], last)
    named = _replace(bare, _PERSON, _find_referent(_PERSONS, turns))
    named = _replace(named, _PLACE, _find_referent(_PLACES, turns), before="in ")
    named = _replace(named, _THING, _find_referent(_THINGS, turns))
    whole = named[:1].upper() + named[1:]
    return whole if named != bare and not needs_context(named) else with_topic(whole, last.question)


def with_topic(question: str, other: str) -> str:
    """Return the question with those topic words of another one that it lacks."""
    have = set(terms(question))
    context = [word for word in _topic(other) if not set(terms(word)) <= have]
    return f"{question.rstrip('?. ')} ({' '.join(context)})?" if context else question


def _topic(question: str) -> list[str]:
    """Return the first eight content words of a question, unchanged."""
    return [w for w in re.findall(r"[\w’'-]+", question) if not is_function_word(w.lower())][:8]


def _replace(text: str, pattern: re.Pattern[str], by: str | None, before: str = "") -> str:
    """Replace the first match of the pattern by a name."""
    match = pattern.search(_THERE_IS.sub(lambda m: "\0" * len(m[0]), text)) if by else None
    if not match or by is None:
        return text
    found = match[0].lower()
    possessive = found in _POSSESSIVE or (found == "her" and text[match.end() :][:1] == " ")
    name = f"{by}’s" if possessive else f"{before}{by}"
    return f"{text[: match.start()]}{name}{text[match.end() :]}"


def _change_subject(question: str, other: str) -> str:
    """Return the last question about another subject: replace its first name, or append."""
    names = list(_names(question))
    if names:
        return question.replace(names[0], other.strip(), 1)
    return f"{question.rstrip('?. ')}, {other.strip()}?"


def _change_question_word(ask: str, last: Turn) -> str:
    """Return the last question with another question word: "When ...?" after "Who won?"."""
    parts = last.question.rstrip("?. ").split()
    at = next((i for i, word in enumerate(parts) if word.lower() in _AUXILIARY), 0)
    head = [word.lower() for word in parts[:at]]
    subject = _short(last.answer)
    if head[:1] == ["who"] and subject:
        return f"{ask.capitalize()} {parts[at]} {subject} {' '.join(parts[at + 1 :])}?"
    return f"{ask.capitalize()} {' '.join(parts[at:] or parts)}?"


def _persons(turn: Turn) -> tuple[list[str], list[str]]:
    answer = plain_answer(turn.answer)
    places = {*_PLACED.findall(turn.question), *_PLACED.findall(answer)}
    asked = [name for name in _names(turn.question) if name not in places]
    return asked, [name for name in _names(answer, first=True) if name not in places]


def _places(turn: Turn) -> tuple[list[str], list[str]]:
    answer = plain_answer(turn.answer)
    answered = [*_PLACED.findall(answer), *_names(answer, first=True)]
    return _PLACED.findall(turn.question), answered


def _things(turn: Turn) -> tuple[list[str], list[str]]:
    answer = plain_answer(turn.answer).rstrip(".")
    short = [re.sub(r"^(?:an?|the) ", "the ", answer, flags=re.I)] if _is_short(answer) else []
    phrases = _phrases(turn.question)
    named = [p for p in phrases if any(w[0].isupper() for w in p.split()[1:])]
    return [*named, *phrases, *_names(turn.question)], short + _phrases(answer)[:1]


class _Referents(NamedTuple):
    """The referents of a kind of pronoun.

    ``find`` returns those in a turn's question and those in its answer. The answer's come first if
    one of the question's first words, ``within`` of them, is a question word for the kind.
    """

    find: Callable[[Turn], tuple[list[str], list[str]]]
    question_words: frozenset[str]
    within: int = 1
    full_names_first: bool = False


_PERSONS = _Referents(_persons, frozenset({"who", "whom", "whose", "which"}), full_names_first=True)
_PLACES = _Referents(_places, frozenset({"where", "which"}), within=2)
_THINGS = _Referents(_things, frozenset({"what", "which"}))


def _find_referent(kind: _Referents, turns: Sequence[Turn]) -> str | None:
    """Return the likeliest referent of a kind in the latest turn that has one."""
    for turn in reversed(turns):
        asked, answered = kind.find(turn)
        asks_for_it = kind.question_words & set(words(turn.question)[: kind.within])
        found = answered + asked if asks_for_it else asked + answered
        if found:
            return min(found, key=lambda name: kind.full_names_first and " " not in name)
    return None


def _is_short(answer: str) -> bool:
    """Return whether an answer is a phrase that names a thing, not a sentence, day or number."""
    first, *others = words(answer) or [""]
    if not 0 < len(words(answer)) <= _SHORT_WORDS or first[0].isdigit():
        return False
    clause = any(word in _AUXILIARY or _PARTICIPLE.search(word) for word in others)
    return not clause and first not in _PREPOSITIONS | _NOT_NAMED


def _phrases(text: str) -> list[str]:
    """Return the definite noun phrases of a text, each up to the next function word."""
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
    """Yield the names in a text; skip a single word at its start unless ``first``."""
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
    """Return whether the question itself names "he", or the owner of "his", before the word."""
    before = question[: match.start()]
    owned = match[0].lower() in _POSSESSIVE and _phrases(before)
    return bool(owned) or any(True for _ in _names(before))


def _own_thing(question: str, match: re.Match[str]) -> bool:
    """Return whether an earlier clause of the question names "it", or the owner of "its"."""
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
    """Return the first 300 characters of an answer, without markers, datelines and refusals."""
    said = _OWN_WORDS.sub("", " ".join(_MARKERS.sub("", answer).split()))
    return _DATELINE.sub("", said)[:300]


def _short(answer: str) -> str:
    """Return an answer of at most five words, or the first name in a longer one."""
    plain = plain_answer(answer).rstrip(".")
    if len(plain.split()) <= 5:
        return plain
    return next(_names(plain, first=True), "")
