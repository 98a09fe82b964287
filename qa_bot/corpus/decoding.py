"""Bytes of a text file → text and the encoding it was read with, or a reason why not."""

from __future__ import annotations

from pathlib import Path

from qa_bot.errors import CorpusError

_MAGIC = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a zip archive or office document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3": "a database",
}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ODD_CONTROLS = frozenset(map(chr, [*range(0, 9), *range(14, 27), *range(28, 32)]))


def decode(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text, never edited, and the name of its encoding.

    Raises:
        CorpusError: the file is empty, binary, or in no encoding that could be told.
    """
    if not data.strip():
        raise CorpusError(path, "is empty")
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise CorpusError(path, f"is not text but {name}")
    text, encoding = _decode(path, data)
    odd = sum(char in _ODD_CONTROLS for char in text[:10_000])
    if "\0" in text or odd > len(text[:10_000]) / 100:
        raise CorpusError(path, "is a binary file, not text")
    if not text.strip().strip("\ufeff"):
        raise CorpusError(path, "is empty")
    return text, encoding


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF16_MARKS):
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as exc:
            raise CorpusError(path, "starts as UTF-16 text but is damaged") from exc
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _guess(path, data)


def _guess(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text in the encoding that charset-normalizer finds most plausible."""
    if b"\0" in data:
        raise CorpusError(path, "is a binary file, not text")
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise CorpusError(path, "is in no text encoding that could be told; save it as UTF-8")
    return data.decode(best.encoding), best.encoding
