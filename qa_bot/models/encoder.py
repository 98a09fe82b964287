"""The encoders BERT and MPNet as published, in plain torch, for reading only.

BERT: Devlin et al. 2018, arXiv:1810.04805. MPNet: Song et al. 2020, arXiv:2004.09297; it adds to
the attention scores a learned number for each distance between two pieces (Raffel et al. 2019,
arXiv:1910.10683), and has no types of text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn.functional import (
    embedding,
    gelu,
    layer_norm,
    linear,
    scaled_dot_product_attention,
)

from qa_bot.errors import ModelError

_WORDS = "embeddings.word_embeddings.weight"
_TYPES = "embeddings.token_type_embeddings.weight"
_DISTANCES = "encoder.relative_attention_bias.weight"
# Lengths are rounded up to a multiple of so many pieces: oneDNN keeps what it prepares for each
# length, a megabyte or more.
_STEP = 16
_FARTHEST = 128  # pieces; MPNet keeps one number for all larger distances
# The names of a layer's parts in the published weights.
_BERT = {
    "query": "attention.self.query", "key": "attention.self.key",
    "value": "attention.self.value", "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
}  # fmt: skip
_MPNET = {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v",
    "attended": "attention.attn.o", "attended_norm": "attention.LayerNorm",
}  # fmt: skip
_Norm = tuple[Tensor, Tensor]  # weight and bias, (width,) each


@dataclass(frozen=True, slots=True)
class Trained:
    """What training changed of published weights.

    Attributes:
        weights: the weights that replace published ones, by name.
        adapters: (rank, in) and (out, rank) of a weight by its name, whose product is added to it
            (LoRA: Hu et al. 2021, arXiv:2106.09685).
    """

    weights: Mapping[str, Tensor] = field(default_factory=dict)
    adapters: Mapping[str, tuple[Tensor, Tensor]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Linear:
    """A published or trained weight (out, in) with its bias (out,), and an adapter beside it.

    The product of the adapter is not added to the weight, so that encoders share that.
    """

    weight: Tensor
    bias: Tensor
    down: Tensor | None = None
    up: Tensor | None = None

    def __call__(self, vectors: Tensor) -> Tensor:
        """Return (n, length, out) for vectors (n, length, in)."""
        whole = linear(vectors, self.weight, self.bias)
        if self.down is None or self.up is None:
            return whole
        low = linear(vectors, self.down)
        return whole.flatten(0, 1).addmm_(low.flatten(0, 1), self.up.T).view_as(whole)


@dataclass(frozen=True, slots=True)
class _Layer:
    """The weights of one layer; query, key and value stand below each other in ``projected``."""

    projected: _Linear
    attended: _Linear
    attended_norm: _Norm
    widened: _Linear
    narrowed: _Linear
    norm: _Norm


@dataclass(frozen=True, slots=True)
class _Shape:
    """The form of an encoder, as its ``config.json`` has it."""

    typed: bool  # BERT; else MPNet
    pad: int
    width: int
    heads: int
    layers: int
    epsilon: float

    @classmethod
    def read(cls, path: Path) -> _Shape:
        """Read the form from a file."""
        config = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            typed=config["model_type"] == "bert",
            pad=int(config["pad_token_id"]),
            width=int(config["hidden_size"]),
            heads=int(config["num_attention_heads"]),
            layers=int(config["num_hidden_layers"]),
            epsilon=float(config["layer_norm_eps"]),
        )


class Encoder:
    """An encoder that turns the pieces of texts into vectors; safe to use from several threads.

    Attributes:
        width: length of a vector.
    """

    def __init__(self, folder: Path, dtype: torch.dtype, trained: Trained | None = None) -> None:
        """Load published weights from their folder.

        Args:
            folder: with ``config.json`` and ``model.safetensors``.
            dtype: to compute in, float32 or bfloat16.
            trained: what training changed of the weights; it changes no word vectors.

        Raises:
            ModelError: the folder holds no such weights, or they are damaged.
        """
        self._dtype = dtype
        try:
            self._shape = _Shape.read(folder / "config.json")
            self._load(folder / "model.safetensors", trained or Trained())
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as exc:
            raise ModelError(
                f"The weights in {folder} cannot be read ({exc}). Install them again."
            ) from exc
        self.width = self._shape.width

    def _load(self, path: Path, trained: Trained) -> None:
        weights = _Weights(path, self._dtype, trained)
        shape = self._shape
        self._words = weights.get(_WORDS)
        self._places = weights.get("embeddings.position_embeddings.weight")
        self._types = weights.get(_TYPES) if shape.typed else None
        self._distances = None if shape.typed else weights.get(_DISTANCES)
        self._norm = weights.norm("embeddings.LayerNorm")
        names = _BERT if shape.typed else _MPNET
        self._layers = [weights.layer(f"encoder.layer.{n}", names) for n in range(shape.layers)]

    def encode(self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> Tensor:
        """Return the last layer of a batch, (n, length, width); rows beyond a text mean nothing.

        The length is the longest text's, rounded up to a multiple of 16 pieces.

        Args:
            ids: the pieces of each text, special ones included.
            types: 0 or 1 for each piece; MPNet does not read them.
        """
        with torch.inference_mode():
            lengths = torch.tensor([len(row) for row in ids])
            longest = _STEP * math.ceil(int(lengths.max()) / _STEP)
            mask = self._scores_added(torch.arange(longest) < lengths[:, None])
            filled = _filled(ids, longest, self._shape.pad)
            hidden = self._embedded(filled, _filled(types, longest, 0))
            for layer in self._layers:
                hidden = self._through(layer, hidden, mask)
            return hidden

    def _embedded(self, ids: Tensor, types: Tensor) -> Tensor:
        """Return the sum of the vectors of the words, their places and their types, normalised."""
        first = 0 if self._shape.typed else self._shape.pad + 1
        summed = embedding(ids, self._words) + self._places[first : first + ids.shape[1]]
        if self._types is not None:
            summed = summed + embedding(types, self._types)
        return self._normalised(summed, self._norm)

    def _scores_added(self, there: Tensor) -> Tensor | None:
        """Return what is added to attention scores, (n or 1, heads or 1, longest, longest or 1).

        It is -inf for the pieces that fill a short text, and None if nothing is added.
        """
        added = None
        if not bool(there.all()):
            hidden = torch.zeros(there.shape, dtype=self._dtype).masked_fill(~there, -math.inf)
            added = hidden[:, None, None, :]
        if self._distances is None:
            return added
        longest = there.shape[1]
        buckets = _distance_buckets(len(self._places), len(self._distances))
        near = embedding(buckets[:longest, :longest], self._distances)
        near = near.permute(2, 0, 1)[None]
        return near if added is None else near + added

    def _through(self, layer: _Layer, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """Return the output of a layer."""
        n, longest, width = hidden.shape
        parts = layer.projected(hidden).view(n, longest, 3, self._shape.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        attended = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(n, longest, width)
        hidden = self._normalised(layer.attended(attended) + hidden, layer.attended_norm)
        widened = gelu(layer.widened(hidden))
        return self._normalised(layer.narrowed(widened) + hidden, layer.norm)

    def _normalised(self, vectors: Tensor, norm: _Norm) -> Tensor:
        return layer_norm(vectors, (self.width,), *norm, self._shape.epsilon)


@dataclass(frozen=True, slots=True)
class _Weights:
    """The weights of one encoder: published ones with what training changed."""

    path: Path
    dtype: torch.dtype
    trained: Trained

    def get(self, *names: str) -> Tensor:
        """Return the weights of these names, below each other."""
        changed = self.trained.weights
        if not any(name in changed for name in names):
            return _published(self.path, names, self.dtype)
        found = [changed[n] if n in changed else _tensor(self.path, n) for n in names]
        return torch.cat([one.to(self.dtype) for one in found])

    def norm(self, name: str) -> _Norm:
        return self.get(f"{name}.weight"), self.get(f"{name}.bias")

    def linear(self, *names: str) -> _Linear:
        weight = self.get(*(f"{name}.weight" for name in names))
        bias = self.get(*(f"{name}.bias" for name in names))
        adapters = [self.trained.adapters.get(f"{name}.weight") for name in names]
        found = [adapter for adapter in adapters if adapter]
        if not found:
            return _Linear(weight, bias)
        if len(found) < len(names):
            raise ValueError(f"some of {', '.join(names)} have an adapter and some have none")
        down = torch.cat([down for down, _ in found])
        up: Tensor = torch.block_diag(*(up for _, up in found))  # type: ignore[no-untyped-call]
        return _Linear(weight, bias, down.to(self.dtype), up.to(self.dtype))

    def layer(self, prefix: str, names: Mapping[str, str]) -> _Layer:
        """Return the layer whose weights' names begin with a prefix."""
        own = {part: f"{prefix}.{name}" for part, name in names.items()}
        return _Layer(
            self.linear(own["query"], own["key"], own["value"]),
            self.linear(own["attended"]),
            self.norm(own["attended_norm"]),
            self.linear(f"{prefix}.intermediate.dense"),
            self.linear(f"{prefix}.output.dense"),
            self.norm(f"{prefix}.output.LayerNorm"),
        )


def _tensor(path: Path, name: str) -> Tensor:
    """Return published weights, mapped to their file.

    The file is opened for each, so that pages that were read and converted do not stay in memory.
    """
    with safe_open(str(path), framework="pt") as file:
        tensor: Tensor = file.get_tensor(name)
        return tensor


@cache
def _published(path: Path, names: tuple[str, ...], dtype: torch.dtype) -> Tensor:
    """Return published weights below each other; all encoders on the same base share them."""
    return torch.cat([_tensor(path, name) for name in names]).to(dtype)


def _filled(rows: Sequence[Sequence[int]], longest: int, fill: int) -> Tensor:
    """Return rows of equal length, (n, longest), filled up at their ends."""
    return torch.tensor([[*row, *([fill] * (longest - len(row)))] for row in rows])


@cache
def _distance_buckets(places: int, buckets: int) -> Tensor:
    """Return the class of distance of each two pieces, (places, places), below ``buckets``.

    Half of the classes are for pieces to the right. Of each half, half are single distances, and
    the others grow by a constant factor.
    """
    place = torch.arange(places)
    right = place[None, :] - place[:, None]
    distance, half = right.abs(), buckets // 2
    exact = half // 2
    ratio = torch.log(distance.float().clamp(min=1) / exact) / math.log(_FARTHEST / exact)
    far = exact + (ratio * (half - exact)).long()
    within = torch.where(distance < exact, distance, far.clamp(max=half - 1))
    return within + half * (right > 0)
