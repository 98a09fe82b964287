"""Follow questions, and say what changed in their answers when articles came."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa_bot.cli.output import say, show
from qa_bot.errors import QABotError
from qa_bot.export import to_json
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.answer import Answer
    from qa_bot.bot import QABot
    from qa_bot.following import Change, FollowedQuestions


def follow(arguments: argparse.Namespace, settings: Settings) -> int:
    """Follow a question, or stop; without a question, list those that are followed."""
    from qa_bot.following import FollowedQuestions

    followed = FollowedQuestions(Path(settings.index))
    question = (arguments.question or "").strip()
    if arguments.stop and not question:
        raise ValueError("--stop needs the question (qa-bot follow lists them)")
    if question and (arguments.check or arguments.changes):
        raise ValueError("--check and --changes are about all followed questions: give none")
    if arguments.check:
        _check(followed, settings, arguments.json)
    elif arguments.changes:
        show(*(change.model_dump_json() for change in followed.changes()))
    elif not question:
        for one in followed.all():
            shown = (
                one.model_dump_json() if arguments.json else f"{one.question}  {one.answer.gist}"
            )
            show(shown)
    elif arguments.stop:
        if not followed.stop(question):
            raise ValueError(f"{question!r} is not followed (qa-bot follow lists the questions)")
        say(f"{question!r} is followed no longer")
    else:
        answer = followed.follow(question, _opened(settings).ask)
        show(to_json(answer.model_dump()) if arguments.json else answer.gist)
        say("followed: qa-bot says so when an answer changes after build, add or remove")
    return 0


def ask_again(bot: QABot, index: str) -> list[Change]:
    """Ask the followed questions of an index again; say and return what changed.

    What is wrong with them is said, and never ends the command that changed the index.
    """
    from qa_bot.cli.progress import waiting
    from qa_bot.following import FollowedQuestions

    followed = FollowedQuestions(Path(index))
    try:
        if not followed.all():
            return []
        with waiting("Asking the followed questions again…"):
            changes = followed.ask_again(partial(_ask_or_say, bot), bot.state)
    except (QABotError, OSError) as exc:
        say(f"the followed questions were not asked: {exc}")
        return []
    for change in changes:
        say(f"changed: {change}")
    return changes


def _check(followed: FollowedQuestions, settings: Settings, as_json: bool) -> None:
    for change in followed.ask_again(partial(_ask_or_say, _opened(settings))):
        show(change.model_dump_json() if as_json else str(change))


def _ask_or_say(bot: QABot, question: str) -> Answer | None:
    """Return the answer; None for a question that cannot be asked, which is said."""
    try:
        return bot.ask(question)
    except (QABotError, ValueError) as exc:
        say(f"{question!r} was not asked: {exc}")
        return None


def _opened(settings: Settings) -> QABot:
    from qa_bot.bot import QABot
    from qa_bot.cli.progress import waiting

    with waiting("Loading the models and the index…"):
        return QABot.open(settings=settings)
