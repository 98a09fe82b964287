"""Changes of followed answers, sent to an address of the user's."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from qa_bot.errors import QABotError
from qa_bot.fetching import FetchError, GuardedTransport
from qa_bot.following.changes import Change

_SECONDS = 10.0  # for the whole reply


class WebhookError(QABotError):
    """The address did not take the changes."""


def post_changes(address: str, changes: Sequence[Change], seconds: float = _SECONDS) -> None:
    """Send changes as JSON, ``{"changes": [{"question", "before", "after"}, …]}``.

    Raises:
        WebhookError: the address cannot be reached, or answers with an error.
    """
    body = {"changes": [change.model_dump() for change in changes]}
    transport = GuardedTransport(allow_private=True, seconds=seconds)
    try:
        with (
            httpx.Client(transport=transport) as client,
            client.stream("POST", address, json=body) as reply,
        ):
            status = reply.status_code
    except FetchError as exc:
        raise WebhookError(f"the webhook {exc}") from exc
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
        raise WebhookError(f"the webhook cannot be reached ({type(exc).__name__})") from exc
    if not 200 <= status < 300:
        raise WebhookError(f"the webhook answered {status}")
