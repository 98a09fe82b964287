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
_MOST_PARTS = 3


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
    """
    parts = _split(question.strip().rstrip("?").rstrip(), _MOST_PARTS)
    if not 1 < len(parts) <= _MOST_PARTS:
        return (question,)
    return tuple(f"{part[0].upper()}{part[1:]}?" for part in parts)


def complete_part(part: str, first: str) -> str:
    """Return a part of a question with the topic words of the first part, if it leans on it.

    >>> complete_part("How old is he?", "Who is the coach of Arsenal?")
    'How old is he (coach Arsenal)?'
    >>> complete_part("Who stole the lens?", "Where was the lens found?")
    'Who stole the lens?'
    """
    untimed = " ".join(word for word in first.split() if not any(map(str.isdigit, word)))
    return with_topic(part, untimed) if needs_context(part) else part


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
