"""A model's reply over hits → the draft of an answer: only what the passages support is in it.

Whatever happens to the model, there is a draft: the extractive one, with a note that says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from qa_bot.answer import Citation, Sentence
from qa_bot.answering import Draft
from qa_bot.datatypes import Article, Span
from qa_bot.errors import GeneratorError, GeneratorTimeoutError
from qa_bot.generation.client import Generator
from qa_bot.generation.prompts import Prompted
from qa_bot.generation.support import Written, support, written_sentences
from qa_bot.grounding import SupportJudge
from qa_bot.settings import Settings
from qa_bot.text import terms, words

_OWN_WORDS = "Answered from the articles' own words: "


@dataclass(slots=True)
class _Kept:
    """What of a reply is kept so far."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    def number(self, article: Article, span: Span) -> int:
        """Return the number of a citation, a new one for words not cited before."""
        for citation in self.citations:
            if (citation.article.id, citation.start, citation.end) == (article.id, *span):
                return citation.number
        self.citations.append(Citation(len(self.citations) + 1, article, *span))
        return len(self.citations)

    def take(self, written: Written, *, mark: bool) -> Sentence | None:
        """Keep a sentence; return it as it is to be shown, None if it is not."""
        self.unresolved += [u for u in written.unresolved if u not in self.unresolved]
        if any(_repeats(written, sentence) for sentence in self.sentences):
            return None
        if written.supported and written.article and written.span:
            sentence = Sentence(written.text, (self.number(written.article, written.span),))
        else:
            self.withheld.append(written.text)
            sentence = Sentence(written.text, (), supported=False)
            if not mark:
                return None
        self.sentences.append(sentence)
        return sentence


def _repeats(written: Written, sentence: Sentence) -> bool:
    """Return whether a sentence says nothing beside one before it; only true ones are measured."""
    if written.text == sentence.text:
        return True
    both = written.supported and sentence.supported
    return both and set(terms(written.text)) <= set(terms(sentence.text))


def write_draft(
    generator: Generator,
    prompted: Prompted,
    grounding: SupportJudge,
    settings: Settings,
    own_words: Draft,
) -> Iterator[str | Draft]:
    """Yield each supported sentence with its marker as soon as it is verified, then the draft.

    Args:
        generator: writes the reply.
        prompted: its messages, and the passages that they hold.
        grounding: the check.
        settings: the threshold of support, and whether unsupported sentences are marked.
        own_words: the extractive draft, given instead if the model fails or nothing survives.
    """
    kept = _Kept()
    mark = settings.unsupported == "mark"
    try:
        with closing(generator.stream(prompted.messages)) as pieces:  # type: ignore[type-var]
            for raw in written_sentences(pieces):
                written = support(raw, prompted.sources, grounding, settings.support_threshold)
                sentence = kept.take(written, mark=mark) if written else None
                if sentence:
                    yield str(sentence)
    except GeneratorError as exc:
        yield replace(own_words, note=_OWN_WORDS + _why(exc), unresolved=tuple(kept.unresolved))
        return
    if why := _useless(kept, own_words):
        yield replace(
            own_words,
            note=_OWN_WORDS + why,
            withheld=tuple(kept.withheld),
            unresolved=tuple(kept.unresolved),
        )
        return
    yield replace(
        own_words,
        sentences=tuple(kept.sentences),
        citations=tuple(kept.citations),
        short=_short(own_words.short, kept),
        withheld=() if mark else tuple(kept.withheld),
        unresolved=tuple(kept.unresolved),
        written=True,
        when=(),
        difference=None,
        sources=None,
    )


def _useless(kept: _Kept, own_words: Draft) -> str | None:
    """Return why a reply is not used, if so: it must say what the reader found, and be supported.

    A weak model restates a passage beside the point; each of its sentences is supported then.
    """
    supported = [sentence for sentence in kept.sentences if sentence.supported]
    if not supported:
        n = len(kept.withheld)
        return (
            "nothing in them supports what the language model wrote."
            if n
            else "the language model wrote no answer."
        )
    found = set(words(own_words.short or ""))
    said = {word for sentence in supported for word in words(sentence.text)}
    evidence = {(c.article.id, c.start, c.end) for c in own_words.citations}
    cited = {(c.article.id, c.start, c.end) for c in kept.citations}
    if not cited & evidence and not (found and found <= said):
        return "what the language model wrote leaves the answer out."
    return None


def _short(short: str | None, kept: _Kept) -> str | None:
    """Return the short answer if words that are cited say it."""
    said = [" ".join(citation.quote.split()) for citation in kept.citations]
    return short if short and any(short in quote for quote in said) else None


def _why(exc: GeneratorError) -> str:
    if isinstance(exc, GeneratorTimeoutError):
        return "the language model did not reply in time."
    return "the language model did not reply."
