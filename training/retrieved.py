"""Examples over the passages that the program itself retrieves for a question.

The texts are indexed with the default settings. A hit answers if it has an answer's words where the
writer said, and does not if it has none of them anywhere; others are left out.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_bot import QABot, Settings
from qa_bot.datatypes import Hit, Passage
from qa_bot.news import passage_header
from qa_bot.retrieval import Query
from qa_bot.text import numbers, split_sentences, squeeze, terms
from training.examples import Example, read_rows
from training.written import WRITTEN

STORIES = Path(__file__).with_name("stories.jsonl.gz")
RELEASES = Path(__file__).with_name("releases.jsonl.gz")
_HITS = 8
_ANSWERING = 2  # examples of a question with its answer, at most
_HELD_OUT = 5  # of so many stories one takes no part in training


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over texts.

    Attributes:
        text: the question as it is typed.
        key: identifies it among all.
        answers: (article id, words of the text) of every right answer; none if nothing answers.
    """

    text: str
    key: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Articles as rows of a JSONL file of articles, and the questions over them."""

    articles: tuple[dict[str, Any], ...]
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A hit of a question, of which it is known whether it answers.

    Attributes:
        spans: of the answers in the passage, the first one first; none if it does not answer.
    """

    asked: Asked
    hit: Hit
    spans: tuple[tuple[int, int], ...]


def read_stories(held_out: bool, path: Path = STORIES) -> Texts:
    """Return the developing stories of training, or the fifth that is held out."""
    return _texts(story_groups(held_out, path))


def read_releases(data: Path, held_out: bool, path: Path = RELEASES) -> Texts:
    """Return groups of press releases on like matters, or the fifth that is held out.

    Args:
        data: the folder of the training sets; the texts are in its set ``press``.
        held_out: whether to return the fifth.
        path: the file of the groups and their questions.
    """
    return _texts(release_groups(data, held_out, path))


def story_groups(held_out: bool, path: Path = STORIES) -> list[dict[str, Any]]:
    """Return the rows of the stories, each with its articles, or of the fifth that is held out."""
    return _taken(_read_lines(path), held_out)


def release_groups(data: Path, held_out: bool, path: Path = RELEASES) -> list[dict[str, Any]]:
    """Return the rows of the groups of press releases in the same form."""
    texts = {row["id"]: row for row in read_rows(data / "press", "corpus.jsonl")}
    rows = _taken(_read_lines(path), held_out)
    for row in rows:
        found = [texts[name] for name in row["releases"]]
        row["articles"] = [{k: one[k] for k in ("title", "date", "text")} for one in found]
    return rows


def _taken(rows: Sequence[dict[str, Any]], held_out: bool) -> list[dict[str, Any]]:
    return [row for n, row in enumerate(rows) if (n % _HELD_OUT == 0) is held_out]


def _read_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _texts(rows: Sequence[dict[str, Any]]) -> Texts:
    articles, questions = [], []
    for row in rows:
        ids = [f"{row['id']}-{place}" for place in range(len(row["articles"]))]
        articles += [{"id": i, **a} for i, a in zip(ids, row["articles"], strict=True)]
        for place, asked in enumerate(row["questions"]):
            given = [asked, *asked.get("also", ())] if asked["a"] else []
            answers = tuple((ids[one["in"]], one["a"]) for one in given)
            questions.append(Asked(asked["q"], f"{row['id']}-{place}", answers))
    return Texts(tuple(articles), tuple(questions))


def read_single(data: Path, path: Path = WRITTEN) -> Texts:
    """Return the press releases and short stories of the written claims, with their questions."""
    rows = _read_lines(path)
    releases = {row["id"]: row for row in read_rows(data / "press", "corpus.jsonl")}
    articles, questions = [], []
    for row in rows:
        whole = row if "text" in row else releases[row["id"]]
        kept = {name: whole[name] for name in ("title", "date", "publisher") if whole.get(name)}
        articles.append({"id": row["id"], "text": whole["text"], **kept})
        for place, asked in enumerate(row["questions"]):
            answers = ((row["id"], asked["a"]),) if asked["a"] else ()
            questions.append(Asked(asked["q"], f"{row['id']}-{place}", answers))
    return Texts(tuple(articles), tuple(questions))


def retrieve_for(texts: Texts) -> Iterator[tuple[Asked, Query, tuple[Hit, ...]]]:
    """Yield each question with its query and its hits, best first."""
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus.jsonl"
        with corpus.open("w", encoding="utf-8") as file:
            for article in texts.articles:
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
        bot = QABot.build(corpus, Path(scratch) / "index", settings=Settings(reader="none"))
        for asked in texts.questions:
            hits = bot.search(asked.text, k=_HITS)
            vector = bot.collection.embedder.embed([asked.text])[0]
            with bot.collection.searching() as search:
                yield asked, Query.of(asked.text, vector, search), hits
        bot.close()


def retrieved_examples(texts: Texts, unanswering: int, rng: random.Random) -> Iterator[Example]:
    """Yield the passages that answer, and so many that do not, the better hits more often."""
    for asked, _, hits in retrieve_for(texts):
        found = list(judged_hits(asked, hits))
        without = [one for one in found if not one.spans]
        without.sort(key=lambda one: rng.random() / (_HITS + 1 - one.hit.rank))
        answering = [one for one in found if one.spans][:_ANSWERING]
        for one in (*answering, *without[:unanswering]):
            yield _example(one)


def judged_hits(asked: Asked, hits: Iterable[Hit]) -> Iterator[Retrieved]:
    """Yield the hits of which it is known whether they answer."""
    said = [words for _, words in asked.answers]
    for hit in hits:
        passage = hit.passage
        spans = [
            span
            for article, words in asked.answers
            if passage.article.id == article and (span := _place(passage, words, asked.text))
        ]
        if spans:
            yield Retrieved(asked, hit, tuple(spans))
        elif not any(_mentions(passage.text, words) for words in said):
            yield Retrieved(asked, hit, ())


def _mentions(text: str, words: str) -> bool:
    """Return whether a text has the words, or all their numbers if there are any."""
    figures = numbers(words)
    return squeeze(words).casefold() in squeeze(text).casefold() or (
        bool(figures) and figures <= numbers(text)
    )


def _place(passage: Passage, words: str, question: str) -> tuple[int, int] | None:
    """Return the span of words in a passage, in the sentence with most terms of the question."""
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words.split())) + r"(?!\w)")
    found = [match.span() for match in pattern.finditer(passage.text)]
    asked = set(terms(question))
    sentences = split_sentences(passage.text, 0, len(passage.text))

    def shared(span: tuple[int, int]) -> int:
        around = (s for s in sentences if s.start <= span[0] < s.end)
        return max((len(asked & set(terms(passage.text[slice(*s)]))) for s in around), default=0)

    return max(found, key=lambda span: (shared(span), -span[0]), default=None)


def _example(one: Retrieved) -> Example:
    header = passage_header(one.hit.passage)
    moved = len(header) + 1 if header else 0
    span = next(((start + moved, end + moved) for start, end in one.spans), None)
    key = f"{one.asked.key}-{one.hit.passage.id}"
    return Example(one.asked.text, header, one.hit.passage.text, span, "retrieved", key)
