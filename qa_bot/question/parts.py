"""Split a question with several parts into questions: "when and where", "who …, and how"."""

from __future__ import annotations

import re

_WORD = (
    r"(?:how (?:many|much|long|old|often|far|high)|who|whom|whose|what|when|where|which|why|how)"
)
_WH = rf"(?:(?:against|at|by|for|from|in|on|since|till|to|until|with) )?{_WORD}"
_BOTH = re.compile(rf"^({_WH}),? and ({_WH}) (?!{_WH}\b)(.+)$", re.IGNORECASE)
_AUXILIARY = r"(?:is|are|was|were|will|would|did|do|does|has|have|had|can|could|should|may|might)\b"
_THING = rf"(?:how many|how much|what|which) (?!{_AUXILIARY})[\w’'-]+"
_THINGS = re.compile(rf"^({_THING})(?:,| and) ({_THING}) ((?!and\b).+)$", re.IGNORECASE)
_ALSO = re.compile(rf"^({_WH})\b(.+?)(?:,? and|,) ({_WH})$", re.IGNORECASE)
_TWO = re.compile(rf"^(.+?\S),? and (?={_WH}(?:['’](?:s|re))?\s+\S+)(.+)$", re.IGNORECASE)
_FEWEST_WORDS = 4  # a shorter first part is not a question by itself: "who and what company"


def question_parts(question: str) -> tuple[str, ...]:
    """Return the parts of a question as questions, or the question alone if it has one part.

    >>> question_parts("When and where did the leaders meet?")
    ('When did the leaders meet?', 'Where did the leaders meet?')
    >>> question_parts("Who led the case, and who later prosecuted the porter?")
    ('Who led the case?', 'Who later prosecuted the porter?')
    >>> question_parts("Who invited Putin, and how?")
    ('Who invited Putin?', 'How invited Putin?')
    >>> question_parts("who moved, when and why")
    ('Who moved?', 'When moved?', 'Why moved?')
    >>> question_parts("What did Biden and Putin discuss?")
    ('What did Biden and Putin discuss?',)
    """
    asked = question.strip().rstrip("?").rstrip()
    if match := _BOTH.match(asked):
        return _questions(f"{match[1]} {match[3]}", f"{match[2]} {match[3]}")
    if match := _THINGS.match(asked):
        return _questions(f"{match[1]} {match[3]}", f"{match[2]} {match[3]}")
    if match := _ALSO.match(asked):
        before = [part.rstrip("?") for part in question_parts(f"{match[1]}{match[2]}")]
        return _questions(*before, match[3] + before[0][len(match[1]) :])
    match = _TWO.match(asked)
    if match and re.match(_WH, match[1], re.IGNORECASE) and len(match[1].split()) >= _FEWEST_WORDS:
        return _questions(match[1], match[2])
    return (question,)


def _questions(*texts: str) -> tuple[str, ...]:
    return tuple(f"{text[0].upper()}{text[1:]}?" for text in texts)
