"""The tools ``ask`` and ``search`` for language models, by the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from qa_bot import __version__
from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.web.concurrency import BusyError, Gate

Result = TypeVar("Result")

_INSTRUCTIONS = (
    "Answers questions from a collection of news articles. Every sentence is quoted or checked, "
    "with citations exact to the character; when the articles do not say, it declines and says why."
)


class StrictServer(MCPServer):
    """A server that refuses arguments that its tool does not have, rather than ignoring them."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Call a tool by its name.

        Raises:
            ToolError: there is no such tool or argument, or the call failed.
        """
        known = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        if unknown := sorted(set(arguments) - set(known.get(name, arguments))):
            raise ToolError(
                f"{name} has no argument {', '.join(map(repr, unknown))}; "
                f"it has {', '.join(known[name])}."
            )
        return await super().call_tool(name, arguments, context)


def tools_server(bot: QABot, gate: Gate) -> MCPServer:
    """Return the server with the two tools."""
    server = StrictServer(
        "qa-bot", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )

    @server.tool()
    async def ask(
        question: str,
        as_of: str | None = None,
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the news articles, with exact citations, or decline with a reason.

        Days are written like 2021-06-16; as_of leaves out everything published later.
        """
        call = partial(
            bot.ask, question, as_of=as_of, since=since, until=until, publisher=publisher
        )
        return (await _run(gate, call)).to_dict()

    @server.tool()
    async def search(
        query: str,
        k: int = 10,
        as_of: str | None = None,
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
    ) -> dict[str, Any]:
        """Return the k passages of the news articles that fit a query best."""
        filters = {"as_of": as_of, "since": since, "until": until, "publisher": publisher}
        hits = await _run(gate, partial(bot.search, query, k=k, **filters))
        return {"hits": [hit.to_dict() for hit in hits]}

    return server


async def _run(gate: Gate, call: Callable[[], Result]) -> Result:
    """Run a call and return its result; an error becomes one sentence for the model.

    Raises:
        ToolError: the question is invalid, the index cannot be read, or too many calls wait.
    """
    try:
        return await gate.run(call)
    except (QABotError, ValueError, BusyError) as exc:
        raise ToolError(str(exc)) from exc


def tools_app(server: MCPServer) -> Starlette:
    """Return the application that serves the protocol at ``/mcp``; the server checks the hosts."""
    without_host_check = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=1_000_000,
        transport_security=without_host_check,
    )
