"""Let a language model write the answer, and keep only the sentences that the passages support.

If the model fails, the reply holds quoted sentences and a note with the reason.
"""

from __future__ import annotations

from collections.abc import Generator as Sentences
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

from qa_bot.answer import Citation, PartKind, Sentence
from qa_bot.answering import Composition
from qa_bot.datatypes import Article, Span
from qa_bot.errors import GeneratorError, GeneratorTimeoutError
from qa_bot.generation.client import Generator
from qa_bot.generation.prompts import Prompt, answer_prompt
from qa_bot.generation.reply import Reply
from qa_bot.generation.support import CheckedSentence, stream_sentences, support
from qa_bot.grounding import SupportJudge, load_grounding
from qa_bot.news import exact_day
from qa_bot.question import Question
from qa_bot.retrieval import Retrieval
from qa_bot.settings import Settings
from qa_bot.text import terms, words

_OWN_WORDS = "Answered from the articles' own words: "
_TOLD = 0.7  # least probability, 0..1, that a reply answers; see eval/RESULTS.md


@dataclass(slots=True)
class _Draft:
    """The part of the reply that the program has checked so far."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    def number(self, article: Article, span: Span) -> int:
        """Return the number of the citation of a span; add the citation if it is new."""
        for citation in self.citations:
            if (citation.article.id, citation.start, citation.end) == (article.id, *span):
                return citation.number
        self.citations.append(Citation(len(self.citations) + 1, article, *span))
        return len(self.citations)

    def add(self, written: CheckedSentence, *, mark: bool) -> Sentence | None:
        """Add a sentence; return the sentence to show, or None if it is withheld or repeated."""
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


def _repeats(written: CheckedSentence, sentence: Sentence) -> bool:
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
) -> Sentences[str, None, Reply]:
    """Yield the verified sentences of the answer one by one; return the reply.

    Without a language model, yield the quoted sentences or the message of the refusal.

    Args:
        question: the question.
        retrieval: hits and filters.
        own_words: the quoted sentences, or the refusal.
        generator: the language model.
        settings: the prompt's budget, the support threshold, and whether to mark or to withhold
            unsupported sentences.
        secret: makes the passages' keys unpredictable; different for each index.
    """
    if own_words.refusal:
        yield own_words.refusal.message
        return Reply(own_words)
    if generator is None:
        yield from map(str, own_words.sentences)
        return Reply(own_words)
    budget, today = settings.llm_prompt_tokens, retrieval.filters.last
    prompt = answer_prompt(
        question.standalone, retrieval.hits, secret, budget, today, own_words.citations
    )
    judge = load_grounding(settings.reader)
    return (yield from write_reply(question, generator, prompt, judge, settings, own_words))


def write_reply(
    question: Question,
    generator: Generator,
    prompt: Prompt,
    grounding: SupportJudge,
    settings: Settings,
    own_words: Composition,
) -> Sentences[str, None, Reply]:
    """Yield each supported sentence with its marker as soon as it is verified; return the reply.

    Args:
        question: the question.
        generator: the language model.
        prompt: the messages, and the passages in them.
        grounding: judges support, and whether a reply answers.
        settings: the support threshold, and whether to mark or to withhold unsupported sentences.
        own_words: the quoted sentences, in case the model fails or nothing supports its reply.
    """
    draft = _Draft()
    mark = settings.unsupported == "mark"
    try:
        with closing(generator.stream(prompt.messages)) as pieces:  # type: ignore[type-var]
            for raw in stream_sentences(pieces):
                written = support(raw, prompt.sources, grounding, settings.support_threshold)
                sentence = draft.add(written, mark=mark) if written else None
                if sentence:
                    yield str(sentence)
    except GeneratorError as exc:
        note = _OWN_WORDS + _why(exc)
        return Reply(own_words, unresolved=tuple(draft.unresolved), note=note)
    withheld, unresolved = tuple(draft.withheld), tuple(draft.unresolved)
    if why := _find_fault(question, draft, own_words, grounding):
        return Reply(own_words, withheld=withheld, unresolved=unresolved, note=_OWN_WORDS + why)
    return Reply(_composed(draft, own_words), True, () if mark else withheld, unresolved)


def _composed(draft: _Draft, own_words: Composition) -> Composition:
    """Return the checked sentences, and the parts of the question that are not answered."""
    return Composition(
        own_words.confidence,
        sentences=(*draft.sentences, *own_words.open_parts),
        citations=tuple(draft.citations),
        short=_short(own_words.quoted_short, draft),
    )


def _find_fault(
    question: Question, draft: _Draft, own_words: Composition, grounding: SupportJudge
) -> str | None:
    """Return the reason to reject a reply, or None.

    The articles must support the reply, and it must give the reader's answer, or another one in
    the judge's view: a weak model restates an irrelevant passage, which supports such sentences.
    """
    supported = [sentence for sentence in draft.sentences if sentence.supported]
    if not supported and draft.withheld:
        return "nothing in them supports what the language model wrote."
    if not supported:
        return "the language model wrote no answer."
    if _gives_answer(supported, draft, own_words):
        return None
    # What was withheld may have been the answer, and an earlier report may be overturned.
    if not draft.withheld and _newest_day(draft.citations) >= _newest_day(own_words.citations[:1]):
        text = " ".join(sentence.text for sentence in supported)
        if 1 - grounding.relations([(question.standalone, text)])[0, 2] >= _TOLD:
            return None
    return "what the language model wrote leaves the answer out."


def _newest_day(citations: Sequence[Citation]) -> date:
    """Return the day of the newest article that is cited; the first day of all if none is known."""
    return max((exact_day(c.article) or date.min for c in citations), default=date.min)


def _gives_answer(supported: Sequence[Sentence], draft: _Draft, own_words: Composition) -> bool:
    """Return whether supported sentences cite the reader's evidence or have its short answer."""
    short = set(words(own_words.quoted_short or ""))
    reply = {word for sentence in supported for word in words(sentence.text)}
    evidence = {(c.article.id, c.start, c.end) for c in own_words.citations}
    cited = {(c.article.id, c.start, c.end) for c in draft.citations}
    return bool(cited & evidence or (short and short <= reply))


def _short(short: str | None, draft: _Draft) -> str | None:
    """Return the short answer if a citation quotes it."""
    quotes = [" ".join(citation.quote.split()) for citation in draft.citations]
    return short if short and any(short in quote for quote in quotes) else None


def _why(exc: GeneratorError) -> str:
    if isinstance(exc, GeneratorTimeoutError):
        return "the language model did not reply in time."
    return "the language model did not reply."
