"""Sources of news that are read again and again: addresses and folders, each with its outlet."""

from __future__ import annotations

from qa_bot.watching.source_list import SourceList, parse_interval, read_source_list, to_opml
from qa_bot.watching.source_states import SourceState, SourceStates
from qa_bot.watching.watcher import Round, Watcher

__all__ = [
    "Round",
    "SourceList",
    "SourceState",
    "SourceStates",
    "Watcher",
    "parse_interval",
    "read_source_list",
    "to_opml",
]
