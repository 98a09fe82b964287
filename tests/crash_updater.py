"""Derive the times and copies of an index again; test_crash.py runs this as a process.

python crash_updater.py INDEX
"""

from __future__ import annotations

import sys
from pathlib import Path

from qa_bot import Settings
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder

if __name__ == "__main__":
    settings = Settings.load(embedder="hashing-64")
    index = PassageIndex(Path(sys.argv[1]), HashingEmbedder(64), settings)
    print("derived" if index.derive_again() else "up to date", flush=True)
