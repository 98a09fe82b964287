"""Write receipts of answers, and read them.

A receipt is the answer's JSON without hits, timings and confidence, plus a seal: the SHA-256 of the
rest. A signature, if a key is given, says who made it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_bot.export.receipt_parts import FIRST_FORM
from qa_bot.export.signatures import read_or_make_key, signature_of

FORM = "qa-bot-receipt/2"
_LEFT_OUT = ("hits", "timings_ms", "confidence")


def make_receipt(
    answer: Mapping[str, Any], made: datetime | None = None, key: Path | None = None
) -> dict[str, Any]:
    """Return the receipt of an answer in the JSON form of the contract.

    Args:
        answer: the answer in the JSON form of the contract.
        made: the time to state; now if None.
        key: the PEM file of the Ed25519 key that signs it; made if there is none.

    Raises:
        ValueError: the file holds no such key.
        OSError: the file cannot be read or written.
    """
    kept = {name: value for name, value in answer.items() if name not in _LEFT_OUT}
    stamp = (made or datetime.now(UTC)).isoformat(timespec="seconds")
    typed = all("parts" in sentence for sentence in kept["sentences"])
    receipt = {"receipt": FORM if typed else FIRST_FORM, "made": stamp, **kept}
    receipt["seal"] = seal_of(receipt)
    if key:
        receipt["signature"] = signature_of(canonical(receipt), read_or_make_key(key))
    return receipt


def write_receipt(path: Path, answer: Mapping[str, Any], key: Path | None = None) -> None:
    """Write the receipt of an answer into a file, signed if a key is given.

    Raises:
        ValueError: the file of the key holds none.
        OSError: a file is not readable or writable.
    """
    text = json.dumps(make_receipt(answer, key=key), indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", errors="backslashreplace")


def read_receipt(path: Path) -> dict[str, Any]:
    """Return the receipt in a file without verifying it.

    Raises:
        ValueError: the file is not a JSON object in UTF-8.
        OSError: the file is not readable.
    """
    try:
        receipt = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_doubles)
    except _DoubleNameError as exc:
        raise ValueError(f"{path} is not a receipt: it has “{exc}” twice.") from exc
    except (ValueError, RecursionError) as exc:
        raise ValueError(f"{path} is not a receipt: it is not JSON in UTF-8.") from exc
    if not isinstance(receipt, dict):
        raise ValueError(f"{path} is not a receipt: it is not a JSON object.")
    return receipt


class _DoubleNameError(Exception):
    """A JSON object has a name twice: programs differ in which one counts."""


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = set()
    for name, _ in pairs:
        if name in names:
            raise _DoubleNameError(name)
        names.add(name)
    return dict(pairs)


def seal_of(receipt: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(receipt)).hexdigest()


def canonical(receipt: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON: sorted names, no spaces, ASCII."""
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode()
