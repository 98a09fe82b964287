"""The errors that qa-bot raises on purpose.

::

    QABotError                                         catch this to catch them all
    ├─ ConfigError                 .setting            value out of range, or unknown
    ├─ CorpusError                 .path .line         unreadable or invalid article
    ├─ IndexStoreError             .path
    │  ├─ IndexMissingError                            no index there; names the build command
    │  ├─ IndexBusyError                               another writer is at work
    │  ├─ IndexMismatchError       .expected .found    other embedder, dim, chunking, format
    │  └─ IndexCorruptError                            counts or checksums disagree
    ├─ TemplateError            .template .missing .unknown
    └─ ModelError
       ├─ EmbedderError                                model not found or failed
       └─ GeneratorError        .status             refused, failed, or sent no reply
          └─ GeneratorTimeoutError .timeout_s

A message has one sentence with the offending value and one with the remedy. Invalid arguments
(``k < 1``) raise ``ValueError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class QABotError(Exception):
    """Base of every error that qa-bot raises on purpose."""


class ConfigError(QABotError):
    """A setting has an invalid value."""

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(message)
        self.setting = setting


class CorpusError(QABotError):
    """An article or its file is not readable."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        place = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{place}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class IndexStoreError(QABotError):
    """Something is wrong with the index: its folder, or its database (without the password)."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(message)
        self.path = path


class IndexMissingError(IndexStoreError):
    """There is no index in the folder, or in the database."""

    def __init__(self, path: Path | str) -> None:
        named = f" --index {path}" if isinstance(path, Path) else ""
        super().__init__(
            path, f"There is no index at {path}. Build one with: qa-bot build ARTICLES{named}"
        )


class IndexBusyError(IndexStoreError):
    """Another process or thread is writing to the index."""


class IndexMismatchError(IndexStoreError):
    """The index was built with another embedder or setting than the current one."""

    def __init__(
        self, path: Path | str, what: str, expected: object, found: object, remedy: str
    ) -> None:
        super().__init__(
            path, f"The index at {path} was built with {what} {expected}, not {found}. {remedy}"
        )
        self.expected = expected
        self.found = found


class IndexCorruptError(IndexStoreError):
    """Checksums, counts or references inside the index disagree."""


class ModelError(QABotError):
    """A model is missing or failed."""


class EmbedderError(ModelError):
    """The embedding model is missing or failed."""


class TemplateError(QABotError):
    """A prompt template does not match its variables."""

    def __init__(self, template: str, missing: Sequence[str], unknown: Sequence[str]) -> None:
        lacks = f"lacks {', '.join(missing)}" if missing else ""
        extra = f"does not know {', '.join(unknown)}" if unknown else ""
        fault = " and ".join(filter(None, (lacks, extra)))
        super().__init__(
            f"The prompt template {template} {fault}. Mend it or install qa-bot again."
        )
        self.template = template
        self.missing = tuple(missing)
        self.unknown = tuple(unknown)


class GeneratorError(ModelError):
    """The language model refused, failed, or sent no complete reply.

    The message contains neither the reply nor the API key.
    """

    def __init__(
        self, status: int | None, *, passing: bool = False, wait_s: float | None = None
    ) -> None:
        why = f"answered with status {status}" if status else "did not give a whole reply"
        super().__init__(f"The language model {why}. Check that it runs and its settings.")
        self.status = status
        self.passing = passing
        self.wait_s = wait_s


class GeneratorTimeoutError(GeneratorError):
    """The language model did not reply in time."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(None)
        self.args = (f"The language model did not reply within {timeout_s:g} s.",)
        self.timeout_s = timeout_s
