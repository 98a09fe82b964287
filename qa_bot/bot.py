"""A question → an answer: ``QABot``, the only module that knows the order of the stages."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qa_bot.answering import answer_or_refuse
from qa_bot.building import BuildReport, Progress, build_index
from qa_bot.checking import Checked, check_sentence
from qa_bot.datatypes import Answer, Article, Coverage, Evidence, Hit, Turn
from qa_bot.embedding import Embedder, load_embedder
from qa_bot.errors import IndexMissingError, IndexStoreError
from qa_bot.filters import Day, Filters
from qa_bot.grounding import load_grounding
from qa_bot.index import PassageIndex
from qa_bot.joined import JoinedIndex
from qa_bot.parts import question_parts
from qa_bot.reading import load_reader, rerank
from qa_bot.resources import sample_articles
from qa_bot.retrieval import Query, retrieve
from qa_bot.settings import Settings
from qa_bot.starters import (
    STARTERS_NAME,
    Starter,
    find_starters,
    read_starters,
    write_starters,
)


class QABot:
    """Answers questions from one index; safe to use from several threads."""

    def __init__(
        self, index: PassageIndex | JoinedIndex, embedder: Embedder, settings: Settings
    ) -> None:
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

    def overlay(self, folder: str | Path) -> QABot:
        """Return a bot that searches this index and an own one in the folder, made if need be.

        What is added to it and removed from it is in the own index only.
        """
        if not isinstance(self._index, PassageIndex):
            raise ValueError("this bot has an index of its own already")
        made = self._index.manifest
        settings = replace(
            self.settings, chunk_tokens=made.chunk_tokens, chunk_overlap=made.chunk_overlap
        )
        own = PassageIndex.create(_folder(folder), self._embedder, settings)
        return QABot(JoinedIndex(self._index, own), self._embedder, self.settings)

    def update(
        self,
        articles: str | Path | Iterable[str | Path],
        *,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Read new and changed files into the index; with ``prune``, drop those that are gone."""
        if not isinstance(self._index, PassageIndex):
            raise ValueError("a bot with an index of its own takes articles, not files: use add")
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

    def starters(self) -> list[Starter]:
        """Return questions that the articles answer; found once for each state of the index."""
        if not isinstance(self._index, PassageIndex):
            return []
        path = self._index.folder / STARTERS_NAME
        with self._index.searching() as search:
            state = f"{search.manifest.index_id} {search.manifest.generation} {self._reader.name}"
        kept = read_starters(path, state)
        if kept is None:
            with self._index.searching() as search:
                kept = find_starters(search.articles(), self.ask)
            write_starters(path, state, kept)
        return kept

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
        filters = Filters.of(as_of, since, until, publisher, articles)
        return self._answer(question, asked, filters, k)

    def _answer(self, question: str, asked: str, filters: Filters, k: int | None) -> Answer:
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
            question,
            asked,
            draft.sentences,
            draft.citations,
            rerank(hits, readings),
            coverage,
            refusal=draft.refusal,
            short=draft.short,
            confidence=draft.confidence,
            timings_ms=timer.total(),
            models=self.models,
            index=index,
            narrowed=filters.to_dict(),
            weights=self.weights,
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
        filters = Filters.of(**narrowed)
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

    @property
    def weights(self) -> dict[str, str]:
        """Return the hashes of the weights that answers are made with."""
        hashes = {"embedder": self._embedder.fingerprint, "reader": self._reader.fingerprint}
        return {name: value for name, value in hashes.items() if value}

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
