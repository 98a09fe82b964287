"""Split a question with several parts into questions: "when and where", "who …, and how"."""

from __future__ import annotations

import re

from qa_bot.question.followup import needs_context, with_topic

_WORD = (
    r"(?:how (?:many|much|long|old|often|far|high)|who|whom|whose|what|when|where|which|why|how)"
)
_BEFORE = r"(?:against|at|by|for|from|in|on|since|till|to|until|with)"
_WH = rf"(?:{_BEFORE} )?{_WORD}"
_AUXILIARY = r"(?:is|are|was|were|will|would|did|do|does|has|have|had|can|could|should|may|might)\b"
# "the man with whom she lived" is no question of its own, "with whom did she live" is one.
_RELATIVE = rf"{_BEFORE} (?:which|whom)\b(?! {_AUXILIARY})"
_THING = rf"(?:how many|how much|what|which) (?!{_AUXILIARY}|\w+ed\b)[\w’'-]+"
_THINGS = re.compile(rf"^({_THING})(?:,| and) ({_THING}) ({_AUXILIARY}.+)$", re.IGNORECASE)
_ALSO = re.compile(rf"^({_WH})\b(.+?)(?:,? and|,) ({_WH})$", re.IGNORECASE)
_TWO = re.compile(
    rf"^((?:\S+ ){{3,}}?\S+?)(?<! about)(?<! when)(?<! where)(?<! how)(?<! why),? and "
    rf"(?!{_RELATIVE})(?={_WH}(?:['’](?:s|re))?\s+\S+)(.+)$",
    re.IGNORECASE,
)
_BOTH = re.compile(rf"^({_WH}),? and ({_WH}) (?!{_WH}\b)({_AUXILIARY}.+)$", re.IGNORECASE)
# What a question is about, before it begins: "the bridge vote: who abstained, and why".
_TOPIC = re.compile(
    rf"^(?:(?!{_WORD}\b)[^?:;]{{3,60}}:|(?:the|an?) [^?:;,]{{3,60}},) (?={_WORD}\b)", re.IGNORECASE
)
_MOST_PARTS = 3
# "What is the date now" leans on what it is the date of; "what is the strike about" does not.
_LEANS = re.compile(
    r"\b(?:there|the (?:date|figure|number|price|total|sum|count|cost))\b(?! (?:of|for|to)\b)",
    re.IGNORECASE,
)
# Words of the first part that say nothing of its topic, only of an earlier or later state.
_OF_A_STATE = frozenset({"originally", "initially", "first", "meant", "supposed", "planned", "now"})


def question_parts(question: str) -> tuple[str, ...]:
    """Return the two or three parts of a question as questions, or the question alone.

    >>> question_parts("When and where did the leaders meet?")
    ('When did the leaders meet?', 'Where did the leaders meet?')
    >>> question_parts("Who led the case, and who later prosecuted the porter?")
    ('Who led the case?', 'Who later prosecuted the porter?')
    >>> question_parts("who moved, when and why")
    ('Who moved?', 'When moved?', 'Why moved?')
    >>> question_parts("What did Biden and Putin discuss?")
    ('What did Biden and Putin discuss?',)
    >>> question_parts("the bridge vote: who abstained, and why")
    ('The bridge vote: who abstained?', 'The bridge vote: why abstained?')
    """
    asked = question.strip().rstrip("?").rstrip()
    topic = _TOPIC.match(asked)
    parts = _split(asked[topic.end() if topic else 0 :], _MOST_PARTS)
    if not 1 < len(parts) <= _MOST_PARTS:
        return (question,)
    said = [f"{topic[0]}{part}" for part in parts] if topic else parts
    return tuple(f"{part[0].upper()}{part[1:]}?" for part in said)


def complete_part(part: str, first: str) -> str:
    """Return a part of a question with the topic words of the first part, if it leans on it.

    >>> complete_part("How old is he?", "Who is the coach of Arsenal?")
    'How old is he (coach Arsenal)?'
    >>> complete_part("Who stole the lens?", "Where was the lens found?")
    'Who stole the lens?'
    >>> complete_part("What is the date now?", "When was the mill meant to open originally?")
    'What is the date now (mill open)?'
    >>> complete_part("What is the strike about?", "Why was the trial delayed?")
    'What is the strike about?'
    """
    if not (needs_context(part) or _LEANS.search(part)):
        return part
    kept = [
        word
        for word in first.split()
        if not any(map(str.isdigit, word)) and word.rstrip("?,.") not in _OF_A_STATE
    ]
    return with_topic(part, " ".join(kept))


def _split(asked: str, most: int) -> list[str]:
    """Return the parts of a question without its mark; of more than ``most`` only some."""
    if most < 1:
        return [asked]
    if match := _THINGS.match(asked):
        return [f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"]
    if match := _ALSO.match(asked):
        before = _split(f"{match[1]}{match[2]}", most - 1)
        return [*before, match[3] + before[0][len(match[1]) :]]
    match = _TWO.match(asked)
    if match and re.match(_WH, match[1], re.IGNORECASE):
        return [*_split(match[1].rstrip(","), most - 1), match[2]]
    if match := _BOTH.match(asked):
        return [f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"]
    return [asked]
