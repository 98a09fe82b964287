"""Write to an index and report each commit; test_crash.py runs this as a process.

    python crash_writer.py INDEX FIRST COUNT

Each commit puts one of the articles FIRST..FIRST+COUNT; every third is removed again. A line on
stdout ("put 7", "removed 6") acknowledges a commit: it appears only afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

from qa_bot import Article, Settings
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder


def article(number: int) -> Article:
    words = " ".join(f"word{number}x{n} ship{n}." for n in range(60))
    return Article(f"a{number}", f"Title {number}", f"Token{number} came. {words}")


def main() -> None:
    folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    index = PassageIndex.create(folder, HashingEmbedder(64), Settings.load(embedder="hashing-64"))
    print("open", flush=True)
    for number in range(first, first + count):
        index.apply([article(number)])
        print(f"put {number}", flush=True)
        if number % 3 == 0:
            index.apply(remove=[f"a{number}"])
            print(f"removed {number}", flush=True)
        if number % 5 == 0:
            index.finish()
    index.finish()
    print("end", flush=True)


if __name__ == "__main__":
    main()
