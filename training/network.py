"""The encoder with its heads, in the form that `qa_bot.models.cross_encoder` loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AttentionInterface, AutoModel
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, eager_mask

LORA_SCALE = 2.0


def _attend(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **_: Any
) -> tuple[Tensor, None]:
    """Attend in bfloat16 throughout: a third faster to train than the library's two ways."""
    with torch.autocast("cpu", enabled=False):
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        return (torch.softmax(scores, -1) @ value).transpose(1, 2).contiguous(), None


AttentionInterface.register("plain", _attend)
ALL_MASK_ATTENTION_FUNCTIONS.register("plain", eager_mask)


class LowRank(nn.Module):
    """A frozen linear layer plus a trained product of two thin matrices (LoRA)."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        super().__init__()
        self.frozen = frozen.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, frozen.in_features) / rank)
        self.up = nn.Parameter(torch.zeros(frozen.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        """Return W x + scale · up · down · x (Hu et al. 2021, arXiv:2106.09685)."""
        thin = nn.functional.linear(x, self.down.to(x.dtype))
        added: Tensor = self.frozen(x) + LORA_SCALE * nn.functional.linear(
            thin, self.up.to(x.dtype)
        )
        return added


class PairNetwork(nn.Module):
    """An encoder of pairs with linear heads: on every token, and on the first one.

    Args:
        base: folder of the pretrained encoder.
        token_outputs: numbers per token.
        pair_outputs: numbers per pair.
        rank: rank of the thin matrices; None trains the encoder except its word embeddings.
        teacher_width: width of the last layer of a teacher that this network imitates. The linear
            map to it (``bridge``) is for training only and is not shipped.
    """

    def __init__(
        self,
        base: Path,
        token_outputs: int,
        pair_outputs: int,
        rank: int | None,
        teacher_width: int | None = None,
    ) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(base, add_pooling_layer=False)
        if self.encoder.config.model_type == "bert":
            self.encoder.set_attn_implementation("plain")
        width = self.encoder.config.hidden_size
        self.token_head = nn.Linear(width, token_outputs) if token_outputs else None
        self.pair_head = nn.Linear(width, pair_outputs)
        self.bridge = nn.Linear(width, teacher_width) if teacher_width else None
        for dropout in (m for m in self.modules() if isinstance(m, nn.Dropout)):
            dropout.p = 0.0
        self.encoder.config.attention_probs_dropout_prob = 0.0
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        if rank is not None:
            self.encoder.requires_grad_(False).to(torch.bfloat16)
            for layer in [m for m in self.encoder.encoder.modules() if not isinstance(m, LowRank)]:
                for name, child in list(layer.named_children()):
                    if isinstance(child, nn.Linear):
                        setattr(layer, name, LowRank(child, rank))
        self._learned = {name for name, p in self.named_parameters() if p.requires_grad}

    def freeze(self, layers: int) -> None:
        """Leave the first layers as they are from now on: no gradient is computed for them."""
        for layer in self.encoder.encoder.layer[:layers]:
            layer.requires_grad_(False)

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor | None, Tensor]:
        """Return (n, length, token_outputs) or None, and (n, pair_outputs), both float32."""
        return self.heads(self.encode(batch))

    def encode(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the last layer, (n, length, width)."""
        hidden: Tensor = self.encoder(**batch).last_hidden_state
        return hidden

    def heads(self, hidden: Tensor) -> tuple[Tensor | None, Tensor]:
        """Return the outputs of the heads for a last layer, in the form of ``forward``."""
        tokens = self.token_head(hidden).float() if self.token_head else None
        return tokens, self.pair_head(hidden[:, 0]).float()

    def learned(self) -> dict[str, nn.Parameter]:
        """Return the weights by name that this run or an earlier one may have trained."""
        return {name: p for name, p in self.named_parameters() if name in self._learned}

    def trained(self) -> dict[str, Tensor]:
        """Return the learned weights by name, in float16, the form that is shipped."""
        return {
            name: parameter.detach().to(torch.float16).contiguous()
            for name, parameter in self.learned().items()
            if not name.startswith("bridge.")
        }


def begin_from(network: PairNetwork, checkpoint: Path) -> None:
    """Put the trained weights of a checkpoint into the network."""
    state = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(state["learned"], strict=False)


def begin_from_model(network: PairNetwork, folder: Path) -> None:
    """Put the weights of a model folder into the network; heads for another task stay untrained."""
    shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
    learned = load_file(folder / "model.safetensors")
    alike = {name: value for name, value in learned.items() if value.shape == shapes.get(name)}
    network.load_state_dict(alike, strict=False)


def save(network: PairNetwork, folder: Path, config: dict[str, Any]) -> None:
    """Write the trained weights and the configuration to load them with."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(network.trained(), folder / "model.safetensors")
    text = json.dumps(config, indent=2, ensure_ascii=False)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
