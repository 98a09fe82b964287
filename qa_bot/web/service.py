"""The web server: it answers at once, and opens the page when models and articles are loaded."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from qa_bot.settings import Settings
from qa_bot.web.loopback import is_loopback
from qa_bot.web.opening import Opening

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from qa_bot.bot import QABot


def serve(load: Callable[[], QABot], settings: Settings, *, allow_private: bool = False) -> None:
    """Serve the chat page until the process is stopped; print its address.

    Args:
        load: returns the bot; it is called in a thread, while the server says that it is loading.
        settings: with host, port, password and the form of the logs.
        allow_private: whether the page may have addresses of private networks read.

    Raises:
        OSError: the address or the port cannot be used.
        QABotError: the bot could not be loaded, or another error of ``load``.
    """
    from qa_bot.web.connections import allow_many_connections

    host = settings.host
    listening = _listen(host, settings.port)
    shown = f"[{host}]" if ":" in host else host
    hosts = ("127.0.0.1", "localhost", "[::1]", shown) if is_loopback(host) else ("*",)
    server, opening = _server(load, settings, hosts, allow_private)
    allow_many_connections()
    port = listening.getsockname()[1]
    print(f"qa-bot is at http://{shown}:{port} (stop it with Ctrl-C)", file=sys.stderr, flush=True)
    if not is_loopback(host):
        print(_who_can_ask(settings), file=sys.stderr)
    server.run(sockets=[listening])
    if opening.error:
        raise opening.error


def _server(
    load: Callable[[], QABot], settings: Settings, hosts: tuple[str, ...], allow_private: bool
) -> tuple[uvicorn.Server, Opening]:
    """Return the server, and its application, which makes the real one in a thread."""
    import uvicorn

    from qa_bot.web.connections import LimitedProtocol

    def make() -> FastAPI:
        from qa_bot.web.metrics import write_logs
        from qa_bot.web.server import create_app

        app = create_app(load(), hosts, allow_private=allow_private)
        write_logs(settings.logs)
        return app

    def stop() -> None:
        server.should_exit = True

    opening = Opening(make, stop)
    config = uvicorn.Config(
        opening,
        http=LimitedProtocol,
        timeout_graceful_shutdown=15,
        timeout_keep_alive=30,
        server_header=False,
        log_level="warning",
    )

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            opening.give_up()
            super().handle_exit(sig, frame)

    server = Server(config)
    return server, opening


def _who_can_ask(settings: Settings) -> str:
    if settings.password:
        return "Anyone who can reach this machine and knows the password can ask."
    return (
        "Anyone who can reach this machine can ask: there is no login. "
        "Set one with QA_BOT_PASSWORD."
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as exc:
        listening.close()
        raise OSError(
            f"The address {host}:{port} cannot be used ({exc.strerror}). "
            f"Choose another with: qa-bot chat --port {port + 1 if port < 65535 else 7861}",
        ) from exc
    return listening
