"""Print on a terminal what may come from strangers: titles, file names, texts of articles."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

_SHOWN = 50  # of problems

# Controls other than tab and newline, signs that turn the direction of writing, and rare line ends.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def visible(text: str) -> str:
    r"""Return a text whose controls are written as escapes; JSON keeps its meaning.

    >>> print(visible("safe \x1b[2J \u202egnp.exe"))
    safe \u001b[2J \u202egnp.exe
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def show(*lines: object) -> None:
    """Print lines to stdout."""
    for line in lines:
        print(visible(str(line)), flush=True)


def say_some(lines: Sequence[object]) -> None:
    """Print the lines to stderr; on a terminal the first ones, and how many more there are."""
    shown = lines[:_SHOWN] if sys.stderr.isatty() else lines
    say(*shown)
    if len(lines) > len(shown):
        say(f"… and {len(lines) - len(shown):,} more; all of them with: 2> problems.txt")


def say(*lines: object) -> None:
    """Print lines to stderr."""
    for line in lines:
        print(visible(str(line)), file=sys.stderr)
