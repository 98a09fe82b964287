"""The encoding of text files: UTF-8, UTF-16, Western, Central European, or as detected."""

from __future__ import annotations

import re
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
_REFERENCE = re.compile(r"&(?:amp;)?#([xX][0-9a-fA-F]+|[0-9]+);?")
_DAMAGED = "UTF-8, damaged at byte"
_MOST_DIGITS = 7  # of a character's number
_SAMPLE = 10_000
_MOSTLY = 0.6
_FEW_DAMAGED = 0.02
_CLEAR = 0.3  # coherence, 0..1, from which charset-normalizer's language counts; chosen by hand
_SIGN_IN_WORD = re.compile(r"[^\W\d_][³¹¿¯±¶¼¾¦]+[^\W\d_]")  # letters in the other encodings
_CENTRAL = frozenset(("Croatian", "Czech", "Polish", "Romanian", "Slovak", "Slovene"))


def decode(path: Path, data: bytes) -> tuple[str, str]:
    """Return the unedited text and the name of its encoding.

    Raises:
        CorpusError: the file is empty, binary or damaged, or its encoding is unknown.
    """
    if not data.strip():
        raise CorpusError(path, "is empty")
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise CorpusError(path, f"is not text but {name}")
    text, encoding = _decode(path, data)
    if "\n" not in text:  # lines of old Macintosh files end with a carriage return
        text = text.replace("\r", "\n")
    odd = sum(char in _ODD_CONTROLS for char in text[:_SAMPLE])
    if "\0" in text or odd > len(text[:_SAMPLE]) / 100:
        raise CorpusError(path, "is a binary file, not text")
    return text, encoding


def encoding_remark(encoding: str) -> str:
    """Return what to say of a file in an encoding, as ``decode`` names it; nothing for UTF-8."""
    if encoding.startswith(_DAMAGED):
        return f"is {encoding}; what cannot be read is marked \ufffd"
    return "" if encoding == "utf-8" else f"is not UTF-8; read as {encoding}"


def without_bad_references(markup: str) -> str:
    """Return HTML or XML without references to characters that no text may have.

    They are controls other than tab and line ends, surrogates, and numbers above all characters.

    >>> without_bad_references("a&#8;b&#x1F;c&#xD800;d&#99999999;e &#233;&amp;#11;")
    'abcde &#233;'
    """
    return _REFERENCE.sub(lambda m: m[0] if _is_text(m[1]) else "", markup)


def _is_text(number: str) -> bool:
    digits = number[1:].lstrip("0") if number[0] in "xX" else number.lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return False
    code = int(digits or "0", 16 if number[0] in "xX" else 10)
    if code < 32:
        return code in (9, 10, 13)
    return code < 0x110000 and not 0xD800 <= code < 0xE000 and code not in (0xFFFE, 0xFFFF)


def is_utf8(data: bytes) -> bool:
    """Return whether bytes decode as UTF-8; ASCII does."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    utf16 = _utf16(data)
    if utf16:
        try:
            return data.decode(utf16), "utf-16"
        except UnicodeDecodeError as exc:
            raise CorpusError(path, "starts as UTF-16 text but is damaged") from exc
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as exc:
        if b"\0" in data:
            raise CorpusError(path, "is a binary file, not text") from exc
        if is_damaged_utf8(data):
            return data.decode("utf-8", "replace"), f"{_DAMAGED} {exc.start:,}"
        return _guess(path, data)


def _utf16(data: bytes) -> str | None:
    """Return the kind of UTF-16: by the byte order mark, or because every other byte is 0."""
    if data.startswith(_UTF16_MARKS):
        return "utf-16"
    sample = data[:_SAMPLE]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) > 1 and zeros.count(0) > _MOSTLY * len(zeros):
            return encoding if sample.count(0) < _MOSTLY * len(sample) else None
    return None


def is_damaged_utf8(data: bytes) -> bool:
    """Return whether nearly all bytes outside ASCII are valid UTF-8."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    foreign = sum(char > "\x7f" for char in text)
    return foreign > damaged and damaged <= max(3, _FEW_DAMAGED * foreign)


def _guess(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text as Western or Central European if it is mostly ASCII, else as detected."""
    from charset_normalizer import from_bytes

    if sum(byte < 128 for byte in data) > _MOSTLY * len(data):
        # Only in Windows-1250 do letters have the codes that are controls in ISO-8859-2.
        windows = "cp1250" if any(0x80 <= byte < 0xA0 for byte in data) else "iso8859_2"
        encoding = windows if _is_central_european(data[:_SAMPLE]) else "cp1252"
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            pass  # a few bytes are undefined in it
    best = from_bytes(data).best()
    if best is None:
        raise CorpusError(path, "is in no text encoding that could be told; save it as UTF-8")
    return data.decode(best.encoding), best.encoding


def _is_central_european(data: bytes) -> bool:
    """Return whether signs within words, or the language, tell that text is not Western."""
    from charset_normalizer import from_bytes

    if _SIGN_IN_WORD.search(data.decode("cp1252", "replace")):
        return True
    western = from_bytes(data, cp_isolation=["cp1252"]).best()
    if western is None or western.coherence < _CLEAR:
        return False
    return western.languages[0] in _CENTRAL
