"""Messages → the words of a language model as they come; any endpoint of the OpenAI form.

It knows nothing of passages or of what is true.
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
CUT_OFF = " …"  # stands at the end of a reply that was not allowed to go on
_AGAIN = (408, 409, 429, 500, 502, 503, 504)


class Generator(Protocol):
    """Writes text.

    Attributes:
        name: of the model, as answers call it.
    """

    name: str

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply in pieces; closing the iterator ends the call.

        Raises:
            GeneratorError: it refused, failed, or sent what is not a reply.
            GeneratorTimeoutError: the time was over.
        """
        ...


class OpenAIGenerator:
    """Any endpoint of the OpenAI form, through the official client."""

    def __init__(self, settings: Settings, base_url: str, model: str) -> None:
        """Call a model at an endpoint; nothing is called yet."""
        import openai

        self.name = model
        self._timeout_s = settings.llm_timeout_s
        self._retries = settings.llm_retries
        self._tokens = settings.llm_answer_tokens
        self._openai = openai
        self._client = openai.OpenAI(
            base_url=base_url or None,
            api_key=settings.llm_api_key or "none",
            max_retries=0,  # ours, below, keep to one time limit for all tries
        )

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply in pieces, after another try where the first was refused for now."""
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
        told: Any = [*messages]
        finished = False
        with (
            self._translated(deadline),
            self._client.chat.completions.create(
                model=self.name,
                messages=told,
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
    def _translated(self, deadline: float) -> Iterator[None]:
        """Turn whatever goes wrong into our errors, which hold neither reply nor key."""
        openai = self._openai
        try:
            yield
        except GeneratorError:
            raise
        except openai.APITimeoutError as exc:
            raise GeneratorTimeoutError(self._timeout_s) from exc
        except openai.APIStatusError as exc:
            passing = exc.status_code in _AGAIN
            after = exc.response.headers.get("retry-after", "")
            wait_s = float(after) if after.replace(".", "", 1).isdigit() else None
            raise GeneratorError(exc.status_code, passing=passing, wait_s=wait_s) from None
        except openai.APIConnectionError as exc:
            raise GeneratorError(None, passing=True) from exc
        except Exception as exc:  # what an endpoint can send, and what then breaks, has no end
            if time.monotonic() >= deadline:
                raise GeneratorTimeoutError(self._timeout_s) from exc
            raise GeneratorError(None, passing=False) from exc


def load_generator(settings: Settings) -> Generator | None:
    """Return the model that the settings name; None where they name none.

    Raises:
        ModelError: it is to run on this machine, and cannot.
    """
    if settings.llm_local:
        room = 2 * settings.llm_prompt_tokens + settings.llm_answer_tokens
        return OpenAIGenerator(settings, *local_model(settings.llm_local, room))
    if not settings.llm_model:
        return None
    return OpenAIGenerator(settings, settings.llm_base_url, settings.llm_model)


def _piece(chunk: Any) -> tuple[str, bool]:
    """Return the text of a chunk, and whether the reply ends with it.

    A reply that ends because it is too long ends with ``CUT_OFF``.
    """
    choices = getattr(chunk, "choices", None)
    if not choices:
        return "", False
    delta = getattr(choices[0], "delta", None)
    content = getattr(delta, "content", None)
    text, finish = content if isinstance(content, str) else "", choices[0].finish_reason
    return text + (CUT_OFF if finish == "length" else ""), bool(finish)


def _wait(attempt: int, asked_s: float | None) -> float:
    """Return how long to wait before the next try: as asked, else longer each time."""
    if asked_s is not None:
        return asked_s
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0**attempt) * random.uniform(0.75, 1.25)
