"""Files and folders → articles, and a problem for everything that could not be read.

A reader of one format knows nothing of the others; none of them follows a link out of the folder,
waits on a special file, reads more than the limit, or fetches anything.
"""

from __future__ import annotations

from qa_bot.corpus.formats import digest, read_source
from qa_bot.corpus.scan import KINDS, Limits, Problem, Scan, Source, scan

__all__ = [
    "KINDS",
    "Limits",
    "Problem",
    "Scan",
    "Source",
    "digest",
    "read_source",
    "scan",
]
