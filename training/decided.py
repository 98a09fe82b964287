"""Claims over groups of articles: questions of yes or no, and answers right and tempting.

A passage is the sentence that decides, alone, as an answer quotes it, or among its neighbours.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from qa_bot.datatypes import Span
from qa_bot.news import header_line
from qa_bot.text import split_sentences, squeeze
from training.claims import CONTRADICTED, NOT_STATED, SUPPORTED, Claim
from training.judged import question_with

_VERDICTS = {"yes": SUPPORTED, "no": CONTRADICTED, "untold": NOT_STATED}
_ALONE = 0.4  # share of passages of one sentence
_SHORT, _LONG = (20, 70), (70, 150)  # words of the others
_SHARE_LONG, _WITHOUT_HEADER, _WITHOUT_PUBLISHER = 0.3, 0.15, 0.4


def decided_claims(rows: Sequence[Mapping[str, Any]], rng: random.Random) -> Iterator[Claim]:
    """Yield the claims over groups, each with its ``articles``, ``questions`` and ``yesno``."""
    for row in rows:
        articles = row["articles"]
        for asked in row.get("yesno", ()):
            article = articles[asked["in"]]
            passage = _passage(article["text"], asked["a"], rng)
            yield Claim(
                asked["q"], _header(article, rng), passage, _VERDICTS[asked["verdict"]], "decided"
            )
        for asked in row["questions"]:
            if "verdict" not in asked:
                yield from _answers(asked, articles, rng)


def _answers(
    asked: Mapping[str, Any], articles: Sequence[Mapping[str, Any]], rng: random.Random
) -> Iterator[Claim]:
    """Yield the right answer over its passage, and the tempting one over its own.

    A tempting answer is contradicted where its passage has the right one, else it is not told.
    """
    right, tempting = asked["a"], asked.get("tempting")
    if right:
        article = articles[asked["in"]]
        passage = _passage(article["text"], right, rng)
        said = question_with(asked["q"], right)
        yield Claim(said, _header(article, rng), passage, SUPPORTED, "right of group")
    if tempting:
        article = articles[asked["tempting_in"]]
        passage = _passage(article["text"], tempting, rng)
        verdict = CONTRADICTED if right and right in passage else NOT_STATED
        said = question_with(asked["q"], tempting)
        yield Claim(said, _header(article, rng), passage, verdict, "tempting of group")


def _passage(text: str, words: str, rng: random.Random) -> str:
    """Return the sentence with these words, or it and its neighbours."""
    sentences = split_sentences(text, 0, len(text))
    start = text.index(words)
    place = next((i for i, one in enumerate(sentences) if start < one.end), len(sentences) - 1)
    first = last = place
    room = rng.randint(*(_LONG if rng.random() < _SHARE_LONG else _SHORT))
    if rng.random() < _ALONE:
        room = 0
    while _words(text, sentences[first : last + 1]) < room and (
        first > 0 or last < len(sentences) - 1
    ):
        before = first > 0 and (rng.random() < 0.5 or last == len(sentences) - 1)
        first, last = (first - 1, last) if before else (first, last + 1)
    return squeeze(text[sentences[first].start : sentences[last].end])


def _words(text: str, sentences: Sequence[Span]) -> int:
    return len(text[sentences[0].start : sentences[-1].end].split())


def _header(article: Mapping[str, Any], rng: random.Random) -> str:
    if rng.random() < _WITHOUT_HEADER:
        return ""
    publisher = article.get("publisher") if rng.random() >= _WITHOUT_PUBLISHER else None
    return header_line(squeeze(article["title"]), publisher, date.fromisoformat(article["date"]))
