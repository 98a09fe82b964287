"""The corpus: articles read from files and folders, with a problem for each unreadable part.

The reader of each format is independent of the others. No reader follows a link out of the folder,
waits on a special file, reads more than the limit, or fetches anything.
"""

from __future__ import annotations

from qa_bot.corpus.formats import digest, read_source
from qa_bot.corpus.metadata import origin_file, origin_of
from qa_bot.corpus.scan import KINDS, Limits, Problem, Root, Scan, Source, scan

__all__ = [
    "KINDS",
    "Limits",
    "Problem",
    "Root",
    "Scan",
    "Source",
    "digest",
    "origin_file",
    "origin_of",
    "read_source",
    "scan",
]
