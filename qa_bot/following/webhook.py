"""Changes of followed answers, sent to an address of the user's."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from qa_bot.errors import QABotError
from qa_bot.following.changes import Change

_SECONDS = 10.0
_RETRIES = 2  # of a connection that fails


class WebhookError(QABotError):
    """The address did not take the changes."""


def post_changes(address: str, changes: Sequence[Change]) -> None:
    """Send changes as JSON, ``{"changes": [{"question", "before", "after"}, …]}``.

    Raises:
        WebhookError: the address cannot be reached, or answers with an error.
    """
    body = {"changes": [change.model_dump() for change in changes]}
    transport = httpx.HTTPTransport(retries=_RETRIES)
    try:
        with httpx.Client(transport=transport, timeout=_SECONDS) as client:
            client.post(address, json=body).raise_for_status()
    except httpx.HTTPStatusError as exc:
        raise WebhookError(f"the webhook answered {exc.response.status_code}") from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise WebhookError(f"the webhook cannot be reached ({type(exc).__name__})") from exc
