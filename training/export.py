"""Write the model of a checkpoint before training ends.

``python -m training.export --base FOLDER --checkpoint FILE --out FOLDER --heads 2 1 [--rank 32]``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from training.network import PairNetwork, save
from training.reader import MAX_PIECES


def main() -> None:
    """Read a checkpoint and write its model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--heads", type=int, nargs=2, default=(2, 1), help="per piece, per pair")
    parser.add_argument("--rank", type=int)
    args = parser.parse_args()
    per_piece, per_pair = args.heads
    network = PairNetwork(args.base, per_piece, per_pair, args.rank)
    state = torch.load(args.checkpoint, weights_only=True)
    network.load_state_dict(state["learned"], strict=False)
    config = {"base": args.base.name, "rank": args.rank, "max_pieces": MAX_PIECES}
    save(network, args.out, config)
    print(f"step {state['step']} written to {args.out}")


if __name__ == "__main__":
    main()
