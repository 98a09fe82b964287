"""One text from the pages of a PDF: without running heads, with words and sentences whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 2  # so many lines at the top and the bottom of a page may be a head or a foot
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_BROKEN_WORD = re.compile(r"(\w+)[-\u00ad\u2010][ \t]*\n[ \t]*([^\W\d_]+)")


def join_pages(pages: Sequence[str]) -> tuple[str, str]:
    """Return the text of pages, and the running head of the first one (empty if it has none).

    Running heads, feet and page numbers are left out, a word that was hyphenated at the end of a
    line is whole, and a sentence goes on over the end of a page. A blank line separates pages
    elsewhere.
    """
    printed = [[line for line in page.splitlines() if line.strip()] for page in pages]
    recurring = _recurring(printed)
    text, first_head = "", ""
    for page, lines in zip(pages, printed, strict=True):
        several = len(pages) > 1
        top = _furniture(lines, recurring) if several else 0
        bottom = _furniture(lines[top:][::-1], recurring) if several else 0
        if page is pages[0]:
            first_head = "\n".join(lines[:top])
        body = lines[top : len(lines) - bottom] if top + bottom else page.splitlines()
        shown = "\n".join(body).strip()
        if shown:
            text += f"{_between(text, shown)}{shown}" if text else shown
    return _with_whole_words(text), first_head


def _recurring(pages: Sequence[Sequence[str]]) -> set[str]:
    """Return the forms of the lines that stand at the edges of two fifths of the pages, and two."""
    edges = [{_form(line) for line in (*lines[:_EDGE], *lines[-_EDGE:])} for lines in pages]
    counts = Counter(form for page in edges for form in page if re.search(r"[^\W\d_]", form))
    return {form for form, count in counts.items() if count >= max(2, 0.4 * len(pages))}


def _furniture(lines: Sequence[str], recurring: set[str]) -> int:
    """Return how many lines at the beginning recur on other pages, or number the page."""
    count = 0
    for line in lines[:_EDGE]:
        if _form(line) not in recurring and not _PAGE_NUMBER.fullmatch(line):
            break
        count += 1
    return count


def _form(line: str) -> str:
    """Return a line as all pages have it: without its numbers."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _between(before: str, after: str) -> str:
    """Return what separates two pages: a line end within a sentence, else a blank line."""
    within = not _SENTENCE_END.search(before) and (after[0].islower() or before[-1] in ",;-\u00ad")
    return "\n" if within else "\n\n"


def _with_whole_words(text: str) -> str:
    """Return a text in which words are not broken at the ends of lines.

    A hyphen stays before a capital, after a number, and in a word that the text has with a hyphen
    elsewhere.
    """
    words = Counter(re.findall(r"\w+(?:-\w+)*", text))

    def whole(match: re.Match[str]) -> str:
        first, second = match.groups()
        hyphenated = f"{first}-{second}"
        stays = second[0].isupper() or first[-1].isdigit()
        return hyphenated if stays or words[hyphenated] > words[first + second] else first + second

    return _BROKEN_WORD.sub(whole, text)
