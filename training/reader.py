"""Train the reader, which finds the answer to a question in a passage, or that there is none.

``python -m training.reader --data FOLDER --work FOLDER [--size large]``; another run
continues from the checkpoint. The large reader trains thin matrices added to the frozen mpnet.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

from qa_bot.models import BUNDLED_MODEL, load_embedder
from training.asked import asked_examples
from training.examples import (
    Example,
    Source,
    join_sentences,
    load_set,
    read_sources,
    with_header,
)
from training.headers import dateline_examples, header_examples
from training.loop import Batch, Feature, Taught, cached, run, run_arguments, start_run
from training.misplaced import misplace, without_answer
from training.negatives import corrupt_questions, mine_negatives
from training.network import PairNetwork
from training.retrieved import Texts, read_releases, read_single, read_stories, retrieved_examples
from training.teacher import read_labels
from training.unstated import unstated
from training.written import read_written
from training.yesno import yes_no_examples

log = logging.getLogger("training")
MAX_PIECES, STRIDE = 320, 96
_UNTITLED = Source("", "", "")
# Kinds of questions that the teacher has seldom seen.
_UNTAUGHT = ("header", "yes-no", "misplaced", "without", "unstated")
_LAYER_WEIGHT = 2.0  # the other losses are about 1 each
_LEAST_SPREAD = 0.1  # of a dimension of the teacher's last layer; a smaller spread is noise
_SINGLE = 0.25  # share of the questions over single texts that are retrieved for
NO_SPAN = 0  # the first piece means "not in this passage"


def mixture(data: Path, rng: random.Random, scale: float) -> list[Example]:
    """Return the training examples of all sets, the smaller shares scaled.

    They are all of the SQuAD 2.0 part and of QED; news tweets; QAMR's sentences among others;
    questions about time, about headers, and for a yes or no; mined negatives, questions with a
    false detail or without their answer, and passages that state a gap.
    """
    sources = {name: read_sources(data / name) for name in ("squad2", "qed", "tweetqa", "tsqa")}
    asked = {name: load_set(data / name, sources[name]) for name in sources}
    wiki = [*sources["squad2"].values(), *sources["qed"].values()]
    mined = mine_negatives([*asked["squad2"], *asked["qed"]], wiki, round(6_000 * scale), rng)
    wrong = corrupt_questions(
        [*asked["squad2"], *asked["qed"], *asked["tsqa"]], round(6_000 * scale), rng
    )
    hard = misplace([*asked["squad2"], *asked["qed"]], round(6_000 * scale), rng)
    hard += without_answer([*asked["squad2"], *asked["qed"]], round(2_500 * scale), rng)
    hard += unstated([*asked["squad2"], *asked["qed"]], round(4_200 * scale), rng)
    tweets = rng.sample(asked["tweetqa"], round(2_500 * scale))
    raw = load_set(data / "qamr", read_sources(data / "qamr"))
    joined = join_sentences([example for example, _ in raw], rng, each=round(5 * scale))
    examples = [
        with_header(example, source.title, rng)
        for example, source in (
            *asked["squad2"], *asked["qed"], *asked["tsqa"], *tweets, *mined, *wrong, *hard,
            *((example, None) for example in joined),
            *yes_no_examples(wiki, round(1_500 * scale), rng),
        )
        for source in [source or _UNTITLED]
    ]  # fmt: skip
    examples += header_examples(wiki, round(1_500 * scale), rng)
    return examples + dateline_examples(wiki, round(800 * scale), rng)


def written_mixture(data: Path, rng: random.Random, scale: float) -> list[Example]:
    """Return the questions written for this purpose, and smaller shares of all other kinds.

    The others are SQuAD's new paragraphs, stories, and what the reader has learned before.
    """
    embedder = load_embedder(BUNDLED_MODEL)
    texts = read_written(data, lambda said: embedder.embed(list(said)))
    written = list(asked_examples(texts, rng))
    new = load_set(data / "squad_sample", read_sources(data / "squad_sample"))
    stories = load_set(data / "fairytale", read_sources(data / "fairytale"))
    near = corrupt_questions(new, round(500 * scale), rng)
    near += misplace(new, round(300 * scale), rng) + without_answer(new, round(200 * scale), rng)
    chosen = [*rng.sample(new, round(1_500 * scale)), *rng.sample(stories, round(1_500 * scale))]
    examples = [with_header(one, source.title, rng) for one, source in chosen + near]
    before = mixture(data, rng, 0.2)
    return written + examples + rng.sample(before, round(3_600 * scale))


def retrieved_mixture(data: Path, rng: random.Random, scale: float) -> list[Example]:
    """Return what the program retrieves for written questions, and a share of the other kinds."""
    examples = list(retrieved_examples(read_stories(held_out=False), 2, rng))
    examples += retrieved_examples(read_releases(data, held_out=False), 2, rng)
    single = read_single(data)
    asked = tuple(rng.sample(single.questions, round(_SINGLE * scale * len(single.questions))))
    examples += retrieved_examples(Texts(single.articles, asked), 1, rng)
    return examples + rng.sample(written_mixture(data, rng, 0.3), round(1_500 * scale))


def features_of(example: Example, tokenizer: Tokenizer, rng: random.Random) -> list[Feature]:
    """Return a window of an example: one with the answer, or any if there is no answer."""
    first = tokenizer.encode(example.question, example.context)
    windows = [first, *first.overflowing]
    answering = [f for w in windows if (f := _feature(w, example.span)).targets[0] != NO_SPAN]
    if answering:
        return [rng.choice(answering)]
    if example.span:
        return []  # no window has the whole answer
    return [_feature(rng.choice(windows), None)]


def _feature(window: Encoding, span: tuple[int, int] | None) -> Feature:
    start = end = NO_SPAN
    if span is not None:
        inside = [
            i
            for i, (part, (a, b)) in enumerate(
                zip(window.sequence_ids, window.offsets, strict=True)
            )
            if part == 1 and a < span[1] and b > span[0]
        ]
        # Both ends must be seen, else the window holds a part of the answer only.
        if (
            inside
            and window.offsets[inside[0]][0] <= span[0] + 1
            and (window.offsets[inside[-1]][1] >= span[1] - 1)
        ):
            start, end = inside[0], inside[-1]
    context = [i for i, part in enumerate(window.sequence_ids) if part == 1]
    types = list(window.type_ids)
    return Feature(list(window.ids), types, (start, end, context[0], context[-1] + 1))


def loss_of(network: PairNetwork, batch: Batch, features: Sequence[Feature]) -> Tensor:
    """Return the mean of three losses: where it starts, where it ends, whether it answers."""
    hidden = network.encode(batch)
    tokens, pairs = network.heads(hidden)
    assert tokens is not None
    targets = torch.tensor([f.targets for f in features], dtype=torch.long)
    places = torch.arange(tokens.shape[1])[None]
    allowed = (places >= targets[:, 2:3]) & (places < targets[:, 3:4]) | (places == NO_SPAN)
    tokens = tokens.masked_fill(~allowed[..., None], -1e4)
    logs = log_softmax(tokens, dim=1)
    rows = torch.arange(len(features))
    located = -(logs[rows, targets[:, 0], 0] + logs[rows, targets[:, 1], 1]).mean() / 2
    answers = (targets[:, 0] != NO_SPAN).float()
    learned = located + 0.5 * binary_cross_entropy_with_logits(pairs[:, 0], answers)
    taught = [row for row, f in enumerate(features) if f.taught is not None]
    if not taught:
        return learned
    matched = _taught_loss(logs, pairs, features, taught)
    if network.bridge is not None:
        matched = matched + _LAYER_WEIGHT * _layer_loss(network.bridge, hidden, features, taught)
    return learned + len(taught) / len(features) * matched


def _taught_loss(
    logs: Tensor, pairs: Tensor, features: Sequence[Feature], rows: Sequence[int]
) -> Tensor:
    """Return the distance from the teacher, of both ends and of whether the passage answers.

    Cross-entropy against the teacher's probabilities (Hinton et al. 2015, arXiv:1503.02531).
    """
    ends, answers = torch.zeros_like(logs[rows]), []
    for place, row in enumerate(rows):
        taught = features[row].taught
        assert taught is not None
        first, last = (int(edge) for edge in features[row].targets[2:4])
        sure = torch.softmax(torch.from_numpy(taught.ends).float(), dim=0)
        ends[place, NO_SPAN], ends[place, first:last] = sure[0], sure[1:]
        answers.append(taught.answers)
    located = -(ends * logs[rows]).sum(dim=1).mean()
    sure_answers = torch.sigmoid(torch.tensor(answers))
    return located + 0.5 * binary_cross_entropy_with_logits(pairs[rows, 0], sure_answers)


def _layer_loss(
    bridge: nn.Module, hidden: Tensor, features: Sequence[Feature], rows: Sequence[int]
) -> Tensor:
    """Return the mean squared difference between the mapped last layer and the teacher's.

    After TinyBERT's loss on hidden states (Jiao et al. 2020, arXiv:1909.10351), last layer only;
    each dimension is normalised, or the two that encode the place of the answer outweigh the rest.
    """
    batch, places, wanted = [], [], []
    for row in rows:
        taught = features[row].taught
        if taught is None or taught.hidden is None:
            continue
        first, last = (int(edge) for edge in features[row].targets[2:4])
        asked = len(taught.hidden) - 1 - (last - first)
        places += [0, *range(1, 1 + asked), *range(first, last)]
        batch += [row] * len(taught.hidden)
        wanted.append(torch.from_numpy(taught.hidden).float())
    if not wanted:
        return hidden.new_zeros(())
    mapped: Tensor = bridge(hidden[batch, places]).float()
    target = torch.cat(wanted)
    level = (target - target.mean(dim=0)) / (target.std(dim=0) + _LEAST_SPREAD)
    return (mapped - level).square().mean()


def with_teacher(
    examples: Sequence[Example], taught: Mapping[str, Taught], rng: random.Random
) -> list[Example]:
    """Return the labelled examples, those of kinds without labels, and some others.

    The others are at most a quarter as many as the labelled ones.
    """
    labelled = [e for e in examples if e.key in taught]
    without = [e for e in examples if e.key not in taught]
    others = [e for e in without if e.origin not in _UNTAUGHT]
    kept = rng.sample(others, min(len(others), len(labelled) // 4))
    return labelled + kept + [e for e in without if e.origin in _UNTAUGHT]


def fits(feature: Feature, taught: Taught | None) -> bool:
    """Return whether a label has the pieces of the feature: its context is in one window."""
    pieces = feature.targets[3] - feature.targets[2]
    return taught is not None and len(taught.ends) == 1 + pieces


def pair_tokenizer(base: Path) -> Tokenizer:
    """Return the encoder's tokenizer, which cuts long contexts into overlapping windows."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_PIECES, stride=STRIDE, strategy="only_second")
    tokenizer.no_padding()
    return tokenizer


_MIXTURES = {"public": mixture, "written": written_mixture, "retrieved": retrieved_mixture}


def main() -> None:
    """Train, or continue to train, and write the model."""
    parser = run_arguments(__doc__)
    parser.add_argument("--taught", type=Path, help="folder of labels that a teacher made")
    parser.add_argument("--scale", type=float, default=1.0, help="of the smaller sets' shares")
    parser.add_argument("--questions", choices=_MIXTURES, default="public")
    args = start_run(parser)
    tokenizer = pair_tokenizer(args.base)
    make = _MIXTURES[args.questions]
    examples = cached(
        args.work / "examples.pkl", lambda: make(args.data, random.Random(args.seed), args.scale)
    )
    counts = Counter((e.origin, "answers" if e.span else "does not answer") for e in examples)
    for (origin, kind), count in sorted(counts.items()):
        log.info("%6d %s %s", count, origin, kind)
    rng = random.Random(args.seed)
    taught = read_labels(args.taught) if args.taught else {}
    if taught:
        examples = with_teacher(examples, taught, rng)
    features = [
        replace(f, taught=taught.get(example.key) if fits(f, taught.get(example.key)) else None)
        for example in examples
        for f in features_of(example, tokenizer, rng)
    ]
    log.info("%d of %d with a teacher", sum(f.taught is not None for f in features), len(features))
    layers = (t.hidden.shape[1] for t in taught.values() if t.hidden is not None)
    network = PairNetwork(
        args.base, token_outputs=2, pair_outputs=1, rank=args.rank, teacher_width=next(layers, None)
    )
    run(network, features, loss_of, args, MAX_PIECES)


if __name__ == "__main__":
    main()
