"""Split an article into passages of whole sentences, without boilerplate and repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa_bot.datatypes import Article, Passage, Span
from qa_bot.index.passage_text import heading
from qa_bot.news import find_boilerplate, repeats
from qa_bot.text import count_tokens, split_sentences

_UNSPLITTABLE_CHARS = 400  # a run of characters without white space longer than this is cut


@dataclass(frozen=True, slots=True)
class Budget:
    """The largest size of a passage.

    Attributes:
        tokens: tiktoken tokens.
        pieces: pieces of the embedder's own tokenizer, heading included.
        overlap: sentences that neighbouring passages share.
        count_pieces: returns the number of the embedder's pieces of each text.
    """

    tokens: int
    pieces: int
    overlap: int
    count_pieces: Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class _Sized:
    """A sentence and its share of the budget (1 = all of it)."""

    span: Span
    share: float


def chunk(article: Article, budget: Budget) -> tuple[Passage, ...]:
    """Return the passages of an article, in order.

    Each passage starts and ends with a sentence, keeps within both budgets, and shares up to
    ``budget.overlap`` sentences with the one before. Together they hold every word of the text
    except boilerplate and repeats. A sentence over the budget is cut at white space.
    """
    runs = _runs(article.text)
    room = max(budget.pieces // 4, budget.pieces - budget.count_pieces([heading(article)])[0] - 1)
    passages: list[Passage] = []
    for run in runs:
        for group in _groups(_sized(article.text, run, budget, room), budget.overlap):
            passages.append(Passage(article, group[0].span.start, group[-1].span.end))
    return tuple(passages)


def _runs(text: str) -> Iterator[tuple[Span, ...]]:
    """Yield runs of consecutive sentences between boilerplate and repeats."""
    sentences: list[Span | None] = []
    begin = 0
    for skipped in (*find_boilerplate(text), Span(len(text), len(text))):
        if skipped.start > begin:
            sentences += [*split_sentences(text, begin, skipped.start), None]
        begin = max(begin, skipped.end)
    repeated = repeats(text, [sentence for sentence in sentences if sentence])
    run: list[Span] = []
    for sentence in sentences:
        if sentence and sentence not in repeated:
            run.append(sentence)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _sized(text: str, run: Sequence[Span], budget: Budget, room: int) -> list[_Sized]:
    """Return the sentences with their sizes; cut those over the budget into parts within it."""
    sized: list[_Sized] = []
    pending = list(reversed(run))
    counts = dict(zip(run, budget.count_pieces([text[s.start : s.end] for s in run]), strict=True))
    while pending:
        span = pending.pop()
        content = text[span.start : span.end]
        pieces = counts[span] if span in counts else budget.count_pieces([content])[0]
        longest = max(map(len, content.split()))
        # One more token for the white space before the next sentence.
        share = max((_count_tokens(content, longest) + 1) / budget.tokens, pieces / room)
        if (share > 1 or longest > _UNSPLITTABLE_CHARS) and len(content) > 1:
            pending += reversed(_halves(text, span))
        else:
            sized.append(_Sized(span, share))
    return sized


def _count_tokens(content: str, longest_word: int) -> int:
    """Return the number of tokens, or an upper bound for text that is very slow in tiktoken."""
    return count_tokens(content) if longest_word <= _UNSPLITTABLE_CHARS else len(content)


def _halves(text: str, span: Span) -> list[Span]:
    """Cut the span in two near its middle, at white space if there is any."""
    middle = (span.start + span.end) // 2
    for cut in range(middle, span.end):
        if text[cut].isspace():
            break
    else:
        cut = middle
    if not text[span.start : cut].strip():
        cut = middle
    return [part for part in (_strip(text, span.start, cut), _strip(text, cut, span.end)) if part]


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _groups(sentences: Sequence[_Sized], overlap: int) -> Iterator[list[_Sized]]:
    """Yield groups of sentences up to the budget; each starts with the end of the last one."""
    group: list[_Sized] = []
    fresh = 0
    for sentence in sentences:
        if group and sum(s.share for s in group) + sentence.share > 1:
            yield group
            kept = group[-overlap:] if overlap else []
            while kept and sum(s.share for s in kept) + sentence.share > 1:
                kept = kept[1:]
            group, fresh = kept, 0
        group = [*group, sentence]
        fresh += 1
    if fresh:
        yield group
