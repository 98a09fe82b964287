"""One text from the pages of a PDF: without running heads, with words and sentences whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 2  # so many lines at the top and the bottom of a page may be a head or a foot
_LONGEST_NUMBER = 40
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|seite|p\.)?\s*(\d{1,4})(?:\s*(?:of|/|von)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_BROKEN_WORD = re.compile(r"(?<!\w)(\w{1,60})[-\u00ad\u2010][ \t]{0,9}\n[ \t]{0,99}([^\W\d_]+)")

Page = Sequence[str]


def join_pages(pages: Sequence[str]) -> tuple[str, str]:
    """Return the text of pages, and the running head of the first one (empty if it has none).

    Running heads, feet and page numbers are left out, a word that was hyphenated at the end of a
    line is whole, and a sentence goes on over the end of a page. A blank line separates pages
    elsewhere. A head without a number is the title of the text: it stays on the first page.
    """
    printed = [[line for line in page.splitlines() if line.strip()] for page in pages]
    tops = _furniture(printed)
    bottoms = _furniture([lines[top:][::-1] for lines, top in zip(printed, tops, strict=True)])
    if printed and not any("#" in _form(line) for line in printed[0][: tops[0]]):
        tops[0] = 0
    text = ""
    for page, lines, top, bottom in zip(pages, printed, tops, bottoms, strict=True):
        body = lines[top : len(lines) - bottom] if top + bottom else page.splitlines()
        shown = "\n".join(body).strip()
        if shown:
            text += f"{_between(text, shown)}{shown}" if text else shown
    return _with_whole_words(text), "\n".join(printed[0][: tops[0]]) if printed else ""


def _furniture(pages: Sequence[Page]) -> list[int]:
    """Return for each page how many of its first lines recur on others, or number the pages."""
    recurring = _recurring(pages)
    shift = _numbering(pages)
    counts = []
    for number, lines in enumerate(pages):
        count = 0
        for line in lines[:_EDGE]:
            if _form(line) not in recurring and (shift is None or _number(line) != number + shift):
                break
            count += 1
        counts.append(count)
    return counts


def _recurring(pages: Sequence[Page]) -> set[str]:
    """Return the forms of lines with letters that begin two fifths of the pages, and at least two.

    Rows of a list recur too, but within pages as well.
    """
    counts = Counter(form for lines in pages for form in {_form(line) for line in lines[:_EDGE]})
    all_counts = Counter(_form(line) for lines in pages for line in lines)
    least = max(2, 0.4 * len(pages))
    return {
        form
        for form, count in counts.items()
        if count >= least and all_counts[form] == count and any(map(str.isalpha, form))
    }


def _numbering(pages: Sequence[Page]) -> int | None:
    """Return what most pages' numbers exceed the place of the page by; None without numbers."""
    shifts = Counter(
        found - number
        for number, lines in enumerate(pages)
        for line in lines[:_EDGE]
        if (found := _number(line)) is not None
    )
    shift, count = max(shifts.items(), key=lambda item: item[1], default=(0, 0))
    return shift if count >= max(2, len(pages) / 2) else None


def _number(line: str) -> int | None:
    """Return the number of a line that may be a page's number alone."""
    line = line.strip()
    found = _PAGE_NUMBER.fullmatch(line) if len(line) <= _LONGEST_NUMBER else None
    return int(found[1]) if found else None


def _form(line: str) -> str:
    """Return a line as all pages have it: without its numbers."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _between(before: str, after: str) -> str:
    """Return what separates two pages: a line end within a sentence, else a blank line."""
    end = before[-200:]
    within = not _SENTENCE_END.search(end) and (after[0].islower() or end[-1] in ",;-\u00ad")
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
