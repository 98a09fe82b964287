"""A question → an answer: ``QABot``, the only module that knows the order of the stages."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.answer import Answer
from qa_bot.answering import (
    Draft,
    answer_or_refuse,
    asks_day,
    asks_timeline,
    tell_events,
    with_context,
)
from qa_bot.datatypes import Coverage, Hit, Turn
from qa_bot.filters import Day, Filters
from qa_bot.generation import (
    answer_prompt,
    load_generator,
    rewrite_question,
    template_version,
    write_draft,
)
from qa_bot.grounding import Checked, check_sentence, load_grounding
from qa_bot.index import STARTERS_NAME, Collection, JoinedIndex, PassageIndex
from qa_bot.models import Embedder
from qa_bot.question import (
    Starter,
    asked_days,
    find_starters,
    narrowed,
    question_parts,
    read_starters,
    stand_alone,
    write_starters,
)
from qa_bot.reading import filed_from, load_reader, rerank
from qa_bot.retrieval import Query, retrieve, retrieve_told
from qa_bot.settings import Settings
from qa_bot.timer import Timer

ASKED = "asked"  # what is logged of a question, its outcome and times beside it
EVENTS = "qa_bot.events"  # the logger of it
log = logging.getLogger(EVENTS)
_OF_DRAFT = (
    "refusal", "short", "unresolved", "confidence", "note", "withheld", "when", "sources",
    "difference", "timeline",
)  # fmt: skip
_TIMELINE_K = 3  # a course of things is told over many articles
_MODES = (None, "", "quotes", "marked")


class QABot(Collection):
    """Answers questions from one index; safe to use from several threads."""

    def __init__(
        self, index: PassageIndex | JoinedIndex, embedder: Embedder, settings: Settings
    ) -> None:
        """Ask this index with this embedder; ``open`` and ``build`` are the usual ways here."""
        super().__init__(index, embedder, settings)
        self._reader = load_reader(settings.reader, embedder)
        self._generator = load_generator(settings)

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
        mode: str | None = None,
    ) -> Answer:
        """Answer a question from the articles, or decline with a reason.

        Args:
            question: in plain words, at most ``max_question_chars``.
            as_of: nothing published after this day is used ("2021-06-16" or a date).
            since: nothing published before this day is used.
            until: nothing published after this day is used; the earlier of it and ``as_of`` counts.
            publisher: only articles of this publisher, whatever the case of its letters.
            articles: only articles with these ids.
            history: earlier turns of the conversation; a question that leans on them is made to
                stand alone, and is answered as ``standalone_question`` says.
            k: passages to retrieve (default: the setting).
            mode: where a language model is set, "quotes" answers with the articles' own sentences
                all the same, "marked" shows what nothing supports, marked (default: the setting).

        Raises:
            ValueError: the question is empty or too long, k < 1, or a date, turn or mode is none.
        """
        filters = Filters.of(as_of, since, until, publisher, articles)
        *_, answer = self._answer(question, filters, _turns(history), k, mode)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str, **options: Any) -> Iterator[str | Answer]:
        """Yield the answer's text sentence by sentence, each verified, then the Answer itself.

        Should a language model fail on the way, the Answer is of the articles' own words, and what
        was yielded before it does not count. ``options`` are those of ``ask``.
        """
        history, k, mode = (options.pop(name, None) for name in ("history", "k", "mode"))
        filters = Filters.of(**options)
        separator = ""
        for piece in self._answer(question, filters, _turns(history or ()), k, mode):
            yield f"{separator}{piece}" if isinstance(piece, str) else piece
            separator = " "

    def _answer(
        self,
        question: str,
        filters: Filters,
        turns: Sequence[Turn],
        k: int | None,
        mode: str | None,
    ) -> Iterator[str | Answer]:
        """Yield the verified sentences, then the answer: the order of the stages."""
        asked = _checked(question, self.settings.max_question_chars)
        if mode not in _MODES:
            raise ValueError(f"mode is {mode!r}; it must be quotes or marked, or left out")
        generator = self._generator if mode != "quotes" else None
        settings = self.settings
        if mode == "marked":
            settings = settings.with_changes(unsupported="mark")
        timer = Timer()
        rewritten = rewrite_question(asked, turns, generator) if generator else None
        asked = rewritten or stand_alone(asked, turns)
        with timer("embed"):
            vector = self._embedder.embed([asked])[0]
        for window in self._windows(asked, filters):
            with timer("retrieve"):
                query, hits, coverage, index = self._retrieve(asked, vector, window, k)
            with timer("read"):
                hits, draft = self._read_and_tell(query, hits, coverage, window)
            if not draft.refusal:
                break
        if generator is None or draft.refusal or draft.timeline:
            yield from map(str, draft.sentences)
            yield from [draft.refusal.message] if draft.refusal else []
        else:
            secret, budget = str(index["id"]), self.settings.llm_prompt_tokens
            prompted = answer_prompt(asked, hits, secret, budget, window.last)
            with timer("write"):
                for piece in write_draft(generator, prompted, load_grounding(), settings, draft):
                    if isinstance(piece, str):
                        yield piece
                    else:
                        draft = piece
        outcome = str(draft.refusal.reason) if draft.refusal else "answered"
        times = timer.total()
        told = {"outcome": outcome, "timings_ms": times, "generation": index["generation"]}
        log.info(ASKED, extra=told)
        yield Answer(
            question,
            asked,
            draft.sentences,
            with_context(draft.citations, hits),
            hits,
            coverage,
            timings_ms=times,
            models=self.models | ({} if draft.written else {"generator": None}),
            index=index,
            narrowed=window.to_dict(),
            weights=self.weights,
            **{name: getattr(draft, name) for name in _OF_DRAFT},
        )

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
        named = {"embedder": self._embedder.name, "reader": self._reader.name}
        if self._generator is None:
            return {**named, "generator": None}
        prompt = template_version("answer.txt")
        return {**named, "generator": self._generator.name, "prompt": prompt}

    @property
    def weights(self) -> dict[str, str]:
        """Return the hashes of the weights that answers are made with."""
        hashes = {"embedder": self._embedder.fingerprint, "reader": self._reader.fingerprint}
        return {name: value for name, value in hashes.items() if value}

    def _retrieve(
        self, question: str, vector: NDArray[np.float32], filters: Filters, k: int | None
    ) -> tuple[Query, tuple[Hit, ...], Coverage, dict[str, Any]]:
        if k is not None and k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        k = k or self.settings.k * (_TIMELINE_K if asks_timeline(question) else 1)
        days = asked_days(question, self._today(filters)) if asks_day(question) else None
        with self._index.searching(filters) as search:
            query = Query.of(question, vector, search)
            found = retrieve_told(search, days, k) if days else ()
            found = found or retrieve(search, query, k, self.settings.dense_weight)
            copies = search.copies([hit.passage.article.id for hit in found])
            hits = tuple(replace(h, copies=copies.get(h.passage.article.id, ())) for h in found)
            index = {"id": search.manifest.index_id, "generation": search.manifest.generation}
            return query, hits, search.coverage, index

    def _windows(self, question: str, filters: Filters) -> Iterator[Filters]:
        """Yield the filters narrowed by the times in the question, then as they were given."""
        if asked_days(question, date.today()):
            narrow = narrowed(
                question, filters, self._today(filters), course=asks_timeline(question)
            )
            if narrow != filters:
                yield narrow
        yield filters

    def _today(self, filters: Filters) -> date:
        """Return the day of asking: as of, or today, but not after the newest article."""
        if filters.last:
            return filters.last
        with self._index.searching(filters) as search:
            return min(search.coverage.last or date.today(), date.today())

    def _read_and_tell(
        self, query: Query, hits: tuple[Hit, ...], coverage: Coverage, filters: Filters
    ) -> tuple[tuple[Hit, ...], Draft]:
        """Return the hits in the order of what was found in them, and what the articles answer."""
        if asks_timeline(query.text):
            days = asked_days(query.text, self._today(filters))
            events = tell_events(query.text, hits, self._embedder.embed, days)
            if events:
                return hits, events
        read = hits[: self.settings.hits_read]
        parts = () if asks_day(query.text) else question_parts(query.text)
        readings = [
            filed_from(part, read) or self._reader.read(replace(query, text=part), read)
            for part in parts
        ]
        draft = answer_or_refuse(
            query.text, readings, hits, coverage, filters,
            threshold=self._threshold,
            max_sentences=self.settings.max_sentences,
            embed=self._embedder.embed,
        )  # fmt: skip
        return rerank(hits, readings), draft

    @property
    def _threshold(self) -> float:
        chosen = self.settings.answer_threshold
        return self._reader.threshold if chosen is None else chosen

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
                kept = find_starters(search.articles(), partial(self.ask, mode="quotes"))
            write_starters(path, state, kept)
        return kept


def _turns(history: Sequence[Turn | dict[str, Any]]) -> list[Turn]:
    """Return the earlier turns, given as values or as dictionaries."""
    try:
        return [
            turn if isinstance(turn, Turn) else Turn(str(turn["question"]), str(turn["answer"]))
            for turn in history
        ]
    except (KeyError, TypeError) as exc:
        raise ValueError("a turn of the history needs a question and an answer") from exc


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
