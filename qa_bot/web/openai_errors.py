"""Errors in the OpenAI form, which every reply with an error below ``/v1`` has."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse

_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class APIError(Exception):
    """A request that is refused.

    Attributes:
        status: the HTTP status.
        param: the field of the request that is at fault, if one is.
        code: a word for programs, if there is one.
    """

    def __init__(
        self, status: int, message: str, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.param, self.code = status, param, code


def error_body(
    status: int, message: str, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """Return the body of an error."""
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def openai_error(
    status: int, message: str, param: str | None = None, code: str | None = None
) -> JSONResponse:
    """Return a reply with an error."""
    return JSONResponse(error_body(status, message, param, code), status)
