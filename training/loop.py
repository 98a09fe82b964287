"""The training loop: batches of similar length, checkpoints, and the time left."""

from __future__ import annotations

import argparse
import itertools
import logging
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.network import PairNetwork, begin_from, begin_from_model, save

log = logging.getLogger("training")
_BRIDGE_RATE = 5  # times the rate of the other weights: the bridge starts untrained
Batch = dict[str, Tensor]
Loss = Callable[[PairNetwork, Batch, Sequence["Feature"]], Tensor]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Feature:
    """One pair as the model sees it, with its targets."""

    ids: list[int]
    types: list[int]
    targets: tuple[float, ...]
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """The labels of a pair by a teacher model.

    Attributes:
        ends: (1 + n, 2) logits that the answer starts and ends at a piece of the context; the
            first row means "not in this passage".
        answers: logit that the passage answers.
        hidden: (1 + q + n, width) its last layer, of mean 0 and variance 1 in each row: the first
            piece, the question's q and the context's n pieces; None if it was not kept.
    """

    ends: NDArray[np.float16]
    answers: float
    hidden: NDArray[np.float16] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The length and the rates of a training run.

    Attributes:
        steps: optimizer steps in all.
        batch: examples in a step.
        rate: the highest learning rate, reached after 6 % of the steps, then falling linearly to 0.
        seed: of the order of examples.
        every: seconds between checkpoints.
    """

    steps: int
    batch: int
    rate: float
    seed: int = 7
    every: float = 300.0


def run_arguments(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser of the arguments that all training runs share."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--data", type=Path, required=True, help="folder with the training sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model to write")
    parser.add_argument("--rank", type=int, help="train thin matrices of this rank only")
    parser.add_argument("--start", type=Path, help="checkpoint to take the first weights from")
    parser.add_argument("--start-model", type=Path, help="model folder for the first weights")
    parser.add_argument("--freeze", type=int, default=0, help="leave the first layers alone")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    return parser


def start_run(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Return the arguments of a run, with log, threads and random numbers set up."""
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    return args


def cached(path: Path, make: Callable[[], list[Made]]) -> list[Made]:
    """Return what a function makes; the file keeps it for the next run."""
    if path.exists():
        kept: list[Made] = pickle.loads(path.read_bytes())
        return kept
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made


def run(
    network: PairNetwork,
    features: Sequence[Feature],
    loss_of: Loss,
    args: argparse.Namespace,
    max_pieces: int,
) -> None:
    """Train a network as the arguments of the run say, and write the model."""
    if args.start_model:
        begin_from_model(network, args.start_model)
    if args.start:
        begin_from(network, args.start)
    network.freeze(args.freeze)
    plan = Plan(round(len(features) * args.epochs / args.batch), args.batch, args.rate, args.seed)
    log.info("%d examples, %d steps", len(features), plan.steps)
    train(network, features, plan, loss_of, args.work / "checkpoint.pt")
    save(network, args.out, {"base": args.base.name, "rank": args.rank, "max_pieces": max_pieces})


def collate(features: Sequence[Feature], network: PairNetwork) -> Batch:
    """Return the tensors of a batch, padded to its longest pair."""
    config = network.encoder.config
    pad = config.pad_token_id
    longest = max(len(f.ids) for f in features)
    batch = {
        "input_ids": torch.tensor([f.ids + [pad] * (longest - len(f.ids)) for f in features]),
        "attention_mask": torch.tensor(
            [[1] * len(f.ids) + [0] * (longest - len(f.ids)) for f in features]
        ),
    }
    if config.model_type == "bert":
        batch["token_type_ids"] = torch.tensor(
            [f.types + [0] * (longest - len(f.types)) for f in features]
        )
    return batch


def order(features: Sequence[Feature], plan: Plan, epoch: int) -> list[list[int]]:
    """Return an epoch's batches of similar lengths, in a random order that the seed fixes."""
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
    loss_of: Loss,
    checkpoint: Path,
) -> None:
    """Train the network in place; continue from the checkpoint if there is one."""
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer, schedule = _optimizer(network, plan)
    first = _resume(network, optimizer, schedule, checkpoint)
    began = saved = time.monotonic()
    losses: list[float] = []
    steps = range(first + 1, plan.steps + 1)
    for step, places in zip(steps, _batches(features, plan, first), strict=False):
        chosen = [features[i] for i in places]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(network, collate(chosen, network), chosen)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if step % 50 == 0 or step == plan.steps:
            _log_pace(plan, step, (time.monotonic() - began) / (step - first), losses[-200:])
        if time.monotonic() - saved > plan.every or step == plan.steps:
            _keep(network, optimizer, schedule, step, checkpoint)
            saved = time.monotonic()


def _optimizer(
    network: PairNetwork, plan: Plan
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    """Return AdamW, with a higher rate for the bridge, and the schedule of its rates."""
    new = list(network.bridge.parameters()) if network.bridge else []
    known = [
        p for p in network.parameters()
        if p.requires_grad and all(p is not other for other in new)
    ]  # fmt: skip
    groups: list[dict[str, Any]] = [{"params": known}]
    if new:
        groups.append({"params": new, "lr": _BRIDGE_RATE * plan.rate})
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, weight_decay=0.01, fused=True)
    warm = max(1, round(0.06 * plan.steps))

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.0, (plan.steps - step) / (plan.steps - warm)))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _batches(features: Sequence[Feature], plan: Plan, first: int) -> Iterator[list[int]]:
    """Yield batches without end, epoch by epoch, from the one after ``first`` steps."""
    epoch, done = divmod(first, len(order(features, plan, 0)))
    for number in itertools.count(epoch):
        yield from order(features, plan, number)[done:]
        done = 0


def _log_pace(plan: Plan, step: int, seconds: float, losses: Sequence[float]) -> None:
    """Log the mean loss, the speed and the time left, from the seconds that a step takes."""
    log.info(
        "step %d of %d, loss %.3f, %.1f examples/s, %.0f min left",
        step, plan.steps, sum(losses) / len(losses), plan.batch / seconds,
        seconds * (plan.steps - step) / 60,
    )  # fmt: skip


def _keep(
    network: PairNetwork,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    step: int,
    checkpoint: Path,
) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "learned": network.learned(),
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
    log.info("continuing from step %d", state["step"])
    return int(state["step"])
