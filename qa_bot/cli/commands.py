"""The commands of ``qa-bot``: each takes parsed arguments and settings, and returns an exit code.

Only JSON or text goes to stdout; messages go to stderr. Each command imports the heavy modules
that it needs.
"""

from __future__ import annotations

import argparse
import json
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_bot.cli.batch import answer_record, hits_record, reply_to_all, verdict_record
from qa_bot.cli.following import ask_again
from qa_bot.cli.output import say, say_some, show
from qa_bot.export import as_text, source_lines, to_json
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.bot import QABot
    from qa_bot.index import BuildReport

ANSWERED, ERROR, USAGE, DECLINED = 0, 1, 2, 3


def build(arguments: argparse.Namespace, settings: Settings) -> int:
    """Create or update an index from files, folders, and what is at web addresses."""
    from qa_bot.bot import QABot
    from qa_bot.cli.addresses import read_addresses, split_addresses
    from qa_bot.cli.progress import build_progress, waiting

    addresses, paths = split_addresses(arguments.articles, arguments.addresses)
    for given in paths:
        if not given or not Path(given).exists():
            raise ValueError(f"{given!r} does not exist; name files or folders of articles")
    roots = [Path(given) for given in paths]
    unread = 0
    if addresses:
        folder, unread = read_addresses(addresses, arguments, settings)
        roots.append(folder)
    elif not roots:
        raise ValueError("name files, folders or web addresses of articles")
    if not arguments.debug:  # problems are reported below, in a sentence each
        logging.getLogger().addHandler(logging.NullHandler())
    bot = QABot.create(settings=settings)
    with build_progress() as progress:
        report = bot.update(roots, prune=arguments.prune, progress=progress)
    code = _report(report, settings.index) or (ERROR if unread else ANSWERED)
    with waiting("Trying questions to begin with…"):
        bot.starters()
    ask_again(bot, settings.index)
    return code


def _report(report: BuildReport, index: str) -> int:
    problems = sorted(report.problems, key=lambda one: not one.skipped)
    say_some([f"{'skipped' if one.skipped else 'note'}: {one}" for one in problems])
    if report.ignored:
        names = ", ".join(path.name for path in report.ignored[:5])
        say(f"{len(report.ignored)} files of other kinds were not read: {names}")
    parts = report.n_skipped_parts
    say(
        f"committed generation {report.generation} of {index}: {report.n_articles:,} articles, "
        f"{report.n_passages:,} passages ({len(report.put):,} added or changed, "
        f"{len(report.removed):,} removed); files: {len(report.read_files):,} read, "
        f"{report.n_unchanged_files:,} unchanged, {report.n_skipped_files:,} skipped"
        + (f"; lines or entries skipped in the files read: {parts:,}" if parts else "")
    )
    return ERROR if report.n_skipped else ANSWERED


def remove(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remove articles by id."""
    from qa_bot.bot import QABot

    bot = QABot.open(settings=settings)
    removed = bot.remove(arguments.ids)
    missing = [one for one in arguments.ids if one not in removed]
    say(f"removed {len(removed)} of {len(arguments.ids)} articles from {settings.index}")
    if missing:
        say(f"not in the index: {', '.join(missing)} (qa-bot list shows the ids)")
    ask_again(bot, settings.index)
    return ERROR if missing else ANSWERED


def list_articles(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the articles of an index."""
    from qa_bot import index

    for row in index.list_articles(Path(settings.index), settings.store):
        if arguments.json:
            show(json.dumps(row, ensure_ascii=False))
        else:
            known = (row["published"] or "undated", row["publisher"] or "-", row["title"])
            show("  ".join((row["article_id"], *known, f"({row['passages']} passages)")))
    return ANSWERED


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Report the faults of an index, and repair them with ``--repair``."""
    from qa_bot.index import examine

    findings = examine(Path(settings.index), settings, repair=arguments.repair)
    for finding in findings:
        show(finding)
    return ERROR if any(finding.wrong for finding in findings) else ANSWERED


def copy(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy an index at one committed state."""
    from qa_bot.index import copy_index, hide_password

    source = arguments.source or settings.store or settings.index
    manifest = copy_index(source, arguments.target, settings.lock_wait_s)
    say(
        f"copied {hide_password(source)} to {hide_password(arguments.target)}: "
        f"generation {manifest.generation}, "
        f"{manifest.n_articles:,} articles, {manifest.n_passages:,} passages"
    )
    return ANSWERED


def ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer a question, or each of a batch."""
    asked = None if arguments.batch else _question(arguments)
    signer = _signer(arguments)
    bot = _open_or_build(arguments, settings)
    if asked is None:
        given = {"as_of": arguments.as_of, **_narrowing(arguments)}
        good = reply_to_all(arguments.batch, lambda record: answer_record(bot, record, given))
        return ANSWERED if good else ERROR
    answer = bot.ask(asked, as_of=arguments.as_of, **_narrowing(arguments))
    if arguments.receipt:
        from qa_bot.export import write_receipt

        write_receipt(arguments.receipt, answer.to_dict(), arguments.sign)
        if signer:
            say(f"the receipt is signed by the key {signer}")
    show(to_json(answer.to_dict()) if arguments.json else as_text(answer))
    return ANSWERED if answer.answered else DECLINED


def search(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the passages found for a query, or for each of a batch."""
    asked = None if arguments.batch else _question(arguments)
    bot = _open_or_build(arguments, settings)
    if asked is None:
        given = _narrowing(arguments)
        good = reply_to_all(arguments.batch, lambda record: hits_record(bot, record, given))
        return ANSWERED if good else ERROR
    hits = bot.search(asked, **_narrowing(arguments))
    if arguments.json:
        show(to_json({"hits": [hit.to_dict() for hit in hits]}))
    else:
        for hit in hits:
            line = " ".join(hit.passage.text.split())
            show(f"{hit.rank}. {hit.score:.3f}  {hit.passage.article.title}\n   {line}\n")
    return ANSWERED if hits else DECLINED


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check a sentence against the articles, or each sentence of a batch against its passage."""
    if arguments.batch:
        judged = partial(verdict_record, size=settings.reader)
        return ANSWERED if reply_to_all(arguments.batch, judged) else ERROR
    sentence = _question(arguments)
    checked = _open_or_build(arguments, settings).check(sentence, **_narrowing(arguments))
    if arguments.json:
        show(to_json(checked.to_dict()))
    else:
        show(f"{checked.message} (probability {checked.verdict.probability:.2f})")
        if checked.citation:
            quote = " ".join(checked.citation.quote.split())
            show(source_lines(checked.citation), f"    “{quote}”")
    return ANSWERED if checked.verdict.supported else DECLINED


def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Verify a receipt and each of its citations against the index, without a model."""
    from qa_bot.export import Status, read_receipt, verify_receipt
    from qa_bot.index import article_finders

    receipt = read_receipt(arguments.file)
    with article_finders(Path(settings.index), settings.store) as finders:
        found = verify_receipt(receipt, *finders, signed_by=arguments.signed_by)
    intact = all(one.status is Status.INTACT for one in found)
    verified = all(one.verified for one in found)
    if arguments.json:
        checked = [one.to_dict() for one in found]
        show(to_json({"intact": intact, "verified": verified, "checked": checked}))
    else:
        show(*found)
    return ANSWERED if verified else DECLINED


def chat(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the chat page until it is interrupted."""
    from qa_bot.web import give_back_memory, serve

    give_back_memory()
    _refuse_missing(arguments, settings)
    allow_private = arguments.allow_private
    serve(lambda: _open_or_build(arguments, settings), settings, allow_private=allow_private)
    return ANSWERED


# Pieces --------------------------------------------------------------------------------------


def _open_or_build(arguments: argparse.Namespace, settings: Settings) -> QABot:
    """Open the index; build a missing one from the sample articles, but only in the default place.

    A missing index in a place that the user named is an error: the name may be mistyped.
    """
    from qa_bot.bot import QABot
    from qa_bot.cli.progress import build_progress, waiting
    from qa_bot.errors import IndexMissingError
    from qa_bot.index import UNFINISHED

    try:
        with waiting("Loading the models and the index…"):
            bot = QABot.open(settings=settings)
        if bot.collection.is_unfinished:
            say(f"qa-bot: {UNFINISHED}.")
        if bot.coverage().in_index or not arguments.samples:
            return bot
        bot.close()  # a first build was stopped before it committed anything
    except IndexMissingError:
        if _is_named(arguments, settings):
            raise
        say(
            f"There is no index at {settings.index} yet: building one from the sample articles. "
            f"Your own: qa-bot build ARTICLES --index {settings.index}"
        )
    with build_progress() as progress:
        return QABot.build(settings=settings, progress=progress)


def _is_named(arguments: argparse.Namespace, settings: Settings) -> bool:
    """Return whether the user named the place of the index, and did not ask for the samples."""
    if arguments.samples:
        return False
    default = type(settings).model_fields["index"].default
    return bool(arguments.index or settings.store or settings.index != default)


def _refuse_missing(arguments: argparse.Namespace, settings: Settings) -> None:
    """Raise the error of a missing folder before the page is served."""
    from qa_bot.errors import IndexMissingError

    folder = Path(settings.index)
    if _is_named(arguments, settings) and not settings.store and not folder.is_dir():
        raise IndexMissingError(folder)


def _signer(arguments: argparse.Namespace) -> str | None:
    """Return the fingerprint of the key that signs the receipt, before anything slow."""
    if not arguments.sign:
        return None
    if not arguments.receipt:
        raise ValueError("--sign signs a receipt: give --receipt FILE too")
    from qa_bot.export import key_fingerprint

    return key_fingerprint(arguments.sign)


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
