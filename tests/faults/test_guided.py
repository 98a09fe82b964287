"""A few seconds of coverage-guided fuzzing of each reader; ``guided.py`` runs for longer."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="Atheris is installed on Linux only")

PROGRAM = Path(__file__).with_name("guided.py")
TARGETS = (
    "text", "markdown", "html", "jsonl", "feed", "article", "question", "receipt", "http",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_that_was_tried_breaks_a_reader(target):
    command = [sys.executable, str(PROGRAM), target, "--seconds", "5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    (tried,) = [
        int(line.split()[-1]) for line in done.stderr.splitlines() if "executed_units" in line
    ]
    print(f"{target}: {tried} inputs")
    assert tried > 20
