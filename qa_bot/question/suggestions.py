"""Suggest questions that the articles answer.

Rules turn a plain sentence ("Marta Wołczyk was elected mayor") into a question ("Who was elected
mayor?"). The bot asks it like any other question and suggests it only if the answer quotes that
sentence.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from qa_bot.answer import Answer
from qa_bot.datatypes import Article
from qa_bot.news import front_matter, is_role
from qa_bot.text import NAME_WORD, UPPER, split_sentences, words

_NAME = rf"(?:{NAME_WORD}\w(?: {NAME_WORD}\w){{1,3}})"
_REST = (
    r"((?: [\w’'€$£%.-]+){2,9}?)(?=,|;|\.$| after | before | when | as | while | and | but | by )"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = (
    rf"(?:{_WEEKDAY}|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2})"
)
_DATELINE = re.compile(r"^[^—–.]{2,90}[—–]\s+|^[A-Z][A-Z .,]+\s[-–—]+\s")
# What happens to persons, and not to firms and laws: "was established", "was introduced".
_OF_PERSONS = (
    "elected|appointed|chosen|named|nominated|hired|promoted|sworn|crowned|honou?red|awarded|born|"
    "killed|injured|rescued|arrested|charged|convicted|acquitted|sentenced|jailed|fined|accused|"
    "dismissed|sacked|suspended"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            rf"^{_NAME} (was|were|has been|have been|will be)"
            rf"(?= (?:re-?)?(?:{_OF_PERSONS})\b){_REST}"
        ),
        "Who {0}{1}?",
    ),
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
_STORY_NAME = re.compile(rf"(?:\bThe )?({_NAME})")
_STORIES = 3  # questions tried
_STORY_ARTICLES, _STORY_SHARE = 3, 0.4  # fewest articles of a story, and largest share of all
_SURE = 0.4
_WHAT_DID = "What did "  # a clause answers it, possibly of another sentence
_SURE_OF_CLAUSE, _CLAUSE_WORDS = 0.5, 4
_NEEDS_CONTEXT = re.compile(
    r"\b(?:it|its|they|their|them|he|his|him|she|her|this|these|says|"
    rf"today|yesterday|tomorrow|{_WEEKDAY})\b",
    re.I,
)
# "The bridge has cracks and was shut": the subject of the second verb is not in its place. "Was
# founded to preserve": the rest is cut off.
_MALFORMED = re.compile(
    r"\b(?:was|were|will) (?:[\w’'-]+ )+?(?:has|have|had|is|are|was|were|will|and)\b.*\?$|"
    r"^When .* and .*\?$|\bto [\w’'-]+\?$"
)
_NAMED = re.compile(rf"\s{NAME_WORD}\w")  # a question about nothing by name could be of any story


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
    considered = list(itertools.islice(articles, _MOST_ARTICLES))
    found: dict[str, Starter] = {}
    for question in itertools.islice(_stories(considered), _STORIES):
        answer = ask(question)
        if len(answer.sentences) >= _STORY_ARTICLES:
            newest = answer.citations[-1].article
            found[newest.id] = _starter(question, newest)
    for article, sentence, question in itertools.islice(_candidates(considered), tries):
        if len(found) == most:
            break
        asked = {one.question for one in found.values()}
        new = article.id not in found and question not in asked
        if new and _answers(ask(question), article, sentence):
            found[article.id] = _starter(question, article)
    return sorted(found.values(), key=lambda one: one.question.startswith(_WHAT_DID))


def _starter(question: str, article: Article) -> Starter:
    day = article.published.last.isoformat() if article.published else None
    return Starter(question, article.id, day)


def _stories(articles: Sequence[Article]) -> Iterator[str]:
    """Yield questions about the names that most articles write about.

    An article writes about a name of two words or more that it has twice; one of their headlines
    has it. A name in more than two fifths of all is the place of all of them, and no story.
    """
    about: dict[str, list[Article]] = {}
    with_article: Counter[str] = Counter()
    for article in articles:
        names = Counter(m[1].removesuffix("’s") for m in _STORY_NAME.finditer(article.text))
        for name in (name for name, n in names.items() if n > 1):
            about.setdefault(name, []).append(article)
            with_article[name] += article.text.count(f"the {name}") * 2 > names[name]
    publishers = {article.publisher for article in articles}
    for name, found in sorted(about.items(), key=lambda item: (-len(item[1]), item[0])):
        is_story = _STORY_ARTICLES <= len(found) <= _STORY_SHARE * len(articles)
        is_office = any(is_role(word) for word in words(name))  # "President Biden" is no story
        named = not is_office and name not in publishers
        if is_story and named and any(name in one.title for one in found):
            said = f"the {name}" if with_article[name] * 2 > len(found) else name
            yield f"What happened with {said}?"


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

    >>> questions_from("Some 412 homes were evacuated in Lower Saltmere, the council said.")
    ['How many homes were evacuated in Lower Saltmere?']
    >>> questions_from("The Saltmere inquiry will open on Tuesday.")
    ['When will the Saltmere inquiry open?']
    >>> questions_from("Some 412 homes were evacuated in the lower town, the council said.")
    []
    """
    plain = _DATELINE.sub("", " ".join(sentence.split()))
    made = []
    for pattern, form in _RULES:
        match = pattern.search(plain)
        if match:
            groups = [_lower_article(group.rstrip()) for group in match.groups()]
            made.append(form.format(*groups))
    return [
        question
        for question in made
        if 18 <= len(question) <= 110
        and _NAMED.search(question)
        and not (_NEEDS_CONTEXT.search(question) or _MALFORMED.search(question))
    ]


def _lower_article(words: str) -> str:
    first, space, rest = words.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in ("The", "A", "An") else words


def _candidates(articles: Sequence[Article]) -> Iterator[tuple[Article, str, str]]:
    """Yield (article, sentence, question): the first question of each article, then the second."""
    step = max(1, len(articles) // _SAMPLED_ARTICLES)
    each = [list(itertools.islice(_of(one), _PER_ARTICLE)) for one in articles[::step]]
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
