"""Read the web addresses that a command names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa_bot.cli.output import say, say_some
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.fetching import FetchOptions


def split_addresses(given: Sequence[str], listed: Path | None) -> tuple[list[str], list[str]]:
    """Return the web addresses, those in a file included, and the other names.

    Args:
        given: addresses and paths, in any order.
        listed: a file with an address on each line; empty lines and ``#`` comments are left out.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no text, or a line of it is no address.
    """
    from qa_bot.fetching import is_address

    addresses = [one for one in given if is_address(one)]
    try:
        lines = listed.read_text(encoding="utf-8-sig").splitlines() if listed else []
    except UnicodeDecodeError as exc:
        raise ValueError(f"{listed} is not UTF-8 text") from exc
    for number, line in enumerate(lines, start=1):
        address = line.partition(" #")[0].strip()
        if not address or address.startswith("#"):
            continue
        if not is_address(address):
            raise ValueError(f"{listed}:{number}: {address!r} is no web address")
        addresses.append(address)
    return addresses, [one for one in given if not is_address(one)]


def pages_folder(arguments: argparse.Namespace, settings: Settings) -> Path:
    """Return the folder in which pages are kept."""
    return arguments.pages or Path(f"{settings.index}-pages")


def fetch_options(arguments: argparse.Namespace, settings: Settings) -> FetchOptions:
    """Return how to read addresses."""
    from qa_bot.fetching import FetchOptions

    return FetchOptions(
        full=arguments.full,
        allow_private=arguments.allow_private,
        most_bytes=int(settings.max_file_mb * 1e6),
    )


def read_addresses(
    addresses: Sequence[str], arguments: argparse.Namespace, settings: Settings
) -> tuple[Path, int]:
    """Read addresses into a folder; return it, and the number that were not read."""
    from qa_bot.cli.progress import waiting
    from qa_bot.fetching import collect

    folder = pages_folder(arguments, settings)
    with waiting("Reading addresses…"):
        found = collect(addresses, folder, fetch_options(arguments, settings))
    say_some([f"skipped: {problem}" for problem in found.problems])
    n = len(found.changed)
    what = "page or entry" if n == 1 else "pages and entries"
    say(
        f"read into {folder}: {n:,} {what} new or changed, "
        f"{found.n_same:,} as before, {len(found.problems):,} not read"
    )
    return folder, len(found.problems)
