"""The web page, the HTTP API and the MCP server."""

from __future__ import annotations

from qa_bot.web.malloc import give_back_memory
from qa_bot.web.service import serve

__all__ = [
    "give_back_memory",
    "serve",
]
