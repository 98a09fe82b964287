"""A question → an answer: ``QABot``, the only module that knows the order of the stages."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qa_bot.answering import answer_or_refuse
from qa_bot.building import BuildReport, Progress, build_index
from qa_bot.checking import Checked, check_sentence
from qa_bot.datatypes import Answer, Article, Coverage, Evidence, Filters, Hit, Turn
from qa_bot.embedding import Embedder, load_embedder
from qa_bot.errors import IndexMissingError, IndexStoreError
from qa_bot.grounding import load_grounding
from qa_bot.index import PassageIndex
from qa_bot.parts import question_parts
from qa_bot.reading import load_reader, rerank
from qa_bot.resources import sample_articles
from qa_bot.retrieval import Query, retrieve
from qa_bot.settings import Settings

Day = date | str | None


class QABot:
    """Answers questions from one index; safe to use from several threads."""

    def __init__(self, index: PassageIndex, embedder: Embedder, settings: Settings) -> None:
        """Ask this index with this embedder; ``open`` and ``build`` are the usual ways here."""
        self.settings = settings
        self._index = index
        self._embedder = embedder
        self._reader = load_reader(settings.reader, embedder)

    # Opening and building --------------------------------------------------------------------

    @classmethod
    def open(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an index that is there.

        Raises:
            IndexMissingError, IndexMismatchError, IndexCorruptError, EmbedderError
        """
        settings = settings or Settings.load()
        folder = _folder(index or settings.index)
        if not folder.exists():
            raise IndexMissingError(folder)
        embedder = load_embedder(settings.embedder)
        return cls(PassageIndex(folder, embedder, settings), embedder, settings)

    @classmethod
    def create(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an index, made empty if there is none."""
        settings = settings or Settings.load()
        folder = _folder(index or settings.index)
        embedder = load_embedder(settings.embedder)
        return cls(PassageIndex.create(folder, embedder, settings), embedder, settings)

    @classmethod
    def build(
        cls,
        articles: str | Path | Iterable[str | Path] | None = None,
        index: str | Path | None = None,
        *,
        prune: bool = False,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Create or update an index from files and folders (default: the sample articles)."""
        bot = cls.create(index, settings=settings)
        bot.update(articles or sample_articles(), prune=prune, progress=progress)
        return bot

    def update(
        self,
        articles: str | Path | Iterable[str | Path],
        *,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Read new and changed files into the index; with ``prune``, drop those that are gone."""
        given = [articles] if isinstance(articles, str | Path) else list(articles)
        roots = [Path(root) for root in given]
        return build_index(self._index, roots, self.settings, prune=prune, progress=progress)

    def add(self, articles: Sequence[Article]) -> None:
        """Put articles into the index, in the place of earlier ones with the same ids."""
        self._index.apply(articles)
        self._index.finish()

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Remove articles; return the ids that there were."""
        changes = self._index.apply(remove=article_ids)
        self._index.finish()
        return changes.removed

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    # Asking ----------------------------------------------------------------------------------

    def ask(  # noqa: PLR0913 — the contract: each is a filter by name
        self,
        question: str,
        *,
        as_of: Day = None,
        since: Day = None,
        until: Day = None,
        publisher: str | None = None,
        articles: Sequence[str] = (),
        history: Sequence[Turn | dict[str, Any]] = (),
        k: int | None = None,
    ) -> Answer:
        """Answer a question from the articles, or decline with a reason.

        Args:
            question: in plain words, at most ``max_question_chars``.
            as_of: nothing published after this day is used ("2021-06-16" or a date).
            since: nothing published before this day is used.
            until: nothing published after this day is used; the earlier of it and ``as_of`` counts.
            publisher: only articles of this publisher, whatever the case of its letters.
            articles: only articles with these ids.
            history: earlier turns of the conversation; not used yet, the question stands as it is.
            k: passages to retrieve (default: the setting).

        Raises:
            ValueError: the question is empty or too long, a date is not one, or k < 1.
        """
        asked = _checked(question, self.settings.max_question_chars)
        filters = _filters(as_of, since, until, publisher, articles)
        timer = _Timer()
        with timer("embed"):
            vector = self._embedder.embed([asked])[0]
        with timer("retrieve"):
            query, hits, coverage, index = self._retrieve(asked, vector, filters, k)
        with timer("read"):
            readings = self._read(query, hits[: self.settings.hits_read])
        draft = answer_or_refuse(
            asked,
            readings,
            hits,
            coverage,
            filters,
            threshold=self.settings.answer_threshold,
            max_sentences=self.settings.max_sentences,
        )
        return Answer(
            question=question,
            standalone_question=asked,
            sentences=draft.sentences,
            citations=draft.citations,
            hits=rerank(hits, readings),
            coverage=coverage,
            refusal=draft.refusal,
            short=draft.short,
            confidence=draft.confidence,
            timings_ms=timer.total(),
            models=self.models,
            index=index,
        )

    def stream(self, question: str, **options: Any) -> Iterator[str | Answer]:
        """Yield the answer's text sentence by sentence, each verified, then the Answer itself."""
        answer = self.ask(question, **options)
        if answer.refusal:
            yield answer.refusal.message
        for number, sentence in enumerate(answer.sentences):
            yield f" {sentence}" if number else str(sentence)
        yield answer

    def search(self, query: str, *, k: int | None = None, **narrowed: Any) -> tuple[Hit, ...]:
        """Return the hits for a query; ``narrowed`` by the filters of ``ask``."""
        filters = _filters(**narrowed)
        asked = _checked(query, self.settings.max_question_chars)
        return self._retrieve(asked, self._embedder.embed([asked])[0], filters, k)[1]

    def check(self, sentence: str, *, k: int | None = None, **narrowed: Any) -> Checked:
        """Say whether the articles support a sentence, and by which words.

        ``narrowed`` by the filters of ``ask``.
        """
        return check_sentence(load_grounding(), sentence, self.search(sentence, k=k, **narrowed))

    @property
    def models(self) -> dict[str, str | None]:
        """Return the names of the models that answers are made with."""
        return {"embedder": self._embedder.name, "reader": self._reader.name, "generator": None}

    def _retrieve(
        self, question: str, vector: NDArray[np.float32], filters: Filters, k: int | None
    ) -> tuple[Query, tuple[Hit, ...], Coverage, dict[str, Any]]:
        k = self.settings.k if k is None else k
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        with self._index.searching(filters) as search:
            query = Query.of(question, vector, search)
            hits = retrieve(search, query, k, self.settings.dense_weight)
            index = {"id": search.manifest.index_id, "generation": search.manifest.generation}
            return query, hits, search.coverage, index

    def _read(self, query: Query, hits: Sequence[Hit]) -> list[tuple[Evidence, ...]]:
        """Return the evidence for each part of the question."""
        parts = question_parts(query.text)
        return [self._reader.read(replace(query, text=part), hits) for part in parts]

    # Looking ---------------------------------------------------------------------------------

    def coverage(self) -> Coverage:
        """Return how many articles there are, and their first and last dates."""
        with self._index.searching() as search:
            return search.coverage

    def articles(self) -> list[Article]:
        """Return all articles, by id."""
        with self._index.searching() as search:
            return list(search.articles())

    def passage_counts(self) -> dict[str, int]:
        """Return the number of passages of each article, by id."""
        with self._index.searching() as search:
            return search.passage_counts()

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, if there is one."""
        with self._index.searching(Filters(articles=(article_id,))) as search:
            return next(search.articles(), None)


class _Timer:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self._stages[stage] = round((time.perf_counter() - began) * 1000, 1)

    def total(self) -> dict[str, float]:
        return self._stages | {"total": round((time.perf_counter() - self._began) * 1000, 1)}


def _folder(index: str | Path) -> Path:
    folder = Path(index)
    if folder.exists() and not folder.is_dir():
        raise IndexStoreError(folder, f"{folder} is a file. Name a folder for the index.")
    return folder


def _checked(question: str, longest: int) -> str:
    text = " ".join(
        "".join(char for char in question if char.isprintable() or char.isspace()).split()
    )
    if not text:
        raise ValueError("The question is empty. Ask something about the articles.")
    if len(text) > longest:
        raise ValueError(
            f"The question has {len(text):,} characters; at most {longest:,} are read. Shorten it."
        )
    return text


def _filters(
    as_of: Day = None,
    since: Day = None,
    until: Day = None,
    publisher: str | None = None,
    articles: Sequence[str] = (),
) -> Filters:
    last = [day for day in (_day("until", until), _day("as_of", as_of)) if day]
    first = _day("since", since)
    return Filters(first, min(last) if last else None, publisher or None, tuple(articles))


def _day(name: str, value: Day) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as exc:
        raise ValueError(f"{name} is {value!r}; write a day like 2021-06-16") from exc
