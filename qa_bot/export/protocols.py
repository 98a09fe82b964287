"""The parts of an answer that the exporters read, so that a live and a parsed answer both fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qa_bot.datatypes import Published


class ArticleLike(Protocol):
    """An article by its title, publisher and date."""

    @property
    def title(self) -> str: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def published(self) -> Published | None: ...


class CitationLike(ArticleLike, Protocol):
    """A numbered quotation of an article, ``start`` to ``end`` in characters, end exclusive."""

    @property
    def number(self) -> int: ...
    @property
    def article_id(self) -> str: ...
    @property
    def published_how(self) -> str | None: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def quote(self) -> str: ...
    @property
    def speaker(self) -> str | None: ...
    @property
    def agency(self) -> str | None: ...
    @property
    def notices(self) -> Sequence[str]: ...
    @property
    def copies(self) -> Sequence[ArticleLike]: ...


class WhenLike(Protocol):
    """A time in an answer, in the ISO form of ``qa_bot.answer.When``."""

    @property
    def citation(self) -> int: ...
    @property
    def iso(self) -> str: ...


class SourcesLike(Protocol):
    """The number of articles with the answer, and of the independent ones."""

    @property
    def articles(self) -> int: ...
    @property
    def independent(self) -> int: ...


class SentenceLike(Protocol):
    """A sentence of an answer with the numbers of its citations."""

    @property
    def text(self) -> str: ...
    @property
    def citations(self) -> Sequence[int]: ...
    @property
    def supported(self) -> bool: ...
    @property
    def lead(self) -> str | None: ...


class RefusalLike(Protocol):
    """A refusal by the sentence that explains it."""

    @property
    def reason(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def closest(self) -> CitationLike | None: ...


class AnswerLike(Protocol):
    """An answer or a refusal to a question."""

    @property
    def question(self) -> str: ...
    @property
    def short(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def sentences(self) -> Sequence[SentenceLike]: ...
    @property
    def citations(self) -> Sequence[CitationLike]: ...
    @property
    def when(self) -> Sequence[WhenLike]: ...
    @property
    def refusal(self) -> RefusalLike | None: ...
    @property
    def timeline(self) -> bool: ...
