"""``QABot``: answers a question in stages. No other module knows their order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, Self

from qa_bot.answer import Answer
from qa_bot.answering import Limits, answer_from, decline_small_talk
from qa_bot.datatypes import Hit, Turn
from qa_bot.filters import Day, Filters
from qa_bot.generation import (
    Origin,
    Reply,
    assemble,
    load_generator,
    rewrite_question,
    template_version,
    write_answer,
)
from qa_bot.grounding import SupportCheck, check_sentence, load_grounding
from qa_bot.index import (
    STARTERS_NAME,
    Collection,
    CollectionMethods,
    OverlaySearch,
    Progress,
    Search,
    correct_question,
)
from qa_bot.question import (
    Question,
    Starter,
    clean_question,
    complete,
    find_starters,
    is_small_talk,
    keep_starters,
    read_turns,
    understand,
)
from qa_bot.reading import load_reader
from qa_bot.retrieval import Query, Retrieval, retrieve_hits, retrieve_windows
from qa_bot.settings import Settings
from qa_bot.timer import Timer

ASKED = "asked"  # the log message of a question; its fields are the outcome and the times
EVENTS = "qa_bot.events"  # the logger of it
log = logging.getLogger(EVENTS)
_TIMELINE_K = 3  # factor on the number of passages for a timeline, which spans many articles
_LOOKED_AT = 2_000  # articles read to suggest questions
_MODES = (None, "", "quotes", "marked")


class QABot(CollectionMethods):
    """Answers questions from one collection of articles; safe to use from several threads."""

    def __init__(self, collection: Collection, settings: Settings | None = None) -> None:
        """Ask this collection; ``open`` and ``build`` are the usual ways here.

        Args:
            collection: the articles.
            settings: how to ask (default: the settings of the collection).
        """
        self.collection = collection
        self.settings = settings or collection.settings
        self._embedder = collection.embedder
        self._reader = load_reader(self.settings.reader, collection.embedder)
        self._generator = load_generator(self.settings)

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
        mode: str | None = None,
    ) -> Answer:
        """Answer a question from the articles, or decline with a reason.

        Args:
            question: in plain words, at most ``max_question_chars``.
            as_of: use nothing published after this day ("2021-06-16" or a date).
            since: use nothing published before this day.
            until: use nothing published after this day; the earlier of it and ``as_of`` counts.
            publisher: use only articles of this publisher; case does not matter.
            articles: use only articles with these ids.
            history: earlier turns of the conversation. A follow-up question is completed from
                them, and answered as ``standalone_question`` says.
            k: passages to retrieve (default: the setting).
            mode: with a language model, "quotes" answers with the articles' own sentences, and
                "marked" shows unsupported sentences, marked (default: the setting).

        Raises:
            ValueError: the question is empty or too long, k < 1, or a date, turn or mode is
                malformed.
        """
        filters = Filters.of(as_of, since, until, publisher, articles)
        *_, answer = self._answer(question, filters, read_turns(history), k, mode)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str, **options: Any) -> Iterator[str | Answer]:
        """Yield the answer's text sentence by sentence, each verified, then the Answer itself.

        If a language model fails on the way, the Answer has the articles' own sentences, and
        replaces the text yielded before. ``options`` are those of ``ask``.
        """
        history, k, mode = (options.pop(name, None) for name in ("history", "k", "mode"))
        filters = Filters.of(**options)
        separator = ""
        for piece in self._answer(question, filters, read_turns(history or ()), k, mode):
            yield f"{separator}{piece}" if isinstance(piece, str) else piece
            separator = " "

    def _answer(
        self, text: str, filters: Filters, turns: Sequence[Turn], k: int | None, mode: str | None
    ) -> Iterator[str | Answer]:
        """Yield the verified sentences, then the answer."""
        asked = self._check(text, k, mode)
        if is_small_talk(asked):
            yield from self._decline_small_talk(text, asked, filters)
            return
        generator = self._generator if mode != "quotes" else None
        settings = self.settings
        if mode == "marked":
            settings = settings.with_changes(unsupported="mark")
        timer = Timer()
        rewritten = rewrite_question(asked, turns, generator) if generator else None
        standalone = rewritten or complete(asked, turns)
        with self.collection.searching(filters) as search:
            with timer("embed"):
                standalone, vector = correct_question(standalone, self._embedder, search)
            with timer("retrieve"):
                question = understand(text, turns, filters.today(search.coverage.last), standalone)
                query = Query.of(standalone, vector, search)
                k, dense_weight = self._k(question, k), self.settings.dense_weight
                retrievals = retrieve_windows(
                    search, question, query, filters, k=k, dense_weight=dense_weight
                )
            origin = self._origin(search)
        with timer("read"):
            retrieval, composition = answer_from(
                question, retrievals, self._reader, self._embedder.embed, self._limits
            )
        if composition.refusal or composition.timeline:
            generator = None
        with timer("write") if generator else nullcontext():
            reply = yield from write_answer(
                question, retrieval, composition, generator, settings, secret=origin.index_id
            )
        answer = assemble(question, retrieval, reply, origin, timer.total())
        _log(answer)
        yield answer

    def _decline_small_talk(
        self, text: str, asked: str, filters: Filters
    ) -> Iterator[str | Answer]:
        """Yield what can be asked, then the refusal with it; nothing is searched."""
        timer, vector = Timer(), self._embedder.embed([asked])[0]
        with self.collection.searching(filters) as search:
            query = Query.of(asked, vector, search)
            retrieval = Retrieval(query, (), search.coverage, filters)
            origin = self._origin(search)
        reply = Reply(decline_small_talk(retrieval.coverage))
        question = understand(text, standalone=asked)
        answer = assemble(question, retrieval, reply, origin, timer.total())
        _log(answer)
        yield from (answer.text, answer)

    def _check(self, text: str, k: int | None, mode: str | None = None) -> str:
        """Return a question in one line.

        Raises:
            ValueError: it is empty or too long, k < 1, or there is no such mode.
        """
        asked = clean_question(text, self.settings.max_question_chars)
        if k is not None and k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        if mode not in _MODES:
            raise ValueError(f"mode is {mode!r}; it must be quotes or marked, or left out")
        return asked

    def _k(self, question: Question, k: int | None) -> int:
        return k or self.settings.k * (_TIMELINE_K if question.asks_events else 1)

    @property
    def _limits(self) -> Limits:
        settings, chosen = self.settings, self.settings.answer_threshold
        threshold = self._reader.threshold if chosen is None else chosen
        return Limits(settings.hits_read, settings.max_sentences, threshold)

    def search(self, query: str, *, k: int | None = None, **narrowed: Any) -> tuple[Hit, ...]:
        """Return the hits for a query, within the filters of ``ask``."""
        filters = Filters.of(**narrowed)
        asked = self._check(query, k)
        with self.collection.searching(filters) as search:
            question = understand(query, (), filters.today(search.coverage.last), asked)
            found = Query.of(asked, self._embedder.embed([asked])[0], search)
            k, dense_weight = self._k(question, k), self.settings.dense_weight
            return retrieve_hits(search, question, found, k, dense_weight)

    def check(self, sentence: str, *, k: int | None = None, **narrowed: Any) -> SupportCheck:
        """Return whether the articles support a sentence, and by which words.

        The filters of ``ask`` narrow the articles.
        """
        hits = self.search(sentence, k=k, **narrowed)
        return check_sentence(load_grounding(self.settings.reader), sentence, hits)

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

    def _origin(self, search: Search | OverlaySearch) -> Origin:
        manifest = search.manifest
        return Origin(manifest.index_id, manifest.generation, self.models, self.weights)

    @property
    def state(self) -> str:
        """Return what answers depend on: the state of the index, the reader, the threshold."""
        return f"{self.collection.state} {self._reader.name} {self._limits.threshold}"

    def starters(self) -> list[Starter]:
        """Return questions that the articles answer; they are found once for each index state."""
        folder = self.collection.folder
        if folder is None:
            return []
        return keep_starters(folder / STARTERS_NAME, self.state, self._find_starters)

    def _find_starters(self) -> list[Starter]:
        with self.collection.searching() as search:  # closed before any question is asked
            articles = list(islice(search.articles(), _LOOKED_AT))
        return find_starters(articles, lambda text: self.ask(text, mode="quotes"))

    # The collection --------------------------------------------------------------------------

    @classmethod
    def open(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an existing index.

        Raises:
            IndexMissingError, IndexMismatchError, IndexCorruptError, EmbedderError
        """
        return cls(Collection.open(index, settings=settings))

    @classmethod
    def create(cls, index: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open an index, or make an empty one where there is none."""
        return cls(Collection.create(index, settings=settings))

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
        made = Collection.build(articles, index, prune=prune, settings=settings, progress=progress)
        return cls(made)

    def overlay(self, folder: str | Path) -> Self:
        """Return a bot that searches this index and a private one in the folder."""
        return type(self)(self.collection.overlay(folder), self.settings)


def _log(answer: Answer) -> None:
    outcome = str(answer.refusal.reason) if answer.refusal else "answered"
    fields = {"outcome": outcome, "timings_ms": answer.timings_ms}
    log.info(ASKED, extra=fields | {"generation": answer.index["generation"]})
