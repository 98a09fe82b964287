"""``python -m qa_bot.cli``."""

import sys

from qa_bot.cli.main import main

sys.exit(main())
