"""Let a language model write the answer, and keep only the sentences that the passages support.

If the model fails, the reply holds the articles' own sentences and a note with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from qa_bot.answer import Citation, PartKind, Sentence
from qa_bot.answering import Composition
from qa_bot.datatypes import Article, Span
from qa_bot.errors import GeneratorError, GeneratorTimeoutError
from qa_bot.generation.client import Generator
from qa_bot.generation.prompts import Prompted, answer_prompt
from qa_bot.generation.reply import Reply
from qa_bot.generation.support import Written, support, written_sentences
from qa_bot.grounding import SupportJudge, load_grounding
from qa_bot.question import Question
from qa_bot.retrieval import Retrieval
from qa_bot.settings import Settings
from qa_bot.text import terms, words

_OWN_WORDS = "Answered from the articles' own words: "


@dataclass(slots=True)
class _Kept:
    """The parts of a reply that are kept so far."""

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
            number = self.number(written.article, written.span)
            sentence = Sentence(written.text, (number,), kind=PartKind.WRITTEN)
        else:
            self.withheld.append(written.text)
            sentence = Sentence(written.text, (), supported=False, kind=PartKind.WRITTEN)
            if not mark:
                return None
        self.sentences.append(sentence)
        return sentence


def _repeats(written: Written, sentence: Sentence) -> bool:
    """Return whether a sentence adds nothing to an earlier, supported one."""
    if written.text == sentence.text:
        return True
    both = written.supported and sentence.supported
    return both and set(terms(written.text)) <= set(terms(sentence.text))


def write_answer(
    question: Question,
    retrieval: Retrieval,
    own_words: Composition,
    generator: Generator | None,
    settings: Settings,
    secret: str,
) -> Iterator[str | Reply]:
    """Yield the verified sentences of the answer one by one, then the reply.

    Without a language model they are the articles' own, or the message of the refusal.

    Args:
        question: as it was understood.
        retrieval: hits and filters.
        own_words: the articles' own sentences, or the refusal.
        generator: the language model.
        settings: the budget of the prompt, the threshold of support, and what is marked.
        secret: the source of the passages' keys, different for each index.
    """
    if own_words.refusal:
        yield own_words.refusal.message
        yield Reply(own_words)
    elif generator is None:
        yield from map(str, own_words.sentences)
        yield Reply(own_words)
    else:
        budget, today = settings.llm_prompt_tokens, retrieval.filters.last
        prompted = answer_prompt(question.standalone, retrieval.hits, secret, budget, today)
        yield from write_reply(generator, prompted, load_grounding(), settings, own_words)


def write_reply(
    generator: Generator,
    prompted: Prompted,
    grounding: SupportJudge,
    settings: Settings,
    own_words: Composition,
) -> Iterator[str | Reply]:
    """Yield each supported sentence with its marker as soon as it is verified, then the reply.

    Args:
        generator: the language model.
        prompted: its messages, and the passages in them.
        grounding: judges support.
        settings: the threshold of support, and whether unsupported sentences are marked.
        own_words: the articles' own sentences, for when the model fails or nothing is supported.
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
        note = _OWN_WORDS + _why(exc)
        yield Reply(own_words, unresolved=tuple(kept.unresolved), note=note)
        return
    withheld, unresolved = tuple(kept.withheld), tuple(kept.unresolved)
    if why := _useless(kept, own_words):
        yield Reply(own_words, withheld=withheld, unresolved=unresolved, note=_OWN_WORDS + why)
        return
    composition = Composition(
        own_words.confidence,
        sentences=tuple(kept.sentences),
        citations=tuple(kept.citations),
        short=_short(own_words.short, kept),
    )
    yield Reply(composition, written=True, withheld=() if mark else withheld, unresolved=unresolved)


def _useless(kept: _Kept, own_words: Composition) -> str | None:
    """Return why a reply is not used, or None: it must be supported and give the reader's answer.

    A weak model restates a passage that misses the point; each of its sentences is supported then.
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
    """Return the short answer if the cited words have it."""
    said = [" ".join(citation.quote.split()) for citation in kept.citations]
    return short if short and any(short in quote for quote in said) else None


def _why(exc: GeneratorError) -> str:
    if isinstance(exc, GeneratorTimeoutError):
        return "the language model did not reply in time."
    return "the language model did not reply."
