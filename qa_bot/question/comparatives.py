"""Turn a comparison into questions: what each comparative asks for, and the verb of a question."""

from __future__ import annotations

from qa_bot.text import english_words

LARGER = {
    "older": "how old", "longer": "how long", "bigger": "how big", "larger": "how large",
    "higher": "how high", "taller": "how tall", "faster": "how fast", "heavier": "how heavy",
    "wider": "how wide", "deeper": "how deep", "later": "when", "last": "when",
    "more expensive": "how expensive", "dearer": "how expensive", "costlier": "how expensive",
    "greater": "how great", "hotter": "how hot", "stronger": "how strong", "warmer": "how warm",
}  # fmt: skip
SMALLER = {
    "younger": "how old", "shorter": "how long", "smaller": "how big", "lower": "how high",
    "slower": "how fast", "lighter": "how heavy", "narrower": "how wide", "shallower": "how deep",
    "earlier": "when", "sooner": "when", "first": "when", "cheaper": "how expensive",
    "less expensive": "how expensive", "colder": "how cold",
}  # fmt: skip
FIGURES = LARGER | SMALLER
# Verbs whose past has another form than "-ed".
_PAST = {
    "got": "get", "won": "win", "took": "take", "came": "come", "had": "have", "made": "make",
    "cost": "cost", "sold": "sell", "paid": "pay", "drew": "draw", "gave": "give", "lost": "lose",
    "spent": "spend", "saw": "see", "ran": "run", "led": "lead", "rose": "rise", "fell": "fall",
    "did": "do", "went": "go", "held": "hold", "built": "build", "hit": "hit", "left": "leave",
    "began": "begin", "bought": "buy", "brought": "bring", "grew": "grow", "found": "find",
}  # fmt: skip


def question_verb(verb: str) -> tuple[str, str]:
    """Return the auxiliary and the base form by which a verb asks.

    >>> question_verb("got"), question_verb("scored"), question_verb("employs")
    (('did', 'get'), ('did', 'score'), ('does', 'employ'))
    """
    low = verb.lower()
    if low in _PAST:
        return "did", _PAST[low]
    if low.endswith("ed"):
        return "did", low[:-2] if low[:-2] in english_words() else low[:-1]
    if low.endswith("s"):
        return "does", "have" if low == "has" else low[:-1]
    return "do", low
