"""Answer "how old is NAME?" with the age that stands beside the name: "Ana Vell, 46, said"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from qa_bot.datatypes import Evidence, Hit, Span
from qa_bot.news import exact_day, find_mentions, is_instruction, is_mentioned, is_role
from qa_bot.question import Question
from qa_bot.text import is_function_word, split_sentences, words

_PROBABILITY = 0.9  # that the number beside the name is the person's age; chosen by hand
_NEXT = 0.95  # factor on the next sentence, which keeps them in order; chosen by hand
_ASKED = re.compile(
    r"^(?:and |so |but )?(?:how old (?:is|was|are)|(?:what (?:is|was) )?the age of) "
    r"(?P<name>[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'.-]*){0,3}?)(?: now| again)?\s*[?.!]*$",
    re.IGNORECASE,
)
_AGE = r"(?P<age>\d{1,2}|1[01]\d)"
_AFTER = (
    re.compile(rf", (?:who is |aged )?{_AGE}(?=[,.;)](?! ?\d))"),
    re.compile(rf" (?:\(aged |aged |is ){_AGE}(?=[,.;)](?!\d)| years old\b)"),
)
_BEFORE = re.compile(rf"\b{_AGE}-year-old (?:(?P<role>\w+) )?$")
_ANOTHER = re.compile(r"\b(?:of|from|in|at|near) $", re.IGNORECASE)  # "a son of Ana Vell, 12"


def read_ages(question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the sentences with an age beside the name that a question for an age asks about.

    The newest article comes first, one without a date last.
    """
    asked = _ASKED.match(question.standalone)
    if asked is None or any(map(is_function_word, words(asked["name"]))):
        return ()
    newest = sorted(hits, key=lambda h: exact_day(h.passage.article) or date.min, reverse=True)
    found: dict[tuple[str, int], tuple[Hit, Span, Span]] = {}
    for hit in newest:
        for sentence, age in _ages_in(hit, asked["name"]):
            found.setdefault((hit.passage.article.id, sentence.start), (hit, sentence, age))
    return tuple(
        Evidence(hit, *sentence, _PROBABILITY * _NEXT**place, age)
        for place, (hit, sentence, age) in enumerate(found.values())
    )


def _ages_in(hit: Hit, name: str) -> Iterator[tuple[Span, Span]]:
    """Yield the sentences of a hit with the place of the age in each.

    An article may go on with the last name alone.
    """
    passage = hit.passage
    text = passage.article.text
    if not is_mentioned(text, name):
        return
    for sentence in split_sentences(text, passage.start, passage.end):
        age = _age_beside(text[slice(*sentence)], name)
        if age and not is_instruction(text, sentence):
            yield sentence, Span(sentence.start + age.start, sentence.start + age.end)


def _age_beside(sentence: str, name: str) -> Span | None:
    for mention in find_mentions(sentence, name.split()[-1]):
        own, asked = words(sentence[slice(*mention)]), words(name)
        if len(asked) > 1 and own not in (asked, asked[-1:]):  # another first name
            continue
        if age := _beside(sentence, mention):
            return age
    return None


def _beside(sentence: str, mention: Span) -> Span | None:
    """Return the place of the age before or after the place of a name."""
    if _ANOTHER.search(sentence, 0, mention.start):
        return None
    after = (pattern.match(sentence, mention.end) for pattern in _AFTER)
    if found := next(filter(None, after), None):
        return Span(*found.span("age"))
    before = _BEFORE.search(sentence, 0, mention.start)
    if before and (before["role"] is None or is_role(before["role"].lower())):
        return Span(*before.span("age"))
    return None
