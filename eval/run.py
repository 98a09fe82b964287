"""Ask the questions of a data set and measure the answers: the same as ``qa-bot eval``."""

from __future__ import annotations

import sys

from qa_bot.evaluation import main

if __name__ == "__main__":
    sys.exit(main())
