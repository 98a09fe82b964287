"""Split a text into sentences, by spans that are exact for any Unicode (with sentencex)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa_bot.datatypes import Span
from qa_bot.text.names import LOWER_LETTERS, UPPER_LETTERS

_LINE_BREAK = re.compile(r"\n\s*")
# A full stop glued to the next sentence, as in "on Thursday.Putin"; never "U.S.A", "Gazeta.ru".
_GLUED = re.compile(
    r"(?<=[^\W\d_][^\W\d_])[.!?][\"”’»)]*"
    rf"(?=[“\"«]?[{UPPER_LETTERS}А-Я][{LOWER_LETTERS}а-я])"
)
# Words that sentencex takes for abbreviations: "in May. Forty jobs go", "said no. She left".
_NOT_SHORT = re.compile(rf"\b(?:May|no)\.\s+(?=[“\"«]?[{UPPER_LETTERS}][{LOWER_LETTERS}])")
_SENTENCE_END = re.compile(r"[.!?…。！？:;\"”’»)\]]$")
_WHITE_SPACE = re.compile(r"\s")
_ITEM = re.compile(r"[-*•–]\s")
_LONGEST_LIST_CHARS = 600  # chosen by hand
_WRAPPED_LINE_CHARS = range(40, 121)  # usual widths of wrapped text; chosen by hand
_FEWEST_WRAPPED_LINES = 4  # chosen by hand
_LONGEST_BLOCK_CHARS = 10_000  # sentencex sees at most this much at once; chosen by hand


def split_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Return the spans of the sentences of ``text[start:end]``, in order and without outer space.

    A line break ends a sentence, with three exceptions: the next line begins in lower case, the
    whole text is wrapped (most lines have 40 to 120 characters and no sentence-final sign), or it
    is within a list whose items are no sentences.

    >>> text = "Rain fell on Thursday.Putin spoke. “No?” he asked."
    >>> [text[s.start:s.end] for s in split_sentences(text)]
    ['Rain fell on Thursday.', 'Putin spoke.', '“No?” he asked.']
    """
    end = len(text) if end is None else end
    blocks = (part for block in _blocks(text, start, end) for part in _bounded(text, block))
    return tuple(sentence for block in blocks for sentence in _sentences(text, block))


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the blocks of a text; no sentence crosses the border of a block."""
    wrapped = _is_wrapped(text[start:end])
    begin = start
    for match in _LINE_BREAK.finditer(text, start, end):
        last = _last_sign(text, begin, match.start())
        goes_on = wrapped or text[match.end() : min(match.end() + 1, end)].islower()
        ends = match[0].count("\n") > 1 or _SENTENCE_END.search(last) or not goes_on
        if ends and not _is_within_list(text, Span(begin, match.start()), match.end()):
            yield Span(begin, match.start())
            begin = match.end()
    yield Span(begin, end)


def _is_within_list(text: str, before: Span, after: int) -> bool:
    """Return whether a line break is within a list: before an item, after ":" or another item.

    An item that ends with a full stop is a sentence of its own.
    """
    if not _ITEM.match(text, after) or before.end - before.start > _LONGEST_LIST_CHARS:
        return False
    sign = _last_sign(text, before.start, before.end)
    line = max(before.start, text.rfind("\n", before.start, before.end) + 1)
    return sign == ":" or bool(_ITEM.match(text, line) and sign not in ".!?…")


def _last_sign(text: str, start: int, end: int) -> str:
    """Return the last character that is not white space, or an empty string."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return text[end - 1 : end] if end > start else ""


def _is_wrapped(text: str) -> bool:
    """Return whether line breaks wrap the text to a width instead of ending paragraphs."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    full = [line for line in lines if len(line) in _WRAPPED_LINE_CHARS]
    open_ended = [line for line in full if not _SENTENCE_END.search(line)]
    return len(lines) >= _FEWEST_WRAPPED_LINES and len(open_ended) > len(lines) / 2


def _bounded(text: str, block: Span) -> Iterator[Span]:
    """Yield parts of at most 10,000 characters, cut at white space if the part has any."""
    start = block.start
    while block.end - start > _LONGEST_BLOCK_CHARS:
        limit = start + _LONGEST_BLOCK_CHARS
        cut = max(text.rfind(space, start + 1, limit) for space in (" ", "\n", "\t"))
        yield Span(start, cut if cut > 0 else limit)
        start = cut if cut > 0 else limit
    yield Span(start, block.end)


def _sentences(text: str, block: Span) -> Iterator[Span]:
    """Yield the sentences of one block, without outer space."""
    import sentencex

    # sentencex ends at line breaks, and fails at other white space than " " after an initial.
    content = _WHITE_SPACE.sub(" ", text[block.start : block.end])
    cuts = (match.end() for pattern in (_GLUED, _NOT_SHORT) for match in pattern.finditer(content))
    glued = sorted(set(cuts))
    for part_start, part_end in zip([0, *glued], [*glued, len(content)], strict=True):
        part = content[part_start:part_end]
        for boundary in sentencex.get_sentence_boundaries("en", part):
            offset = block.start + part_start
            yield from _trimmed(
                text, offset + boundary["start_index"], offset + boundary["end_index"]
            )


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    content = text[start:end]
    bare = content.strip()
    if bare:
        start += content.index(bare)
        yield Span(start, start + len(bare))
