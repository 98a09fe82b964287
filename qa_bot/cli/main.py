"""The command line: ``qa-bot build``, ``ask``, ``chat`` and the other commands.

Only JSON or text goes to stdout; messages go to stderr. Exit codes: 0 done or answered, 3 declined,
2 usage, 1 error. Each command imports the heavy modules that it needs.
"""

from __future__ import annotations

import argparse
import difflib
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from qa_bot import __version__
from qa_bot.cli import commands, following, watching
from qa_bot.cli.commands import ERROR, USAGE
from qa_bot.cli.output import say
from qa_bot.errors import ConfigError, QABotError
from qa_bot.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of the output, like head, has enough
        if "--debug" in given:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _SIGPIPE
    except KeyboardInterrupt:
        say("qa-bot: stopped; everything committed so far is kept.")
        return 130


def _run(given: list[str]) -> int:
    """Run one command; return its exit code, and say what was wrong with a call."""
    for warning in unknown_variables(os.environ):
        say(f"qa-bot: {warning}")
    plain = [word for word in given if word != "--debug"]
    if plain[:1] == ["eval"]:  # the harness has arguments of its own
        return _eval(plain[1:])
    arguments = parser().parse_args(given)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # the terminal may lack a letter
    try:
        settings = Settings.load(**{name: getattr(arguments, name, None) for name in _SETTINGS})
        command: Callable[[argparse.Namespace, Settings], int] = arguments.command
        return command(arguments, settings)
    except BrokenPipeError:
        raise
    except (QABotError, ValueError, OSError) as exc:
        if arguments.debug:
            raise
        say(f"qa-bot: {_described(exc)}")
        return USAGE if isinstance(exc, ValueError | ConfigError) else ERROR


def unknown_variables(names: Iterable[str]) -> list[str]:
    """Return a warning for each environment variable that looks like a setting and is none.

    >>> unknown_variables(["QA_BOT_READR", "QA_BOT_READER", "HOME"])
    ['QA_BOT_READR is no setting and changes nothing. Did you mean QA_BOT_READER?']
    """
    known = [f"{_PREFIX}{name.upper()}" for name in (*Settings.model_fields, *_NO_FIELDS)]
    warnings = []
    for name in sorted(names):
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=_SIMILAR)
            hint = f" Did you mean {near[0]}?" if near else ""
            warnings.append(f"{name} is no setting and changes nothing.{hint}")
    return warnings


_PREFIX = "QA_BOT_"
_NO_FIELDS = ("settings", "db_password")  # the settings file, and a variable of compose.yaml
_SIMILAR = 0.85  # 0..1, of two names with the prefix; chosen by hand
_SIGPIPE = 128 + 13  # the exit code of a program that this signal ended
_SETTINGS = ("index", "host", "port", "k", "embedder", "chunk_tokens", "workers")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="qa-bot", description="Ask a folder of news articles, get an answer you can check."
    )
    top.add_argument("--version", action="version", version=f"qa-bot {__version__}")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    group = top.add_subparsers(required=True, metavar="COMMAND")

    _index_commands(group)
    _asking_commands(group)
    _follow_command(group)
    _watch_command(group)
    group.add_parser("eval", add_help=False, help="ask a question set and measure the answers")
    chat = _command(group, "chat", commands.chat, "open the chat page")
    chat.add_argument(
        "--samples", action="store_true", help="build a missing index from the sample articles"
    )
    chat.add_argument("--host", help="address to listen on (127.0.0.1)")
    chat.add_argument("--port", type=int, help="port to listen on (7860)")
    _add_private(chat)
    return top


def _index_commands(group: Any) -> None:
    build = _command(
        group, "build", commands.build, "create or update an index from files and addresses"
    )
    _add_articles(build)
    build.add_argument("--prune", action="store_true", help="remove articles whose file is gone")
    _add_making(build)
    build.add_argument("--workers", type=int, help="processes that embed (1)")

    add = _command(group, "add", commands.build, "add files, folders or web addresses to an index")
    _add_articles(add)
    add.set_defaults(prune=False)

    remove = _command(group, "remove", commands.remove, "remove articles by id")
    remove.add_argument("ids", nargs="+", metavar="ID")

    listing = _command(group, "list", commands.list_articles, "list the articles of an index")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")

    doctor = _command(
        group, "doctor", commands.doctor, "say what is wrong with an index, and mend it"
    )
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended")
    _add_making(doctor)

    copied = _command(
        group, "copy", commands.copy, "copy an index, as a backup or to another place"
    )
    copied.add_argument(
        "--from", dest="source", metavar="PLACE", help="folder or database (the index)"
    )
    copied.add_argument("--to", dest="target", metavar="PLACE", required=True)


def _asking_commands(group: Any) -> None:
    ask = _command(group, "ask", commands.ask, "answer a question, or decline with a reason")
    ask.add_argument("question", nargs="?", help="the question, unless --batch is given")
    ask.add_argument("--as-of", metavar="DATE", help="use nothing published after this day")
    ask.add_argument("--receipt", type=Path, metavar="FILE", help="keep the answer's receipt")
    ask.add_argument(
        "--sign", type=Path, metavar="KEY", help="sign it with the Ed25519 key in this PEM file"
    )
    _add_narrowing(ask)

    search = _command(group, "search", commands.search, "show the passages found for a query")
    search.add_argument("question", nargs="?", metavar="query", help="unless --batch is given")
    _add_narrowing(search)

    checked = _command(
        group, "check", commands.check, "say whether the articles support a sentence"
    )
    checked.add_argument("question", nargs="?", metavar="SENTENCE", help="unless --batch is given")
    _add_narrowing(checked)

    verified = _command(
        group, "verify", commands.verify, "check a receipt against the articles of an index"
    )
    verified.add_argument("file", type=Path, metavar="RECEIPT")
    verified.add_argument(
        "--signed-by", metavar="FINGERPRINT", help="demand the signature of this key"
    )
    verified.add_argument("--json", action="store_true", help="print JSON")


def _follow_command(group: Any) -> None:
    follow = _command(group, "follow", following.follow, "ask a question again when articles come")
    follow.add_argument("question", nargs="?", help="without one, list the followed questions")
    action = follow.add_mutually_exclusive_group()
    action.add_argument("--stop", action="store_true", help="follow it no longer")
    action.add_argument("--check", action="store_true", help="ask all of them again now")
    action.add_argument("--changes", action="store_true", help="print the last changes, as JSON")
    follow.add_argument("--json", action="store_true", help="print JSON")


def _watch_command(group: Any) -> None:
    watch = _command(group, "watch", watching.watch, "read sources again and again")
    watch.add_argument(
        "sources", type=Path, metavar="SOURCES", help="a TOML or OPML file of addresses and folders"
    )
    watch.add_argument(
        "--every", metavar="TIME", type=_interval, help="time between two readings (15m)"
    )
    watch.add_argument("--once", action="store_true", help="read them once, for cron")
    watch.add_argument("--opml", action="store_true", help="print the addresses as OPML instead")
    _add_web(watch)


def _interval(text: str) -> timedelta:
    from qa_bot.watching import parse_interval

    try:
        return parse_interval(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _command(group: Any, name: str, run: Any, help_text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, help=help_text, description=help_text)
    command.add_argument("--index", metavar="DIR", help="index folder (QA_BOT_INDEX, index/store)")
    command.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    command.set_defaults(command=run, samples=False)
    return command


def _add_making(command: argparse.ArgumentParser) -> None:
    command.add_argument("--embedder", help="sentence-transformers model, by name or path")
    command.add_argument("--chunk-tokens", type=int, help="longest passage, in tiktoken tokens")


def _add_articles(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "articles", nargs="*", metavar="ARTICLES", help="files, folders, http or https addresses"
    )
    command.add_argument(
        "--addresses", type=Path, metavar="FILE", help="read these addresses too, one a line"
    )
    _add_web(command)


def _add_web(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--full", action="store_true", help="read the page of each entry of a feed"
    )
    command.add_argument(
        "--pages", type=Path, metavar="DIR", help="keep what is read there (INDEX-pages)"
    )
    _add_private(command)


def _add_private(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allow-private", action="store_true", help="read from private networks too"
    )


def _add_narrowing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--since", metavar="DATE", help="nothing published before this day")
    command.add_argument("--until", metavar="DATE", help="nothing published after this day")
    command.add_argument("--publisher", metavar="NAME", help="articles of this publisher only")
    command.add_argument("--article", action="append", metavar="ID", help="this article (repeat)")
    command.add_argument("-k", type=int, metavar="N", help="passages to retrieve (10)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--batch", type=Path, metavar="FILE", help="JSON lines in, JSON lines out")


def _described(error: Exception) -> str:
    """Return the message of an error; that of a file begins with its name."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _eval(given: list[str]) -> int:
    from qa_bot.evaluation import main as evaluate

    return evaluate(given)
