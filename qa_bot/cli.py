"""Arguments in, text or JSON out: ``qa-bot build``, ``ask``, ``chat`` and the rest of them.

JSON goes to stdout alone, messages to stderr. Exit codes: 0 done or answered, 3 declined, 2 usage,
1 error. Heavy modules are imported by the command that needs them.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_bot import __version__
from qa_bot.batches import (
    answer_record,
    hits_record,
    reply_to_all,
    to_json,
    verdict_record,
)
from qa_bot.errors import ConfigError, QABotError
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.bot import QABot
    from qa_bot.building import BuildReport
    from qa_bot.datatypes import Answer, Citation

ANSWERED, ERROR, USAGE, DECLINED = 0, 1, 2, 3
_SHOWN_PROBLEMS = 50


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["eval"]:  # the harness has arguments of its own
        return _eval(given[1:])
    arguments = parser().parse_args(given)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # never fail on a letter to be shown
    try:
        settings = Settings.load(**{name: getattr(arguments, name, None) for name in _SETTINGS})
        command: Callable[[argparse.Namespace, Settings], int] = arguments.command
        return command(arguments, settings)
    except (QABotError, ValueError, OSError) as exc:
        if arguments.debug:
            raise
        _say(f"qa-bot: {exc}")
        return USAGE if isinstance(exc, ValueError | ConfigError) else ERROR
    except KeyboardInterrupt:
        _say("qa-bot: stopped; everything committed so far is kept.")
        return 130


_SETTINGS = ("index", "host", "port", "k", "embedder", "chunk_tokens")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="qa-bot", description="Ask a folder of news articles, get an answer you can check."
    )
    top.add_argument("--version", action="version", version=f"qa-bot {__version__}")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    build = _command(commands, "build", _build, "create or update an index from files and folders")
    build.add_argument("articles", nargs="+", metavar="ARTICLES")
    build.add_argument("--prune", action="store_true", help="remove articles whose file is gone")
    build.add_argument("--embedder", help="sentence-transformers model, by name or path")
    build.add_argument("--chunk-tokens", type=int, help="longest passage, in tiktoken tokens")

    add = _command(commands, "add", _build, "add files or folders to an index")
    add.add_argument("articles", nargs="+", metavar="ARTICLES")
    add.set_defaults(prune=False)

    remove = _command(commands, "remove", _remove, "remove articles by id")
    remove.add_argument("ids", nargs="+", metavar="ID")

    listing = _command(commands, "list", _list, "list the articles of an index")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")

    doctor = _command(commands, "doctor", _doctor, "say what is wrong with an index, and mend it")
    doctor.add_argument("--repair", action="store_true", help="mend what can be mended")

    ask = _command(commands, "ask", _ask, "answer a question, or decline with a reason")
    ask.add_argument("question", nargs="?", help="the question, unless --batch is given")
    ask.add_argument("--as-of", metavar="DATE", help="use nothing published after this day")
    _add_narrowing(ask)

    search = _command(commands, "search", _search, "show the passages found for a query")
    search.add_argument("question", nargs="?", metavar="query", help="unless --batch is given")
    _add_narrowing(search)

    checked = _command(commands, "check", _check, "say whether the articles support a sentence")
    checked.add_argument("question", nargs="?", metavar="SENTENCE", help="unless --batch is given")
    _add_narrowing(checked)

    commands.add_parser("eval", add_help=False, help="ask a question set and measure the answers")

    chat = _command(commands, "chat", _chat, "open the chat page")
    chat.add_argument("--host", help="address to listen on (127.0.0.1)")
    chat.add_argument("--port", type=int, help="port to listen on (7860)")
    return top


def _command(commands: Any, name: str, run: Any, help_text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=help_text
    )
    command.add_argument("--index", metavar="DIR", help="index folder (QA_BOT_INDEX, index/store)")
    command.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    command.set_defaults(command=run)
    return command


def _add_narrowing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--since", metavar="DATE", help="nothing published before this day")
    command.add_argument("--until", metavar="DATE", help="nothing published after this day")
    command.add_argument("--publisher", metavar="NAME", help="articles of this publisher only")
    command.add_argument("--article", action="append", metavar="ID", help="this article (repeat)")
    command.add_argument("-k", type=int, metavar="N", help="passages to retrieve (10)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--batch", type=Path, metavar="FILE", help="JSON lines in, JSON lines out")


# Commands ------------------------------------------------------------------------------------


def _build(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa_bot.bot import QABot
    from qa_bot.progress import build_progress

    roots = [Path(root) for root in arguments.articles]
    for given, root in zip(arguments.articles, roots, strict=True):
        if not given or not root.exists():
            raise ValueError(f"{given!r} does not exist; name files or folders of articles")
    bot = QABot.create(settings=settings)
    with build_progress() as progress:
        report = bot.update(roots, prune=arguments.prune, progress=progress)
    return _report(report, settings.index)


def _report(report: BuildReport, index: str) -> int:
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        _say(f"{'skipped' if problem.skipped else 'note'}: {problem}")
    if len(report.problems) > _SHOWN_PROBLEMS:
        _say(f"… and {len(report.problems) - _SHOWN_PROBLEMS} more")
    if report.ignored:
        names = ", ".join(path.name for path in report.ignored[:5])
        _say(f"{len(report.ignored)} files of other kinds were not read: {names}")
    _say(
        f"committed generation {report.generation} of {index}: {report.n_articles:,} articles, "
        f"{report.n_passages:,} passages ({len(report.put):,} added or changed, "
        f"{len(report.removed):,} removed, {report.n_unchanged_files:,} files unchanged, "
        f"{report.n_skipped:,} skipped)"
    )
    return ERROR if report.n_skipped else ANSWERED


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa_bot.bot import QABot

    removed = QABot.open(settings=settings).remove(arguments.ids)
    missing = [one for one in arguments.ids if one not in removed]
    _say(f"removed {len(removed)} of {len(arguments.ids)} articles from {settings.index}")
    if missing:
        _say(f"not in the index: {', '.join(missing)} (qa-bot list shows the ids)")
    return ERROR if missing else ANSWERED


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa_bot.doctor import list_articles

    for row in list_articles(Path(settings.index)):
        if arguments.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            known = (row["published"] or "undated", row["publisher"] or "-", row["title"])
            print("  ".join((row["article_id"], *known, f"({row['passages']} passages)")))
    return ANSWERED


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa_bot.doctor import examine

    findings = examine(Path(settings.index), settings, repair=arguments.repair)
    for finding in findings:
        print(finding)
    return ERROR if any(finding.wrong for finding in findings) else ANSWERED


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    asked = None if arguments.batch else _question(arguments)
    bot = _open_or_build(settings)
    if asked is None:
        given = {"as_of": arguments.as_of, **_narrowing(arguments)}
        good = reply_to_all(arguments.batch, lambda record: answer_record(bot, record, given))
        return ANSWERED if good else ERROR
    answer = bot.ask(asked, as_of=arguments.as_of, **_narrowing(arguments))
    print(to_json(answer.to_dict()) if arguments.json else _as_text(answer))
    return ANSWERED if answer.answered else DECLINED


def _search(arguments: argparse.Namespace, settings: Settings) -> int:
    asked = None if arguments.batch else _question(arguments)
    bot = _open_or_build(settings)
    if asked is None:
        given = _narrowing(arguments)
        good = reply_to_all(arguments.batch, lambda record: hits_record(bot, record, given))
        return ANSWERED if good else ERROR
    hits = bot.search(asked, **_narrowing(arguments))
    if arguments.json:
        print(to_json({"hits": [hit.to_dict() for hit in hits]}))
    else:
        for hit in hits:
            line = " ".join(hit.passage.text.split())
            print(f"{hit.rank}. {hit.score:.3f}  {hit.passage.article.title}\n   {line}\n")
    return ANSWERED if hits else DECLINED


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.batch:
        return ANSWERED if reply_to_all(arguments.batch, verdict_record) else ERROR
    sentence = _question(arguments)
    checked = _open_or_build(settings).check(sentence, **_narrowing(arguments))
    if arguments.json:
        print(to_json(checked.to_dict()))
    else:
        print(f"{checked.message} (probability {checked.verdict.probability:.2f})")
        if checked.citation:
            print(
                _source(checked.citation),
                f"    “{' '.join(checked.citation.quote.split())}”",
                sep="\n",
            )
    return ANSWERED if checked.verdict.supported else DECLINED


def _chat(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa_bot.web.server import serve

    bot = _open_or_build(settings)
    serve(bot, settings.host, settings.port)
    return ANSWERED


def _eval(given: list[str]) -> int:
    import runpy

    from qa_bot.resources import resource

    harness = runpy.run_path(str(resource("eval/run.py")))
    code: int = harness["main"](given)
    return code


# Pieces --------------------------------------------------------------------------------------


def _open_or_build(settings: Settings) -> QABot:
    """Open the index; if there is none, build it from the sample articles."""
    from qa_bot.bot import QABot
    from qa_bot.errors import IndexMissingError
    from qa_bot.progress import build_progress, waiting

    try:
        with waiting("Loading the models and the index…"):
            return QABot.open(settings=settings)
    except IndexMissingError:
        _say(
            f"There is no index at {settings.index} yet: building one from the sample articles. "
            f"Your own: qa-bot build ARTICLES --index {settings.index}"
        )
    with build_progress() as progress:
        return QABot.build(settings=settings, progress=progress)


def _question(arguments: argparse.Namespace) -> str:
    if not (arguments.question or "").strip():
        raise ValueError("give a question, or --batch FILE")
    return str(arguments.question)


def _narrowing(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "since": arguments.since,
        "until": arguments.until,
        "publisher": arguments.publisher,
        "articles": tuple(arguments.article or ()),
        "k": arguments.k,
    }


def _as_text(answer: Answer) -> str:
    lines = [*([answer.short, ""] if answer.short else []), answer.text, ""]
    for citation in answer.citations:
        lines.append(_source(citation))
    if answer.refusal and answer.refusal.nearest:
        lines.append("Nearest articles:")
        for article in answer.refusal.nearest:
            lines.append(f"  {article.published or 'undated'}  {article.title}")
    covered = answer.coverage
    lines.append(f"Searched {covered.articles:,} articles, {covered.first} to {covered.last}.")
    return "\n".join(lines)


def _source(citation: Citation) -> str:
    article = citation.article
    known = (article.publisher, str(article.published or "undated"), article.title)
    where = article.path or article.url or article.id
    place = f"{where}, characters {citation.start}–{citation.end}"
    return f"[{citation.number}] {', '.join(filter(None, known))}\n    {place}"


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
