"""Proper names in any Latin script: the parts that patterns of names are built from.

Python's ``re`` has no class for "an upper-case letter", so the classes are built once from the
Unicode tables. They cover Latin from ASCII to the IPA Extensions and Latin Extended Additional:
the letters of the European, Turkish and Vietnamese alphabets and of the Latin ones of Africa.
Compile the patterns without ``re.IGNORECASE``.
"""

from __future__ import annotations

import unicodedata

_BLOCKS = (range(0x0041, 0x02B0), range(0x1E00, 0x1F00))


def _letters(category: str) -> str:
    """Return the Latin letters of a Unicode category, for use inside a character class."""
    letters = (chr(code) for block in _BLOCKS for code in block)
    return "".join(
        letter
        for letter in letters
        if unicodedata.category(letter) == category
        and unicodedata.name(letter).startswith("LATIN ")
    )


UPPER_LETTERS, LOWER_LETTERS = _letters("Lu"), _letters("Ll")
UPPER, LOWER = f"[{UPPER_LETTERS}]", f"[{LOWER_LETTERS}]"

# A capitalised word with inner and final points, hyphens and apostrophes: "Łukasz", "O’Hare",
# "Saint-Émile", "Mr.". A word character after it ("NAME_WORD\w") excludes the final point.
NAME_WORD = rf"{UPPER}[\w’'.-]*"

# Small words inside a name: "Quay of Hesk", "Anna de Vries".
CONNECTORS = "of|de|van|von|der|al|bin|la|the"

# A whole name: capitalised words, a connector between any two of them.
NAME = rf"{NAME_WORD}(?:\s+(?:(?:{CONNECTORS})\s+)?{NAME_WORD})*"
