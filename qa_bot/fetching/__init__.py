"""Pages, feeds and sitemaps read from the web into files of a folder, which the index then reads.

It is polite (robots.txt, one request at a time, a pause for each host, conditional requests) and
careful (limits of size and time, no addresses of private networks).
"""

from __future__ import annotations

from qa_bot.fetching.collecting import Collected, FetchOptions, collect, display_address
from qa_bot.fetching.guarded_transport import FetchError, GuardedTransport
from qa_bot.fetching.kept_pages import is_address
from qa_bot.fetching.visits import Visits

__all__ = [
    "Collected",
    "FetchError",
    "FetchOptions",
    "GuardedTransport",
    "Visits",
    "collect",
    "display_address",
    "is_address",
]
