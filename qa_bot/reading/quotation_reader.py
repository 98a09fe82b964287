"""Answer "who said “…”?" with the speaker of the sentence that has the quoted words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa_bot.datatypes import Evidence, Hit
from qa_bot.news import after_dateline, is_instruction, speaker_of
from qa_bot.question import Question
from qa_bot.text import split_sentences, words

_PROBABILITY = 0.9  # that the speaker of the very words is meant; chosen by hand
_SHORTEST = 10  # letters of a quotation that is searched for; chosen by hand
# Similarity, 0..100, of quoted words, which may be slightly wrong, and of words without marks.
_ALIKE, _THE_SAME = 85, 97
_UNMARKED = re.compile(r"\bwho said (?:that )?([^“”\"]+)$", re.IGNORECASE)


def read_quotations(question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the sentences with the words that a question quotes, if it asks who said them.

    Words in quotation marks may differ a little (rapidfuzz, partial ratio). A sentence without a
    speaker does not count.
    """
    if not question.intent.who_said:
        return ()
    quoted = [(one, _ALIKE) for one in question.quotations]
    if unmarked := _UNMARKED.search(question.standalone):
        quoted.append((unmarked[1], _THE_SAME))
    found = {
        (evidence.article.id, evidence.start): evidence
        for said, least in quoted
        for hit in hits
        for evidence in _sentences_with(" ".join(words(said)), hit, least)
    }
    return tuple(sorted(found.values(), key=lambda e: (-e.probability, e.hit.rank, e.start)))


def _sentences_with(said: str, hit: Hit, least: float) -> Iterator[Evidence]:
    from rapidfuzz import fuzz

    if len(said) < _SHORTEST:
        return
    passage = hit.passage
    text = passage.article.text
    for sentence in split_sentences(text, passage.start, passage.end):
        own = " ".join(words(text[slice(*sentence)]))
        alike = fuzz.partial_ratio(said, own) if len(own) >= len(said) else 0.0
        if alike < least or is_instruction(text, sentence):
            continue
        place = after_dateline(text, sentence)
        if speaker := speaker_of(text, place):
            yield Evidence(hit, *place, _PROBABILITY * alike / 100, speaker=speaker)
