"""Two texts read together by a small trained encoder: numbers for the pair and for every piece.

It loads what `training/` writes: the trained weights in float16, over the published weights of the
base that they were trained from. It knows nothing of questions, passages or support.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import ModelError
from qa_bot.models.runtime import has_bfloat16, quiet_transformers
from qa_bot.models.weights import weights_folder

Floats = NDArray[np.float32]
_BATCH_PIECES = 4096  # padded pieces computed at once
_LORA_SCALE = 2.0  # as in training


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of the second text as the model saw it beside the first.

    Attributes:
        pair: (p,) numbers of the pair.
        offsets: (n, 2) characters of the second text of each piece, end exclusive.
        pieces: (n, t) numbers of each of these pieces; (n, 0) for a model without any.
        first: (t,) the same numbers of the piece that stands for the whole pair.
    """

    pair: Floats
    offsets: NDArray[np.int64]
    pieces: Floats
    first: Floats


class CrossEncoder:
    """A trained model over pairs of texts; safe to use from several threads.

    Attributes:
        fingerprint: SHA-256 of the trained weights.
    """

    def __init__(self, folder: Path) -> None:
        """Load a model that training wrote.

        Raises:
            ModelError: the folder is no such model, or the weights it builds on are missing.
        """
        import torch
        from safetensors import SafetensorError
        from safetensors.torch import load
        from tokenizers import Tokenizer
        from transformers import AutoModel

        try:
            self.config: dict[str, Any] = json.loads(
                (folder / "config.json").read_text(encoding="utf-8")
            )
            content = (folder / "model.safetensors").read_bytes()
            learned = load(content)
        except (OSError, ValueError, SafetensorError) as exc:
            raise ModelError(
                f"The model in {folder} cannot be read ({exc}). Install it again."
            ) from exc
        self.fingerprint = hashlib.sha256(content).hexdigest()
        base = weights_folder(self.config["base"])
        with quiet_transformers():
            encoder: Any = AutoModel.from_pretrained(base, add_pooling_layer=False)
        _apply(encoder, learned)
        self.dtype = torch.bfloat16 if has_bfloat16() else torch.float32
        self._torch = torch
        self._encoder = encoder.to(self.dtype).eval()
        self._typed = encoder.config.model_type == "bert"
        self._pad = int(encoder.config.pad_token_id)
        self._token_head = _head(learned, "token_head", self.dtype)
        self._pair_head = _head(learned, "pair_head", self.dtype)
        self._tokenizer: Any = Tokenizer.from_file(str(base / "tokenizer.json"))
        self._tokenizer.no_padding()
        longest = int(self.config["max_pieces"])
        self._tokenizer.enable_truncation(longest, stride=96, strategy="only_second")

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[list[Window]]:
        """Return the windows of each pair, in order; long second texts give several.

        Args:
            pairs: first text (only its first 48 words are read) and second text.
        """
        owners, encodings = [], []
        for owner, encoding in enumerate(self._encode(pairs)):
            for window in (encoding, *encoding.overflowing):
                owners.append(owner)
                encodings.append(window)
        found: list[list[Window]] = [[] for _ in pairs]
        order = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids))
        windows: list[Window | None] = [None] * len(encodings)
        for batch in batches([len(encodings[i].ids) for i in order]):
            chosen = [order[i] for i in batch]
            for i, window in zip(chosen, self._run([encodings[i] for i in chosen]), strict=True):
                windows[i] = window
        for owner, window in zip(owners, windows, strict=True):
            assert window is not None
            found[owner].append(window)
        return found

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[Any]:
        encoded: list[Any] = self._tokenizer.encode_batch(
            [(_shortened(first), second) for first, second in pairs]
        )
        return encoded

    def _run(self, encodings: Sequence[Any]) -> list[Window]:
        return self._windows(encodings, self._hidden(encodings))

    def _hidden(self, encodings: Sequence[Any]) -> Any:
        """Return the encoder's last layer of a batch, a tensor (n, longest, width)."""
        torch = self._torch
        longest = max(len(e.ids) for e in encodings)
        batch = {
            "input_ids": torch.tensor(
                [e.ids + [self._pad] * (longest - len(e.ids)) for e in encodings]
            ),
            "attention_mask": torch.tensor(
                [[1] * len(e.ids) + [0] * (longest - len(e.ids)) for e in encodings]
            ),
        }
        if self._typed:
            batch["token_type_ids"] = torch.tensor(
                [e.type_ids + [0] * (longest - len(e.ids)) for e in encodings]
            )
        with torch.inference_mode():
            return self._encoder(**batch).last_hidden_state

    def _windows(self, encodings: Sequence[Any], hidden: Any) -> list[Window]:
        """Return what the heads make of the last layer of a batch."""
        with self._torch.inference_mode():
            pair = _linear(hidden[:, 0], self._pair_head)
            pieces = _linear(hidden, self._token_head)
        return [_window(e, pair[i], pieces[i]) for i, e in enumerate(encodings)]


def _apply(encoder: Any, learned: dict[str, Any]) -> None:
    """Put the trained weights in the place of the base's, thin matrices multiplied out."""
    weights = dict(encoder.named_parameters())
    for name, tensor in learned.items():
        target = name.removeprefix("encoder.")
        if target == name:
            continue  # a head
        if target.endswith(".down"):
            layer = target.removesuffix(".down")
            up = learned[f"encoder.{layer}.up"].float()
            weights[f"{layer}.weight"].data += _LORA_SCALE * up @ tensor.float()
        elif not target.endswith(".up"):
            weights[target].data.copy_(tensor)


def _head(learned: dict[str, Any], name: str, dtype: Any) -> tuple[Any, Any] | None:
    if f"{name}.weight" not in learned:
        return None
    return learned[f"{name}.weight"].to(dtype), learned[f"{name}.bias"].to(dtype)


def _linear(hidden: Any, head: tuple[Any, Any] | None) -> Floats:
    if head is None:
        return np.zeros((*hidden.shape[:-1], 0), dtype=np.float32)
    weight, bias = head
    numbers: Floats = (hidden @ weight.T + bias).float().numpy()
    return numbers


def _window(encoding: Any, pair: Floats, pieces: Floats) -> Window:
    inside = [i for i, part in enumerate(encoding.sequence_ids) if part == 1]
    offsets = np.array([encoding.offsets[i] for i in inside], dtype=np.int64).reshape(-1, 2)
    return Window(pair, offsets, pieces[inside], pieces[0])


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the positions of ascending lengths in batches that fit when padded."""
    batches: list[list[int]] = []
    for i, length in enumerate(lengths):
        if not batches or (len(batches[-1]) + 1) * length > _BATCH_PIECES:
            batches.append([])
        batches[-1].append(i)
    return batches


def _shortened(text: str, words: int = 48) -> str:
    """Return the first words of a text: the rest of a pair must fit beside it."""
    return " ".join(text.split()[:words])
