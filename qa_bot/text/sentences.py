"""Split a text into sentences, by spans that are exact for any Unicode (with sentencex)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

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
_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_FINAL_SIGN = re.compile(r"[.!?…][\"”’»)\]]*$")  # of a whole line
_ITEM = re.compile(r"[-*•–]\s")
# An item of a list, a heading of Markdown, a quoted line of a letter, a row of a table.
_NO_PROSE = re.compile(r"(?:[-*•>]|#+|\(?\d{1,2}[.)])\s|.*(?:\t|\S {3,}\S| \| )")
_LONGEST_LIST_CHARS = 600  # chosen by hand
_WIDTHS = range(20, 121)  # characters, from a newspaper's column to a page; chosen by hand
_FEWEST_FULL_LINES = 3  # that show a width; chosen by hand
_MOST = 0.8  # of the lines before a small letter are full in wrapped text; chosen by hand
_FULL = 0.9  # of the width, or the width of it: printed letters differ; chosen by hand
_LONGEST_BLOCK_CHARS = 10_000  # sentencex sees at most this much at once; chosen by hand


def split_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Return the spans of the sentences of ``text[start:end]``, in order and without outer space.

    A line break ends a sentence, with three exceptions: the next line begins in lower case, the
    line was broken for its width (see ``_wrapped_lines``; there the signs tell where a sentence
    ends), or it is within a list whose items are no sentences.

    >>> text = "Rain fell on Thursday.Putin spoke. “No?” he asked."
    >>> [text[s.start:s.end] for s in split_sentences(text)]
    ['Rain fell on Thursday.', 'Putin spoke.', '“No?” he asked.']
    """
    end = len(text) if end is None else end
    blocks = (part for block in _blocks(text, start, end) for part in _bounded(text, block))
    return tuple(sentence for block in blocks for sentence in _sentences(text, block))


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the blocks of a text; no sentence crosses the border of a block."""
    begin = start
    for match in _LINE_BREAK.finditer(text, start, end):
        goes_on = match[0].count("\n") == 1 and (
            _begins_small(text, Span(begin, match.start()), match.end(), end)
            or match.end() in _wrapped_lines(text)
        )
        if not goes_on and not _is_within_list(text, Span(begin, match.start()), match.end()):
            yield Span(begin, match.start())
            begin = match.end()
    yield Span(begin, end)


def _begins_small(text: str, before: Span, after: int, end: int) -> bool:
    """Return whether a line begins in lower case after one without a sign at its end."""
    last = _last_sign(text, before.start, before.end)
    return text[after : min(after + 1, end)].islower() and not _SENTENCE_END.search(last)


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


class _Line(NamedTuple):
    """A line of a paragraph that has another line after it; lengths are in characters.

    Attributes:
        length: of the line.
        with_word: its length with the first word of the next line.
        next_start: where the next line begins in the text.
        goes_on: whether it has no sign at its end, and the next line begins in lower case.
    """

    length: int
    with_word: int
    next_start: int
    goes_on: bool

    def fills(self, width: int) -> bool:
        """Return whether the line has this width, with no room for one more word."""
        return self.with_word > _FULL * width and _FULL * self.length < width


@lru_cache(maxsize=16)
def _wrapped_lines(text: str) -> frozenset[int]:
    """Return where the lines of a text begin before which a line was broken for its width.

    The lines before a small letter show the width, that of a paragraph or of the text. A broken
    line fills it, and is in a paragraph of prose: several of its lines begin in lower case, or one
    does, or only two or three lines are there, and the last one ends a sentence.
    """
    paragraphs = list(_paragraphs(text))
    common = _width([line for lines, _ in paragraphs for line in lines])
    begins: list[int] = []
    for lines, ends_sentence in paragraphs:
        width, n_going_on = _width(lines) or common, sum(line.goes_on for line in lines)
        ends_prose = ends_sentence and (n_going_on or len(lines) < _FEWEST_FULL_LINES)
        if width and (ends_prose or n_going_on > 1):
            begins += [line.next_start for line in lines if line.fills(width)]
    return frozenset(begins)


def _paragraphs(text: str) -> Iterator[tuple[list[_Line], bool]]:
    """Yield the lines of each paragraph but the last one, and whether that ends a sentence."""
    start = 0
    for end, after in (*(m.span() for m in _BLANK_LINE.finditer(text)), (len(text), len(text))):
        printed = list(_LINE.finditer(text, start, end))
        ends_sentence = bool(printed and _FINAL_SIGN.search(printed[-1][0]))
        yield [_line(*pair) for pair in pairwise(printed) if _is_prose(*pair)], ends_sentence
        start = after


def _is_prose(line: re.Match[str], following: re.Match[str]) -> bool:
    return not (_NO_PROSE.match(line[0]) or _NO_PROSE.match(following[0]))


def _line(line: re.Match[str], following: re.Match[str]) -> _Line:
    length, word = len(line[0]), following[0].split(maxsplit=1)[0]
    goes_on = word[0].islower() and not _SENTENCE_END.search(line[0])
    return _Line(length, length + 1 + len(word), following.start(), goes_on)


def _width(lines: Sequence[_Line]) -> int:
    """Return the width to which lines are wrapped, in characters; 0 if they are not."""
    lengths = sorted(line.length for line in lines if line.goes_on)
    width = lengths[-1 - len(lengths) // 10] if lengths else 0  # one line in ten may be longer
    full = [line for line in lines if line.fills(width)]
    n_going_on = sum(line.goes_on for line in full)
    wrapped = len(full) > len(lines) / 2 and n_going_on >= _MOST * len(lengths)
    return width if wrapped and len(full) >= _FEWEST_FULL_LINES and width in _WIDTHS else 0


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

    content = text[block.start : block.end].replace("\n", " ")  # sentencex ends at line breaks
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
