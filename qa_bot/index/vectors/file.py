"""The file of vectors: the engine's bytes, columns, and a line of JSON with a checksum.

The line of JSON follows the data that it describes, so the file is written in one pass; the last
bytes of the file hold its offset.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import numpy as np
import xxhash

from qa_bot.index.store import Rows

_MAGIC = b"qa-bot vectors 2"
COLUMNS = {"keys": "<i8", "first": "<i4", "last": "<i4", "publishers": "<i8", "articles": "<i8"}
_LONGEST_HEADER = 65_536  # bytes
_READ = 1 << 20


def write_columns(hashed: Hashed, rows: Rows) -> None:
    """Write the columns that filters compare."""
    for name, form in COLUMNS.items():
        hashed.write(getattr(rows, name).astype(form).tobytes())


def write_header(file: BinaryIO, hashed: Hashed, header: dict[str, Any]) -> None:
    """Write the header with the checksum of the file, and the offset of the header."""
    line = json.dumps(header | {"xxh3": hashed.with_header(header)}).encode()
    file.write(line + b"\n" + hashed.n.to_bytes(8, "little") + _MAGIC)


class Hashed:
    """A file that hashes and counts the bytes written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = xxhash.xxh3_128()
        self.n = 0

    def write(self, data: bytes) -> int:
        """Write bytes; return their number."""
        self._file.write(data)
        self._digest.update(data)
        self.n += len(data)
        return len(data)

    def with_header(self, header: dict[str, Any]) -> str:
        """Return the XXH3-128 of the written bytes and the header."""
        self._digest.update(json.dumps(header, sort_keys=True).encode())
        return self._digest.hexdigest()


def read_header(file: BinaryIO) -> dict[str, Any]:
    """Return the header after checking the whole file against its hash."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8 - len(_MAGIC)))
    end = file.read()
    if end[8:] != _MAGIC or (at := int.from_bytes(end[:8], "little")) >= size:
        raise ValueError("its end is missing, or it is of another version")
    if size - at > _LONGEST_HEADER:
        raise ValueError("its header is too long")
    file.seek(at)
    header: dict[str, Any] = json.loads(file.read(size - at - len(end)))
    expected = header.pop("xxh3")
    digest = xxhash.xxh3_128()
    file.seek(0)
    left = at
    while left and (block := file.read(min(_READ, left))):
        digest.update(block)
        left -= len(block)
    digest.update(json.dumps(header, sort_keys=True).encode())
    if digest.hexdigest() != expected:
        raise ValueError("its checksum is wrong")
    return header


def read_columns(file: BinaryIO, header: dict[str, Any]) -> Rows:
    """Return the rows of the file, without their vectors."""
    file.seek(header["faiss_bytes"])
    n = header["rows"]
    columns = [
        np.frombuffer(file.read(n * np.dtype(form).itemsize), dtype=form)
        for form in COLUMNS.values()
    ]
    return Rows(columns[0], np.empty((0, 0), dtype=np.float32), *columns[1:])
