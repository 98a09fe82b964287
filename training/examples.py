"""Training examples from question sets: a question, a context with its header, and the answer.

`training/README.md` lists the sets; no text of theirs is part of the project.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from qa_bot.news import header_line

PUBLISHERS = (
    "Reuters", "AP", "TASS", "AFP", "BBC News", "The Guardian", "Voice of America", "Interfax",
    "The Harbour Post", "Xinhua", "Al Jazeera", "DW", "The Coastal Herald", "Evening Standard",
    "Sputnik", "Wikinews", "CNN", "The Morning Chronicle", "Kyodo", "Business Daily",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A passage of a set, with the title for its header."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question over a context.

    Attributes:
        question: the question.
        header: the line about the article before its text.
        text: the passage.
        span: characters of the answer in the context; None if the context has no answer.
        origin: the set or the kind of example, for figures.
        key: identifies the question and the way that the example was made.
    """

    question: str
    header: str
    text: str
    span: tuple[int, int] | None
    origin: str
    key: str

    @property
    def context(self) -> str:
        """The header and the passage, which the model reads with the question."""
        return f"{self.header}\n{self.text}" if self.header else self.text


def read_rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSONL file of a set, gzipped or not."""
    path = folder / name
    packed = folder / f"{name}.gz"
    with (
        gzip.open(packed, "rt", encoding="utf-8")
        if packed.exists()
        else path.open(encoding="utf-8") as lines
    ):
        for line in lines:
            yield json.loads(line)


def read_sources(folder: Path) -> dict[str, Source]:
    """Return the passages of a set by id; a handle is no title."""
    rows = read_rows(folder, "corpus.jsonl")
    return {row["id"]: Source(row["id"], row.get("title") or "", row["text"]) for row in rows}


def locate(row: dict[str, Any], text: str) -> tuple[int, int] | None:
    """Return the characters of the most frequent answer in the text; at a tie, of the first."""
    starts = row.get("answer_starts") or []
    given = Counter(a.lower() for a in row["answers"])
    for _, position in sorted((-given[a.lower()], i) for i, a in enumerate(row["answers"])):
        answer = row["answers"][position].strip()
        if position < len(starts) and starts[position] is not None:
            start = starts[position]
            if text[start : start + len(answer)].lower() == answer.lower():
                return start, start + len(answer)
        pattern = rf"(?<!\w){re.escape(answer.rstrip('.'))}(?!\w)"
        if answer and (match := re.search(pattern, text, re.IGNORECASE)):
            return match.span()
    return None


def load_set(folder: Path, sources: Mapping[str, Source]) -> list[tuple[Example, Source]]:
    """Return the examples of a set, without headers, each with the passage of its question."""
    examples = []
    for row in read_rows(folder, "queries.jsonl"):
        about = (row.get("relevant_ids") or row.get("context_ids") or [None])[0]
        source = sources.get(about)
        if source is None:
            continue
        span = None if row["unanswerable"] else locate(row, source.text)
        if span is None and not row["unanswerable"]:
            continue  # the answer is not in the passage's own words
        example = Example(row["question"], "", source.text, span, folder.name, row["id"])
        examples.append((example, source))
    return examples


def with_header(example: Example, title: str, rng: random.Random) -> Example:
    """Return an example with a header as articles have it: whole, partial, or none."""
    kind = rng.random()
    publisher = rng.choice(PUBLISHERS) if kind < 0.55 else None
    published = random_day(rng) if kind < 0.45 or 0.55 <= kind < 0.65 else None
    header = header_line(title if kind < 0.9 else "", publisher, published)
    moved = len(header) + 1 if header else 0
    span = example.span and (example.span[0] + moved, example.span[1] + moved)
    return replace(example, header=header, span=span)


def random_day(rng: random.Random) -> date:
    """Return a day of the years that news archives on the web cover."""
    return date(1998, 1, 1) + timedelta(days=rng.randrange(28 * 365))


def join_sentences(examples: Sequence[Example], rng: random.Random, each: int) -> list[Example]:
    """Return up to ``each`` examples of a sentence of QAMR, among two to five other sentences."""
    by_text: dict[str, list[Example]] = {}
    for example in examples:
        by_text.setdefault(example.text, []).append(example)
    texts = list(by_text)
    joined = []
    for text, asked in by_text.items():
        for example in rng.sample(asked, min(each, len(asked))):
            around = rng.sample(texts, rng.randint(2, 5))
            place = rng.randrange(len(around) + 1)
            before = " ".join(around[:place])
            whole = " ".join([*around[:place], text, *around[place:]])
            moved = len(before) + 1 if before else 0
            assert example.span is not None
            start, end = example.span
            joined.append(
                replace(example, text=whole, span=(start + moved, end + moved), origin="qamr")
            )
    return joined
