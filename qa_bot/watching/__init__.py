"""Sources of news that are read again and again: addresses and folders, each with its outlet."""

from __future__ import annotations

from qa_bot.watching.source_list import (
    SourceList,
    SourceListError,
    WatchedSource,
    parse_interval,
    read_source_list,
    to_opml,
)
from qa_bot.watching.source_states import SourceState, SourceStates
from qa_bot.watching.watcher import Round, Watcher, WatcherError

__all__ = [
    "Round",
    "SourceList",
    "SourceListError",
    "SourceState",
    "SourceStates",
    "WatchedSource",
    "Watcher",
    "WatcherError",
    "parse_interval",
    "read_source_list",
    "to_opml",
]
