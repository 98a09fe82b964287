"""The training loop: batches of like length, checkpoints that survive a restart, time left."""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.network import PairNetwork

log = logging.getLogger("training")
_BRIDGE_RATE = 5  # times the rate of the rest: it begins from nothing
Batch = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Feature:
    """One pair as the model sees it, and what is to be learned of it."""

    ids: list[int]
    types: list[int]
    targets: tuple[float, ...]
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher says of a pair.

    Attributes:
        ends: (1 + n, 2) logits that the answer starts and ends at a piece of the context; the
            first row stands for "not in this passage".
        answers: logit that the passage answers.
        hidden: (1 + q + n, width) its last layer, of mean 0 and variance 1 in each row: of the
            first piece, of the question's q and of the context's n pieces; None: not kept.
    """

    ends: NDArray[np.float16]
    answers: float
    hidden: NDArray[np.float16] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Attributes:
        steps: optimizer steps in all.
        batch: examples in a step.
        rate: the highest learning rate, reached after 6 % of the steps, falling to 0 in a line.
        seed: of the order of examples.
        every: seconds between checkpoints.
    """

    steps: int
    batch: int
    rate: float
    seed: int = 7
    every: float = 300.0


def run_arguments(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every training run is told."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--data", type=Path, required=True, help="folder with the training sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model to write")
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to begin from")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    return parser


def collate(features: Sequence[Feature], pad: int, typed: bool) -> Batch:
    """Return the tensors of a batch, padded to its longest pair."""
    longest = max(len(f.ids) for f in features)
    batch = {
        "input_ids": torch.tensor([f.ids + [pad] * (longest - len(f.ids)) for f in features]),
        "attention_mask": torch.tensor(
            [[1] * len(f.ids) + [0] * (longest - len(f.ids)) for f in features]
        ),
    }
    if typed:
        batch["token_type_ids"] = torch.tensor(
            [f.types + [0] * (longest - len(f.types)) for f in features]
        )
    return batch


def order(features: Sequence[Feature], plan: Plan, epoch: int) -> list[list[int]]:
    """Return an epoch's batches: like lengths together, in an order of chance that seeds fix."""
    rng = random.Random(plan.seed * 1000 + epoch)
    shuffled = rng.sample(range(len(features)), len(features))
    batches = []
    for start in range(0, len(shuffled), plan.batch * 40):
        pool = sorted(shuffled[start : start + plan.batch * 40], key=lambda i: len(features[i].ids))
        batches += [pool[i : i + plan.batch] for i in range(0, len(pool), plan.batch)]
    rng.shuffle(batches)
    return batches


def train(
    network: PairNetwork,
    features: Sequence[Feature],
    plan: Plan,
    loss_of: Callable[[PairNetwork, Batch, Sequence[Feature]], Tensor],
    checkpoint: Path,
    pad: int,
    typed: bool,
) -> None:
    """Train in place; go on from the checkpoint where there is one."""
    parameters = [p for p in network.parameters() if p.requires_grad]
    new = list(network.bridge.parameters()) if network.bridge else []
    known = [p for p in parameters if all(p is not other for other in new)]
    groups: list[dict[str, Any]] = [{"params": known}]
    if new:
        groups.append({"params": new, "lr": _BRIDGE_RATE * plan.rate})
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, weight_decay=0.01, fused=True)
    warm = max(1, round(0.06 * plan.steps))

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.0, (plan.steps - step) / (plan.steps - warm)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    step = _resume(network, optimizer, schedule, checkpoint)
    began, first, saved, losses = time.monotonic(), step, time.monotonic(), []
    per_epoch = len(order(features, plan, 0))
    while step < plan.steps:
        for number in order(features, plan, step // per_epoch)[step % per_epoch :]:
            chosen = [features[i] for i in number]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(network, collate(chosen, pad, typed), chosen)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            losses.append(loss.item())
            if step % 50 == 0 or step == plan.steps:
                took = time.monotonic() - began
                left = took / (step - first) * (plan.steps - step) / 60
                pace = (step - first) * plan.batch / took
                mean = sum(losses[-200:]) / len(losses[-200:])
                log.info(
                    "step %d of %d, loss %.3f, %.1f examples/s, %.0f min left",
                    step, plan.steps, mean, pace, left,
                )  # fmt: skip
            if time.monotonic() - saved > plan.every or step == plan.steps:
                _keep(network, optimizer, schedule, step, checkpoint)
                saved = time.monotonic()
            if step == plan.steps:
                break


def _keep(
    network: PairNetwork,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    step: int,
    checkpoint: Path,
) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    learned = {n: p for n, p in network.named_parameters() if p.requires_grad}
    state = {
        "learned": learned,
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "step": step,
    }
    written = checkpoint.with_suffix(".new")
    torch.save(state, written)
    written.replace(checkpoint)


def _resume(
    network: PairNetwork,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    checkpoint: Path,
) -> int:
    if not checkpoint.exists():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(state["learned"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    log.info("going on from step %d", state["step"])
    return int(state["step"])
