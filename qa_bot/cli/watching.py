"""Read sources again and again, and say what came."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from qa_bot.cli.following import ask_again
from qa_bot.cli.output import say, say_some
from qa_bot.errors import QABotError
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.bot import QABot
    from qa_bot.following import Change
    from qa_bot.watching import Round, SourceList, SourceState


def watch(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read the sources that a file names, once or until the program is stopped."""
    from qa_bot.watching import Watcher, read_source_list, to_opml

    sources = read_source_list(arguments.sources)
    if arguments.every:
        sources = sources.read_every(arguments.every)
    if arguments.opml:
        sys.stdout.buffer.write(to_opml(sources))
        return 0
    from qa_bot.bot import QABot
    from qa_bot.cli.addresses import fetch_options, pages_folder
    from qa_bot.cli.progress import waiting

    with waiting("Loading the models and the index…"):
        bot = QABot.create(settings=settings)
    watcher = Watcher(
        bot, sources, pages_folder(arguments, settings), fetch_options(arguments, settings)
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's way to stop
    with watcher.held():
        if arguments.once:
            done = watcher.read_all()
            _report(done, bot, sources, settings)
            paused = [one for one in watcher.paused() if one not in done.read]
            say_some([f"paused until {_hour(one)}: {one.name}: {one.problem}" for one in paused])
            return int(bool(done.problems or paused))
        say(f"watching {len(sources.sources):,} sources for {settings.index}; stop it with Ctrl-C")
        for done in watcher.rounds(threading.Event()):
            _report(done, bot, sources, settings)
    return 0


def _hour(paused: SourceState) -> str:
    return f"{paused.due.astimezone():%H:%M}"


def _report(done: Round, bot: QABot, sources: SourceList, settings: Settings) -> None:
    """Say what a round brought, and what changed in the answers that are followed."""
    say_some([f"skipped: {problem}" for problem in done.problems])
    n_failed = done.n_failed
    if done.read and (done.n_articles or n_failed or not sys.stderr.isatty()):
        say(
            f"{datetime.now():%Y-%m-%d %H:%M} read {len(done.read):,} of {len(sources.sources):,} "
            f"sources: {done.n_articles:,} articles new or changed, {n_failed:,} sources failed"
        )
    if done.reports:
        _send(ask_again(bot, settings.index), sources.webhook)


def _send(changes: Sequence[Change], webhook: str | None) -> None:
    if not (changes and webhook):
        return
    from qa_bot.following import post_changes

    try:
        post_changes(webhook, changes)
    except QABotError as exc:
        say(f"{exc}; qa-bot follow --changes has what changed")
