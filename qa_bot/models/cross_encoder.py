"""A trained encoder that reads two texts together and scores the pair and each word piece.

A model folder holds the weights that `training/` wrote, in float16; the encoder adds them to the
published weights of its base model. The meaning of the scores is up to the caller.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import ModelError
from qa_bot.models.batching import batches_by_length
from qa_bot.models.runtime import has_bfloat16, trim_heap
from qa_bot.models.weights import weights_folder

if TYPE_CHECKING:
    from qa_bot.models.encoder import Trained

Floats = NDArray[np.float32]
BATCH_PIECES = 256  # word pieces in a padded batch; 4096 is as fast and takes 0.13 GB more
_LORA_SCALE = 2.0  # must equal the scale in training/
_WINDOW_STRIDE = 96  # word pieces that two neighbouring windows share; chosen by hand
_FIRST_TEXT_WORDS = 48  # the rest of the window is for the second text; chosen by hand


@dataclass(frozen=True, slots=True)
class Window:
    """The scores of one stretch of the second text, read together with the first.

    Attributes:
        pair: (p,) scores of the pair.
        offsets: (n, 2) place of each piece in the second text, in characters, end exclusive.
        pieces: (n, t) scores of each piece; (n, 0) for a model that scores pairs only.
        first: (t,) the same scores of the piece that represents the whole pair.
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
        """Load a trained model from its folder.

        Raises:
            ModelError: the folder holds no such model, or the weights of its base are missing.
        """
        import torch
        from safetensors import SafetensorError
        from safetensors.torch import load
        from tokenizers import Tokenizer

        from qa_bot.models.encoder import Encoder

        try:
            self.config: dict[str, Any] = json.loads(
                (folder / "config.json").read_text(encoding="utf-8")
            )
            content = (folder / "model.safetensors").read_bytes()
            learned = load(content)
            trained = _trained(learned)
        except (OSError, ValueError, KeyError, SafetensorError) as exc:
            raise ModelError(
                f"The model in {folder} cannot be read ({exc}). Install it again."
            ) from exc
        self.fingerprint = hashlib.sha256(content).hexdigest()
        base = weights_folder(self.config["base"])
        self.dtype = torch.bfloat16 if has_bfloat16() else torch.float32
        self._torch = torch
        self._encoder = Encoder(base, self.dtype, trained)
        self._token_head = _head(learned, "token_head", self.dtype)
        self._pair_head = _head(learned, "pair_head", self.dtype)
        self._tokenizer: Any = Tokenizer.from_file(str(base / "tokenizer.json"))
        self._tokenizer.no_padding()
        longest = int(self.config["max_pieces"])
        self._tokenizer.enable_truncation(longest, stride=_WINDOW_STRIDE, strategy="only_second")
        del content, learned, trained
        trim_heap()

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[list[Window]]:
        """Return the windows of each pair, in order; a long second text has several.

        Args:
            pairs: first text (the model reads its first 48 words only) and second text.
        """
        encodings = [[one, *one.overflowing] for one in self._encode(pairs)]
        flat = [encoding for of_pair in encodings for encoding in of_pair]
        windows: dict[int, Window] = {}
        for batch in batches_by_length([len(one.ids) for one in flat], BATCH_PIECES):
            windows.update(zip(batch, self._run([flat[i] for i in batch]), strict=True))
        in_order = iter([windows[i] for i in range(len(flat))])
        return [list(islice(in_order, len(of_pair))) for of_pair in encodings]

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[Any]:
        encoded: list[Any] = self._tokenizer.encode_batch(
            [(_shortened(first), second) for first, second in pairs]
        )
        return encoded

    def _run(self, encodings: Sequence[Any]) -> list[Window]:
        return self._windows(encodings, self._hidden(encodings))

    def _hidden(self, encodings: Sequence[Any]) -> Any:
        """Return the encoder's last layer of a batch, a tensor (n, longest, width)."""
        return self._encoder.encode([e.ids for e in encodings], [e.type_ids for e in encodings])

    def _windows(self, encodings: Sequence[Any], hidden: Any) -> list[Window]:
        """Apply the heads to the last layer of a batch."""
        with self._torch.inference_mode():
            pair = _linear(hidden[:, 0], self._pair_head)
            pieces = _linear(hidden, self._token_head)
        return [_window(e, pair[i], pieces[i]) for i, e in enumerate(encodings)]


def _trained(learned: dict[str, Any]) -> Trained:
    """Return what a model learned: whole weights, and pairs of LoRA matrices."""
    from qa_bot.models.encoder import Trained

    own = {
        name.removeprefix("encoder."): w for name, w in learned.items() if name[:8] == "encoder."
    }
    adapters = {
        f"{layer}.weight": (own[name].float(), _LORA_SCALE * own[f"{layer}.up"].float())
        for name in own
        if (layer := name.removesuffix(".down")) != name
    }
    whole = {name: w for name, w in own.items() if not name.endswith((".down", ".up"))}
    return Trained(whole, adapters)


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


def _shortened(text: str) -> str:
    """Return the first 48 words of a text, so that the window has room for the second text."""
    return " ".join(text.split()[:_FIRST_TEXT_WORDS])
