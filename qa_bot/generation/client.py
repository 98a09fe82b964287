"""Stream the reply of a language model from any OpenAI-compatible endpoint.

The client knows nothing about passages and does not judge the reply.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from qa_bot.errors import GeneratorError, GeneratorTimeoutError
from qa_bot.generation.local_server import local_model
from qa_bot.settings import Settings

Message = dict[str, str]
_CONNECT_S = 5.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 8.0
CUT_OFF = " …"  # ends a reply that reached the token limit
_RETRIED_STATUSES = (408, 409, 429, 500, 502, 503, 504)


class Generator(Protocol):
    """A language model.

    Attributes:
        name: the model's name in answers.
    """

    name: str

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply in pieces; closing the iterator ends the call.

        Raises:
            GeneratorError: the model refused, failed, or sent no valid reply.
            GeneratorTimeoutError: the time limit passed.
        """
        ...


class OpenAIGenerator:
    """A model at an OpenAI-compatible endpoint, called through the official client."""

    def __init__(self, settings: Settings, base_url: str, model: str) -> None:
        """Create the client of a model at an endpoint; this sends no request."""
        import openai

        self.name = model
        self._timeout_s = settings.llm_timeout_s
        self._retries = settings.llm_retries
        self._tokens = settings.llm_answer_tokens
        self._openai = openai
        self._client = openai.OpenAI(
            base_url=base_url or None,
            api_key=settings.llm_api_key or "none",
            max_retries=0,  # ``stream`` retries, within one time limit for all attempts
        )

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply in pieces; retry after a temporary failure."""
        deadline = time.monotonic() + self._timeout_s
        for attempt in range(self._retries + 1):
            begun = False
            try:
                for piece in self._attempt(messages, deadline):
                    begun = True
                    yield piece
                return
            except GeneratorTimeoutError:
                raise
            except GeneratorError as exc:
                wait = _wait(attempt, exc.wait_s)
                over = time.monotonic() + wait >= deadline
                if begun or attempt == self._retries or not exc.passing or over:
                    raise
                time.sleep(wait)

    def _attempt(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        """Yield the reply of one call."""
        left = max(0.1, deadline - time.monotonic())
        sent: Any = [*messages]
        finished = False
        with (
            self._translate_errors(deadline),
            self._client.chat.completions.create(
                model=self.name,
                messages=sent,
                max_tokens=self._tokens,
                temperature=0,
                stream=True,
                timeout=self._openai.Timeout(left, connect=min(left, _CONNECT_S)),
            ) as chunks,
        ):
            for chunk in chunks:
                if time.monotonic() > deadline:
                    raise GeneratorTimeoutError(self._timeout_s)
                piece, ended = _piece(chunk)
                finished = finished or ended
                if piece:
                    yield piece
        if not finished:
            raise GeneratorError(None, passing=False)

    @contextmanager
    def _translate_errors(self, deadline: float) -> Iterator[None]:
        """Raise every failure as a ``GeneratorError``, which holds neither reply nor key."""
        openai = self._openai
        try:
            yield
        except GeneratorError:
            raise
        except openai.APITimeoutError as exc:
            raise GeneratorTimeoutError(self._timeout_s) from exc
        except openai.APIStatusError as exc:
            passing = exc.status_code in _RETRIED_STATUSES
            after = exc.response.headers.get("retry-after", "")
            wait_s = float(after) if after.replace(".", "", 1).isdigit() else None
            raise GeneratorError(exc.status_code, passing=passing, wait_s=wait_s) from None
        except openai.APIConnectionError as exc:
            raise GeneratorError(None, passing=True) from exc
        except Exception as exc:  # a malformed reply can make the client raise any error
            if time.monotonic() >= deadline:
                raise GeneratorTimeoutError(self._timeout_s) from exc
            raise GeneratorError(None, passing=False) from exc


def load_generator(settings: Settings) -> Generator | None:
    """Return the model that the settings name, or None if they name none.

    Raises:
        ModelError: the local model cannot run.
    """
    if settings.llm_local:
        room = 2 * settings.llm_prompt_tokens + settings.llm_answer_tokens
        return OpenAIGenerator(settings, *local_model(settings.llm_local, room))
    if not settings.llm_model:
        return None
    return OpenAIGenerator(settings, settings.llm_base_url, settings.llm_model)


def _piece(chunk: Any) -> tuple[str, bool]:
    """Return the text of a chunk, and whether the chunk ends the reply.

    If the reply reached the token limit, its text ends with ``CUT_OFF``.
    """
    choices = getattr(chunk, "choices", None)
    if not choices:
        return "", False
    delta = getattr(choices[0], "delta", None)
    content = getattr(delta, "content", None)
    text, finish = content if isinstance(content, str) else "", choices[0].finish_reason
    return text + (CUT_OFF if finish == "length" else ""), bool(finish)


def _wait(attempt: int, asked_s: float | None) -> float:
    """Return the seconds before the next attempt: as the server asked, else longer each time."""
    if asked_s is not None:
        return asked_s
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0**attempt) * random.uniform(0.75, 1.25)
