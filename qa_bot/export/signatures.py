"""Signatures of receipts: Ed25519 (RFC 8032), with the key in a PEM file of its owner."""

from __future__ import annotations

import hashlib
import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_ALGORITHM = "Ed25519"


def read_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a PEM file; make the file, readable by its owner only, if there is none.

    Raises:
        ValueError: the file holds no Ed25519 key without a password.
        OSError: the file cannot be read or written.
    """
    if not path.exists():
        data = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        # Written whole under another name (0600) first: a kill leaves no half of a key.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process made the key meanwhile
                path.hardlink_to(temporary)
        finally:
            Path(temporary).unlink()
    return _read_key(path)


def _read_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        raise ValueError(f"{path} holds no private key that qa-bot can read ({exc}).") from exc
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds a key of another kind; an {_ALGORITHM} key is needed.")
    return key


def key_fingerprint(path: Path) -> str:
    """Return the fingerprint of the key in a PEM file, made if there is none.

    Raises:
        ValueError: the file holds no Ed25519 key without a password.
        OSError: the file cannot be read or written.
    """
    return _fingerprint(read_or_make_key(path).public_key())


def _fingerprint(key: Ed25519PublicKey) -> str:
    """Return ``SHA256:`` and the hash of the public key, in base64 without padding."""
    digest = hashlib.sha256(key.public_bytes_raw()).digest()
    return f"SHA256:{b64encode(digest).decode().rstrip('=')}"


def signature_of(data: bytes, key: Ed25519PrivateKey) -> dict[str, str]:
    """Return the signature of some bytes in the JSON form of a receipt."""
    public = key.public_key().public_bytes_raw()
    return {
        "algorithm": _ALGORITHM,
        "key": b64encode(public).decode(),
        "value": b64encode(key.sign(data)).decode(),
    }


def signer(data: bytes, signature: Mapping[str, Any]) -> str | None:
    """Return the fingerprint of the key that made a signature, or None if it does not fit.

    Raises:
        ValueError: the signature has not the form of ``signature_of``.
    """
    if set(signature) != {"algorithm", "key", "value"} or signature["algorithm"] != _ALGORITHM:
        raise ValueError(f"its signature is not of the kind {_ALGORITHM}")
    parts = (b64decode(str(signature[name]), validate=True) for name in ("key", "value"))
    public, value = parts
    key = Ed25519PublicKey.from_public_bytes(public)
    try:
        key.verify(value, data)
    except InvalidSignature:
        return None
    return _fingerprint(key)
