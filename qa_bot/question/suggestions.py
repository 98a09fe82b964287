"""Articles → questions that they really answer: made from their sentences, kept if they pass.

A question is made by turning a plain sentence round ("Marta Wołczyk was elected mayor" → "Who was
elected mayor?"), asked like any other, and kept only if it is answered out of that sentence.
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
_MAKERS: tuple[tuple[re.Pattern[str], str], ...] = (
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
_SPREAD_ARTICLES, _PER_ARTICLE, _LOOKED_AT = 60, 3, 2_000
_SURE = 0.4
_SAID = "What did "  # its answer may stand in another sentence, and is a clause
_SURE_OF_CLAUSE, _CLAUSE_WORDS = 0.5, 4
_LEANS = re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her|this|these|says)\b", re.I)


@dataclass(frozen=True, slots=True)
class Starter:
    """A question that the index answers, the article that answers it, and when that appeared.

    ``published`` is the last day that the article's date can mean, ISO; None if it has no date.
    """

    question: str
    article_id: str
    published: str | None


def find_starters(
    articles: Iterable[Article], ask: Callable[[str], Answer], *, most: int = 12, tries: int = 24
) -> list[Starter]:
    """Return questions that were asked and answered out of the sentence they were made from.

    Args:
        articles: of the index; some, evenly spread, are looked at.
        ask: asks one question.
        most: how many are wanted.
        tries: how many may be asked.
    """
    found: dict[str, Starter] = {}
    for article, sentence, question in itertools.islice(_candidates(articles), tries):
        if len(found) == most:
            break
        if article.id not in found and _answers(ask(question), article, sentence):
            day = article.published.last.isoformat() if article.published else None
            found[article.id] = Starter(question, article.id, day)
    return sorted(found.values(), key=lambda one: one.question.startswith(_SAID))


def keep_starters(path: Path, state: str, find: Callable[[], list[Starter]]) -> list[Starter]:
    """Return the questions kept in a file for this state of the index, found if there are none."""
    kept = read_starters(path, state)
    if kept is None:
        kept = find()
        write_starters(path, state, kept)
    return kept


def read_starters(path: Path, state: str) -> list[Starter] | None:
    """Return the questions kept for this state of the index; None if there are none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [Starter(**one) for one in kept["starters"]] if kept["state"] == state else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_starters(path: Path, state: str, starters: Sequence[Starter]) -> None:
    """Keep the questions beside the index; a folder that cannot be written keeps none."""
    kept = {"state": state, "starters": [asdict(one) for one in starters]}
    temporary = path.with_name(f".{path.name}-new")
    try:
        temporary.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(path)
    except (OSError, UnicodeEncodeError):
        temporary.unlink(missing_ok=True)


def turned_round(sentence: str) -> list[str]:
    """Return the questions that a plain sentence answers.

    >>> turned_round("Some 412 homes were evacuated in the lower town, the council said.")
    ['How many homes were evacuated in the lower town?']
    >>> turned_round("The inquiry will open on Tuesday.")
    ['When will the inquiry open?']
    """
    plain = _DATELINE.sub("", " ".join(sentence.split()))
    made = []
    for pattern, form in _MAKERS:
        match = pattern.search(plain)
        if match:
            groups = [_lower_article(group.rstrip()) for group in match.groups()]
            made.append(form.format(*groups))
    return [q for q in made if 18 <= len(q) <= 110 and not _LEANS.search(q)]


def _lower_article(words: str) -> str:
    first, space, rest = words.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in ("The", "A", "An") else words


def _candidates(articles: Iterable[Article]) -> Iterator[tuple[Article, str, str]]:
    """Yield (article, sentence, question): first those of every article's first sentence."""
    looked_at = list(itertools.islice(articles, _LOOKED_AT))
    step = max(1, len(looked_at) // _SPREAD_ARTICLES)
    each = [list(itertools.islice(_of(one), _PER_ARTICLE)) for one in looked_at[::step]]
    for row in itertools.zip_longest(*each):
        yield from filter(None, row)


def _of(article: Article) -> Iterator[tuple[Article, str, str]]:
    start = span.end if (span := front_matter(article.text)) else 0
    for sentence in split_sentences(article.text, start, min(len(article.text), start + 4_000)):
        said = article.text[slice(*sentence)]
        if not said.startswith(("“", '"', "'", "‘")):
            for question in turned_round(said):
                yield article, said, question


def _answers(answer: Answer, article: Article, sentence: str) -> bool:
    """Return whether the answer is sure and new, and quotes the sentence first."""
    if answer.confidence < _SURE or not answer.short:
        return False
    first = answer.citations[0]
    told = set(words(answer.short)) - set(words(answer.question))
    if answer.question.startswith(_SAID):
        sure = answer.confidence >= _SURE_OF_CLAUSE and len(told) >= _CLAUSE_WORDS
        return first.article.id == article.id and sure
    same = first.quote in sentence or sentence in first.quote
    return bool(told) and first.article.id == article.id and same
