"""Find the parts of an article that are not news: front matter, lines of the page, repeats.

The functions return spans and never cut the text. The title search and the chunking skip them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa_bot.datatypes import Span

_FRONT_MATTER = re.compile(
    r"\A\ufeff?(?:\s*\n)?---[^\S\n]*\r?\n(?=\s*[\w-]+[^\S\n]*:).*?^(?:---|\.\.\.)[^\S\n]*(?:\r?\n|\Z)",
    re.M | re.S,
)
_PAGE_LINE = re.compile(
    r"""^[^\S\n]*(?:
      all\ news | home | menu | search | print | comments?(?:\ \(\d+\))? | loading.{0,3}
    | (?:related|recommended|similar)
      (?:\ (?:materials?|articles?|stories|news|topics?|links?|content|posts?))?
    | (?:read|see|also|watch|listen)\ (?:also|more|next|on|now|this)\b.{0,80}
    | more\ (?:on\ this(?:\ story)?|news|stories|from\b.{0,40})
    | (?:most|top)\ (?:read|viewed|popular|stories|shared)
    | (?:latest|breaking)\ news | trending(?:\ now)?
    | share(?:\ (?:this|on|via)\b.{0,60})? | tweet | follow\ us\b.{0,60} | copy\ link
    | advertisement | sponsored(?:\ content)? | story\ continues\ below\b.{0,40}
    | continue\ reading\b.{0,40}
    | (?:subscribe|sign\ up|log\ in|register)\b.{0,80} | (?:click|tap)\ here\b.{0,80}
    | the\ post\ .{1,200}\ (?:appeared\ first|first\ appeared)\ on\ .{1,80}
    | .{1,200}\ was\ originally\ published\ in\ .{1,80}\ on\ medium,\ where\ people\b.{0,120}
    | skip\ to\ (?:main\ )?content | back\ to\ top | accept\ (?:all\ )?cookies\b.{0,60}
    | we\ use\ cookies\b.{0,120} | all\ rights\ reserved\b.{0,80} | (?:©|\(c\)|copyright)\ .{0,100}
    )[^\S\n]*[:.…»>]*[^\S\n]*$""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_FEWEST_REPEATED_CHARS = 40  # letters and digits; chosen by hand


def find_boilerplate(text: str) -> tuple[Span, ...]:
    r"""Return the spans of the front matter and of menu, link and button lines, in order.

    >>> find_boilerplate("All news\nRain fell.\nRelated materials:\n")
    (Span(start=0, end=8), Span(start=20, end=38))
    """
    front = front_matter(text)
    lines = _PAGE_LINE.finditer(text, front.end if front else 0)
    return (*filter(None, (front,)), *(Span(*match.span()) for match in lines))


def front_matter(text: str) -> Span | None:
    """Return the span of a block between ``---`` lines at the start of a text, or None."""
    match = _FRONT_MATTER.match(text)
    return Span(*match.span()) if match else None


def repeats(text: str, sentences: Iterable[Span]) -> frozenset[Span]:
    """Return the sentences, of at least 40 letters and digits, that repeat an earlier one."""
    seen: set[str] = set()
    repeated: set[Span] = set()
    for sentence in sentences:
        letters = "".join(filter(str.isalnum, text[sentence.start : sentence.end].casefold()))
        if len(letters) >= _FEWEST_REPEATED_CHARS:
            if letters in seen:
                repeated.add(sentence)
            seen.add(letters)
    return frozenset(repeated)
