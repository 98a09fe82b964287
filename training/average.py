"""The mean of the weights of two models with a common start: often better than either.

``python -m training.average MODEL MODEL --out FOLDER`` (Wortsman et al. 2022, "Model soups",
arXiv:2203.05482). The config is the first one's, without its calibration.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def average(models: list[Path], out: Path) -> None:
    """Write the mean of models of the same shape.

    Raises:
        KeyError: a model lacks weights that the first one has.
    """
    first, *others = (load_file(model / "model.safetensors") for model in models)
    mean = {
        name: torch.stack([w.float(), *(other[name].float() for other in others)]).mean(dim=0)
        for name, w in first.items()
    }
    out.mkdir(parents=True, exist_ok=True)
    halves = {name: weight.to(torch.float16).contiguous() for name, weight in mean.items()}
    save_file(halves, out / "model.safetensors")
    config = json.loads((models[0] / "config.json").read_text(encoding="utf-8"))
    config.pop("calibration", None)
    text = json.dumps(config, indent=2, ensure_ascii=False)
    (out / "config.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Average the models that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    average(args.models, args.out)


if __name__ == "__main__":
    main()
