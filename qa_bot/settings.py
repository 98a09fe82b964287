"""Environment, settings file and arguments → ``Settings``; nothing else reads either.

Order of precedence: arguments, then ``QA_BOT_<NAME>`` in the environment, then the TOML file named
by ``QA_BOT_SETTINGS`` (else ``./qa-bot.toml`` when there is one), then the defaults below.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from qa_bot.errors import ConfigError


def _knob(
    default: Any, doc: str, *, low: float | None = None, high: float | None = None, unit: str = ""
) -> Any:
    """Return a dataclass field that carries its own documentation and range."""
    return field(default=default, metadata=_meta(doc, low, high, unit))


def _meta(
    doc: str, low: float | None = None, high: float | None = None, unit: str = ""
) -> dict[str, Any]:
    return {"doc": doc, "low": low, "high": high, "unit": unit}


@dataclass(frozen=True, slots=True)
class Settings:
    """Every knob, with its default; values outside the range raise ConfigError."""

    index: str = _knob("index/store", "folder of the index")
    embedder: str = _knob(
        "all-MiniLM-L6-v2", "sentence-transformers model, by name, hub name or path"
    )
    chunk_tokens: int = _knob(
        0,
        "longest passage; 0 is what the index has, 200 for a new one",
        low=0,
        high=4000,
        unit="tiktoken tokens",
    )
    chunk_overlap: int = _knob(
        -1,
        "sentences shared by neighbours; -1 is what the index has, 1 for a new one",
        low=-1,
        high=5,
        unit="sentences",
    )
    workers: int = _knob(
        1, "processes that embed; above 1 for building large indexes", low=1, high=1024
    )
    ray: str = _knob(
        "", "Ray cluster whose workers embed: its address, auto, or local; empty: this machine"
    )
    store: str = field(
        default="",
        repr=False,
        metadata=_meta(
            "address of a PostgreSQL database that many machines share, like "
            "postgresql+psycopg://user:password@host/name; empty: a file in the index folder"
        ),
    )
    vectors: str = _knob("faiss", "where vectors are searched: faiss (in each process) or milvus")
    milvus_uri: str = _knob(
        "", "address of a Milvus server; empty: a file in the index folder, for one process"
    )
    milvus_token: str = field(default="", repr=False, metadata=_meta("its user:password or key"))
    vector_search: str = _knob(
        "auto",
        "vectors on this machine: exact, ivf (8 bits a number, some lists of an inverted file), "
        "or auto (exact up to 100,000 passages, then ivf)",
    )
    reader: str = _knob(
        "small",
        "small or large (trained by us, shipped; large needs the extra of that name), or none "
        "(term overlap and similarity)",
    )
    k: int = _knob(10, "passages retrieved for a question", low=1, high=200, unit="passages")
    hits_read: int = _knob(8, "passages read for evidence", low=1, high=100, unit="passages")
    dense_weight: float = _knob(
        0.75, "weight of the embedding against BM25 when the two are fused", low=0.0, high=1.0
    )
    answer_threshold: float = _knob(
        -1.0,
        "probability of the best evidence below which an answer is declined; below 0: what suits "
        "the reader best (small 0.12, large 0.15, none 0.28)",
        low=-1.0,
        high=1.0,
    )
    max_sentences: int = _knob(3, "sentences quoted in an answer", low=1, high=10, unit="sentences")
    llm_base_url: str = _knob("", "address of an OpenAI-compatible model, ending in /v1")
    llm_model: str = _knob("", "its name; empty: answers are the articles' own sentences")
    llm_local: str = _knob(
        "", "model run on this machine instead: smollm2, or the path of a .gguf file"
    )
    llm_api_key: str = field(default="", repr=False, metadata=_meta("its key, if it asks for one"))
    llm_timeout_s: float = _knob(
        30.0, "time for one reply, all tries together", low=0.5, high=600, unit="seconds"
    )
    llm_retries: int = _knob(2, "further tries after 429 or 5xx", low=0, high=10, unit="tries")
    llm_prompt_tokens: int = _knob(
        1300, "longest prompt", low=200, high=200_000, unit="cl100k_base tokens"
    )
    llm_answer_tokens: int = _knob(
        200, "longest reply", low=20, high=10_000, unit="tokens of the model"
    )
    support_threshold: float = _knob(
        0.7, "probability of support below which a written sentence is not shown", low=0, high=1
    )
    unsupported: str = _knob(
        "withhold", "written sentences that nothing supports: withhold, or mark and show"
    )
    max_file_mb: float = _knob(
        20.0, "largest article file, and longest JSONL line", low=0.001, high=2000, unit="MB"
    )
    max_question_chars: int = _knob(
        2000, "longest question", low=10, high=100_000, unit="characters"
    )
    pdf_seconds: float = _knob(30.0, "time to read one PDF", low=1, high=3600, unit="seconds")
    lock_wait_s: float = _knob(
        10.0, "wait for another writer of the index", low=0, high=3600, unit="seconds"
    )
    uploads: str = _knob(
        "session",
        "articles added on the page: session (only that browser sees them), shared (everyone) "
        "or off",
    )
    upload_mb: float = _knob(5.0, "largest file added on the page", low=0.001, high=200, unit="MB")
    upload_files: int = _knob(
        200, "files that one browser may add", low=1, high=100_000, unit="files"
    )
    password: str = field(
        default="", repr=False, metadata=_meta("asked for by the page and the API; empty: no login")
    )
    logs: str = _knob(
        "auto", "log lines of the service, in JSON: auto (not on a terminal), json, off"
    )
    host: str = _knob("127.0.0.1", "address that the chat page listens on")
    port: int = _knob(7860, "port of the chat page", low=0, high=65535)

    def __post_init__(self) -> None:
        """Check every value against its type and range."""
        for knob in fields(self):
            _check(knob, getattr(self, knob.name))
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ConfigError(
                    name,
                    f"The setting {name} is {getattr(self, name)!r}. Use {' or '.join(allowed)}.",
                )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **arguments: Any) -> Self:
        """Return the settings in force; arguments that are None count as not given.

        Raises:
            ConfigError: a value is out of range or of the wrong kind, or a name is unknown.
        """
        environ = os.environ if environ is None else environ
        given = _from_file(environ) | _from_environment(environ)
        given |= {name: value for name, value in arguments.items() if value is not None}
        unknown = sorted(given.keys() - {knob.name for knob in fields(cls)})
        if unknown:
            raise ConfigError(
                unknown[0],
                f"There is no setting {unknown[0]!r}. Settings: {', '.join(settings_names())}.",
            )
        return cls(**{name: _convert(cls, name, value) for name, value in given.items()})


_CHOICES = {
    "uploads": ("session", "shared", "off"),
    "unsupported": ("withhold", "mark"),
    "logs": ("auto", "json", "off"),
    "vectors": ("faiss", "milvus"),
    "vector_search": ("auto", "exact", "ivf"),
}


def settings_names() -> list[str]:
    """Return the names of all settings."""
    return [knob.name for knob in fields(Settings)]


def _from_file(environ: Mapping[str, str]) -> dict[str, Any]:
    named = environ.get("QA_BOT_SETTINGS")
    path = Path(named or "qa-bot.toml")
    if not named and not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ConfigError(
            "settings", f"The settings file {path} cannot be read ({exc}). Mend or remove it."
        ) from exc


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {f"QA_BOT_{name.upper()}": name for name in settings_names()}
    return {names[key]: value for key, value in environ.items() if key in names and value}


def _convert(cls: type, name: str, value: Any) -> Any:
    """Return the value as the type of the setting's default."""
    default: Any = next(knob.default for knob in fields(cls) if knob.name == name)
    kind: type = type(default)
    try:
        return kind(value)
    except (TypeError, ValueError) as exc:
        raise ConfigError(
            name, f"The setting {name} is {value!r}, which is not {_article(kind)}. Correct it."
        ) from exc


def _article(kind: type) -> str:
    return {int: "a whole number", float: "a number"}.get(kind, "text")


def _check(knob: Field[Any], value: Any) -> None:
    low, high, unit = (knob.metadata[key] for key in ("low", "high", "unit"))
    if low is not None and not low <= value <= high:
        raise ConfigError(
            knob.name,
            f"The setting {knob.name} is {value}, outside {low}..{high} {unit}".rstrip()
            + ". Correct it.",
        )
