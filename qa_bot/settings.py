"""The settings: names, defaults, ranges, and where their values come from.

Order of precedence: arguments, then ``QA_BOT_<NAME>`` in the environment, then the TOML file named
by ``QA_BOT_SETTINGS`` (else ``./qa-bot.toml`` if it exists), then the defaults below. No other
module reads the environment or the file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self, cast, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from qa_bot.errors import ConfigError


def _knob(
    default: Any, doc: str, *, low: float | None = None, high: float | None = None,
    unit: str = "", secret: bool = False,
) -> Any:  # fmt: skip
    """Return a field with its documentation and range."""
    shown: JsonDict = {"range": "" if low is None else f"{low}..{high}", "unit": unit}
    return Field(
        default, description=doc, ge=low, le=high, repr=not secret, json_schema_extra=shown
    )


def _unset(once: str) -> BeforeValidator:
    """Return a validator that reads "auto", and the pattern that once meant it, as None."""
    meant = re.compile(rf"\s*(?:auto|{once})?\s*")
    return BeforeValidator(lambda value: None if meant.fullmatch(str(value)) else value)


_Place = Annotated[str, BeforeValidator(str)]


class Settings(BaseModel):
    """Every setting, with its default; a value outside its range raises ConfigError.

    ``Settings(...)`` reads neither the environment nor the settings file; ``Settings.load`` does.
    A setting that is None follows the index or the reader; the environment and the settings file
    write it ``auto``.
    """

    model_config = ConfigDict(
        frozen=True,
        allow_inf_nan=False,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
    )

    index: _Place = _knob("index/store", "folder of the index")
    embedder: _Place = _knob(
        "all-MiniLM-L6-v2", "sentence-transformers model, by name, hub name or path"
    )
    chunk_tokens: Annotated[int | None, _unset("0")] = _knob(
        None,
        "longest passage; auto is what the index has, 200 for a new one",
        low=1,
        high=4000,
        unit="tiktoken tokens",
    )
    chunk_overlap: Annotated[int | None, _unset("-1")] = _knob(
        None,
        "sentences shared by neighbours; auto is what the index has, 1 for a new one",
        low=0,
        high=5,
        unit="sentences",
    )
    workers: int = _knob(
        1, "processes that embed; above 1 for building large indexes", low=1, high=1024
    )
    ray: str = _knob(
        "", "Ray cluster whose workers embed: its address, auto, or local; empty: this machine"
    )
    store: str = _knob(
        "",
        "address of a PostgreSQL database that many machines share, like "
        "postgresql+psycopg://user:password@host/name; empty: a file in the index folder",
        secret=True,
    )
    vectors: Literal["faiss", "milvus"] = _knob(
        "faiss", "where vectors are searched: faiss (in each process) or milvus"
    )
    milvus_uri: str = _knob(
        "", "address of a Milvus server; empty: a file in the index folder, for one process"
    )
    milvus_token: str = _knob("", "its user:password or key", secret=True)
    vector_search: Literal["auto", "exact", "ivf"] = _knob(
        "auto",
        "vectors on this machine: exact, ivf (8 bits a number, some lists of an inverted file), "
        "or auto (exact up to 100,000 passages, then ivf)",
    )
    reader: Literal["auto", "large", "small", "none"] = _knob(
        "auto",
        "models that read and judge: large (needs the extra of that name), small, auto (large "
        "if installed), or none (reads by similarity and shared terms, judges with small)",
    )
    k: int = _knob(10, "passages retrieved for a question", low=1, high=200, unit="passages")
    hits_read: int = _knob(8, "passages read for evidence", low=1, high=100, unit="passages")
    dense_weight: float = _knob(
        0.75, "weight of the embedding against BM25 when the two are fused", low=0.0, high=1.0
    )
    answer_threshold: Annotated[float | None, _unset(r"-[\d.]+")] = _knob(
        None,
        "probability of the best evidence below which an answer is declined; auto: what suits "
        "the reader best (small 0.12, large 0.55, none 0.28)",
        low=0.0,
        high=1.0,
    )
    max_sentences: int = _knob(3, "sentences quoted in an answer", low=1, high=10, unit="sentences")
    llm_base_url: str = _knob("", "address of an OpenAI-compatible model, ending in /v1")
    llm_model: str = _knob("", "its name; empty: answers are the articles' own sentences")
    llm_local: _Place = _knob(
        "", "model run on this machine instead: smollm2, or the path of a .gguf file"
    )
    llm_api_key: str = _knob("", "its key, if it asks for one", secret=True)
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
        0.65, "probability of support below which a written sentence is not shown", low=0, high=1
    )
    unsupported: Literal["withhold", "mark"] = _knob(
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
    uploads: Literal["session", "shared", "off"] = _knob(
        "session",
        "articles added on the page: session (only that browser sees them), shared (everyone) "
        "or off",
    )
    upload_mb: float = _knob(5.0, "largest file added on the page", low=0.001, high=200, unit="MB")
    upload_files: int = _knob(
        200, "files that one browser may add", low=1, high=100_000, unit="files"
    )
    password: str = _knob("", "asked for by the page and the API; empty: no login", secret=True)
    logs: Literal["auto", "json", "off"] = _knob(
        "auto", "log lines of the service, in JSON: auto (not on a terminal), json, off"
    )
    host: str = _knob("127.0.0.1", "address that the chat page listens on")
    port: int = _knob(7860, "port of the chat page", low=0, high=65535)

    @model_validator(mode="before")
    @classmethod
    def _check_names(cls, values: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(values.keys() - cls.model_fields.keys()):
            message = (
                f"There is no setting {unknown[0]!r}. Settings: {', '.join(cls.model_fields)}."
            )
            raise ConfigError(unknown[0], message)
        return values

    @field_validator("*", mode="wrap")
    @classmethod
    def _check_value(
        cls, value: Any, validate: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        try:
            return validate(value)
        except ValidationError as exc:
            raise _config_error(str(info.field_name), value, exc) from exc

    @classmethod
    def load(cls, **arguments: Any) -> Self:
        """Return the settings in force; an argument that is None counts as not given.

        Raises:
            ConfigError: a value is out of range or of the wrong kind, a name is unknown, or the
                settings file cannot be read.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        return cls(**_file_and_environment() | given)

    def with_changes(self, **changes: Any) -> Self:
        """Return these settings with some changed, checked like new ones."""
        return type(self)(**self.model_dump() | changes)


class SettingRow(NamedTuple):
    """A setting as documentation shows it; every part is text."""

    name: str
    kind: str
    default: str
    doc: str
    range: str
    unit: str


def settings_table() -> list[SettingRow]:
    """Return a row for each setting, in the order of their definition.

    >>> settings_table()[-1]
    SettingRow(name='port', kind='whole number', default='7860', doc='port of the chat page', \
range='0..65535', unit='')
    """
    return [
        SettingRow(
            name=name,
            kind=" or ".join(_choices(field)) or _kind(field),
            default="auto" if field.default is None else str(field.default),
            doc=field.description or "",
            **_shown(field),
        )
        for name, field in Settings.model_fields.items()
    ]


def secret_names() -> set[str]:
    """Return the names of the settings that are never shown."""
    return {name for name, field in Settings.model_fields.items() if not field.repr}


def _file_and_environment() -> dict[str, Any]:
    """Return the values in the environment, and those in the file for the other settings."""
    # The import takes longer than that of the rest of qa_bot.
    from pydantic_settings import BaseSettings, EnvSettingsSource, TomlConfigSettingsSource

    sources = cast(type[BaseSettings], Settings)  # only its fields matter
    named = os.environ.get("QA_BOT_SETTINGS")
    path = Path(named or "qa-bot.toml")
    try:
        path = path.expanduser()
    except RuntimeError as exc:  # ~ of nobody
        raise _file_error(path, str(exc)) from exc
    if named and not path.is_file():
        raise _file_error(path, "there is no such file")
    try:
        from_file = TomlConfigSettingsSource(sources, path)()
    except (OSError, ValueError) as exc:
        raise _file_error(path, str(exc)) from exc
    return from_file | EnvSettingsSource(sources, env_prefix="QA_BOT_", env_ignore_empty=True)()


def _file_error(path: Path, reason: str) -> ConfigError:
    return ConfigError(
        "settings", f"The settings file {path} cannot be read ({reason}). Mend or remove it."
    )


def _config_error(name: str, value: Any, exc: ValidationError) -> ConfigError:
    """Return the fault as one sentence with the value and one with the remedy."""
    field, fault = Settings.model_fields[name], exc.errors(include_url=False)[0]["type"]
    shown = repr(value) if field.repr else "hidden"
    if choices := _choices(field):
        return ConfigError(name, f"The setting {name} is {shown}. Use {' or '.join(choices)}.")
    if fault in ("greater_than_equal", "less_than_equal", "finite_number"):
        number = value if _kind(field) == "whole number" else float(value)
        room = "{range} {unit}".format(**_shown(field)).strip()
        return ConfigError(name, f"The setting {name} is {number}, outside {room}. Correct it.")
    article = "" if _kind(field) == "text" else "a "
    return ConfigError(
        name, f"The setting {name} is {shown}, which is not {article}{_kind(field)}. Correct it."
    )


def _kind(field: FieldInfo) -> str:
    kinds = get_args(field.annotation) or (field.annotation,)
    return "whole number" if int in kinds else "number" if float in kinds else "text"


def _choices(field: FieldInfo) -> tuple[str, ...]:
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


def _shown(field: FieldInfo) -> dict[str, str]:
    """Return the range and the unit of a field."""
    return cast(dict[str, str], field.json_schema_extra)
