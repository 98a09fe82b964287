"""Suggest questions that the articles answer.

Rules turn a plain sentence ("Marta Wołczyk was elected mayor") into a question ("Who was elected
mayor?"). The bot asks it like any other question and suggests it only if the answer quotes that
sentence.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from qa_bot.answer import Answer
from qa_bot.datatypes import Article
from qa_bot.news import front_matter
from qa_bot.text import NAME_WORD, UPPER, split_sentences, words

_NAME = rf"(?:{NAME_WORD}\w(?: {NAME_WORD}\w){{1,3}})"
_REST = (
    r"((?: [\w’'€$£%.-]+){2,9}?)(?=,|;|\.$| after | before | when | as | while | and | but | by )"
)
_DAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2})"
)
_DATELINE = re.compile(r"^[^—–.]{2,90}[—–]\s+|^[A-Z][A-Z .,]+\s[-–—]+\s")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"^{_NAME} (was|were|has been|have been|will be){_REST}"), "Who {0}{1}?"),
    (
        re.compile(
            r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|dozens of) "
            rf"([a-z]+s) (were|have been|had been|will be){_REST}"
        ),
        "How many {0} {1}{2}?",
    ),
    (
        re.compile(rf"^({UPPER}[\w’' -]{{3,50}}?) (will) ((?:[\w’'-]+ ){{1,6}}?)on {_DAY}"),
        "When {1} {0} {2}?",
    ),
    (
        re.compile(
            rf"^({UPPER}[\w’' -]{{3,50}}?) (was|were) ((?:[\w’'-]+ed |held ){{1}}"
            rf"(?:[\w’'-]+ ){{0,5}}?)on {_DAY}"
        ),
        "When {1} {0} {2}?",
    ),
    (
        re.compile(rf"({_NAME})(?:, [^,]{{3,60}},)? (?:said|told|warned|added)\b"),
        "What did {0} say?",
    ),
)
_SAMPLED_ARTICLES, _PER_ARTICLE, _MOST_ARTICLES = 60, 3, 2_000
_SURE = 0.4
_WHAT_DID = "What did "  # a clause answers it, possibly of another sentence
_SURE_OF_CLAUSE, _CLAUSE_WORDS = 0.5, 4
_NEEDS_CONTEXT = re.compile(
    r"\b(?:it|its|they|their|them|he|his|him|she|her|this|these|says)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Starter:
    """A question that the index answers, and the article that answers it.

    ``published`` is the last day that the article's date can mean, ISO; None if it has no date.
    """

    question: str
    article_id: str
    published: str | None


def find_starters(
    articles: Iterable[Article], ask: Callable[[str], Answer], *, most: int = 12, tries: int = 24
) -> list[Starter]:
    """Return questions that the bot answers from the sentence behind each.

    Args:
        articles: the articles of the index; an evenly spread sample is used.
        ask: answers a question.
        most: the most questions to return.
        tries: the most questions to ask.
    """
    found: dict[str, Starter] = {}
    for article, sentence, question in itertools.islice(_candidates(articles), tries):
        if len(found) == most:
            break
        if article.id not in found and _answers(ask(question), article, sentence):
            day = article.published.last.isoformat() if article.published else None
            found[article.id] = Starter(question, article.id, day)
    return sorted(found.values(), key=lambda one: one.question.startswith(_WHAT_DID))


def keep_starters(path: Path, state: str, find: Callable[[], list[Starter]]) -> list[Starter]:
    """Return the questions in a file for this state of the index; find and save them if missing."""
    kept = read_starters(path, state)
    if kept is None:
        kept = find()
        write_starters(path, state, kept)
    return kept


def read_starters(path: Path, state: str) -> list[Starter] | None:
    """Return the questions in a file for this state of the index, or None if it has none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["state"] != state:
            return None
        starters = [Starter(**one) for one in kept["starters"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return starters if all(map(_has_texts, starters)) else None


def _has_texts(starter: Starter) -> bool:
    """Return whether the fields of a starter from a file are what they should be."""
    given = (starter.question, starter.article_id, starter.published or "")
    return all(isinstance(value, str) for value in given)


def write_starters(path: Path, state: str, starters: Sequence[Starter]) -> None:
    """Save the questions next to the index; do nothing if its folder is not writable."""
    kept = {"state": state, "starters": [asdict(one) for one in starters]}
    temporary = path.with_name(f".{path.name}-new")
    try:
        temporary.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(path)
    except (OSError, UnicodeEncodeError):
        temporary.unlink(missing_ok=True)


def questions_from(sentence: str) -> list[str]:
    """Return the questions that a plain sentence answers.

    >>> questions_from("Some 412 homes were evacuated in the lower town, the council said.")
    ['How many homes were evacuated in the lower town?']
    >>> questions_from("The inquiry will open on Tuesday.")
    ['When will the inquiry open?']
    """
    plain = _DATELINE.sub("", " ".join(sentence.split()))
    made = []
    for pattern, form in _RULES:
        match = pattern.search(plain)
        if match:
            groups = [_lower_article(group.rstrip()) for group in match.groups()]
            made.append(form.format(*groups))
    return [q for q in made if 18 <= len(q) <= 110 and not _NEEDS_CONTEXT.search(q)]


def _lower_article(words: str) -> str:
    first, space, rest = words.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in ("The", "A", "An") else words


def _candidates(articles: Iterable[Article]) -> Iterator[tuple[Article, str, str]]:
    """Yield (article, sentence, question): the first question of each article, then the second."""
    considered = list(itertools.islice(articles, _MOST_ARTICLES))
    step = max(1, len(considered) // _SAMPLED_ARTICLES)
    each = [list(itertools.islice(_of(one), _PER_ARTICLE)) for one in considered[::step]]
    for row in itertools.zip_longest(*each):
        yield from filter(None, row)


def _of(article: Article) -> Iterator[tuple[Article, str, str]]:
    start = span.end if (span := front_matter(article.text)) else 0
    for span in split_sentences(article.text, start, min(len(article.text), start + 4_000)):
        sentence = article.text[slice(*span)]
        if not sentence.startswith(("“", '"', "'", "‘")):
            for question in questions_from(sentence):
                yield article, sentence, question


def _answers(answer: Answer, article: Article, sentence: str) -> bool:
    """Return whether the answer is sure, adds words to the question, and quotes the sentence."""
    if answer.confidence < _SURE or not answer.short:
        return False
    first = answer.citations[0]
    new = set(words(answer.short)) - set(words(answer.question))
    if answer.question.startswith(_WHAT_DID):
        sure = answer.confidence >= _SURE_OF_CLAUSE and len(new) >= _CLAUSE_WORDS
        return first.article.id == article.id and sure
    same = first.quote in sentence or sentence in first.quote
    return bool(new) and first.article.id == article.id and same
