"""Build or update an index from files and folders: the same as ``qa-bot build``."""

from __future__ import annotations

import sys

from qa_bot.cli import main

if __name__ == "__main__":
    sys.exit(main(["build", *sys.argv[1:]]))
