"""Memory that was freed goes back to the system."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from qa_bot.web.malloc import give_back_memory

def resident_mb():
    with open("/proc/self/statm") as figures:
        return int(figures.read().split()[1]) * 4096 / 1e6

if sys.argv[1] == "given back":
    give_back_memory()
bytearray(9_000_000)  # once freed, it raises the threshold of glibc itself
before, kept = resident_mb(), []
for _ in range(2):
    passing = []
    for _ in range(40):
        passing.append(bytearray(b"x") * 5_000_000)
        kept.append(bytearray(50_000))  # small ones between them hold the heap up
    del passing
print(resident_mb() - before)
"""


def held_mb(how):
    run = [sys.executable, "-c", PROGRAM, how]
    return float(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is set")
def test_what_large_blocks_took_is_given_back():
    assert held_mb("given back") < 30
    assert held_mb("not") > 2 * held_mb("given back")
