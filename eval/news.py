"""Figures of the features for news: times, copies, changes, speakers and timelines.

    python eval/news.py

The data are ``eval/datasets/moments`` (expressions of time), ``eval/datasets/news`` (invented news
and questions) and ``eval/datasets/pairs`` (two reports that differ, or only seem to). The script
prints a line for each figure; ``eval/run.py`` measures the answers in general.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from qa_bot import Answer, QABot, Settings
from qa_bot.news.times import find_moments
from qa_bot.text import parse_date

HERE = Path(__file__).resolve().parent

NEWS, MOMENTS = HERE / "datasets" / "news", HERE / "datasets" / "moments" / "moments.tsv"
PAIRS = HERE / "datasets" / "pairs" / "pairs.jsonl"
Question = dict[str, Any]


def main() -> int:
    """Print the figures."""
    say("times resolved", *resolved(MOMENTS.read_text(encoding="utf-8").splitlines()))
    with tempfile.TemporaryDirectory() as folder:
        bot = QABot.build(NEWS / "corpus.jsonl", folder, settings=_alone())
        for name, right, n in (*copies(bot), *answers(bot)):
            say(name, right, n)
        bot.close()
    for name, right, n in pairs():
        say(name, right, n)
    return 0


def _alone() -> Settings:
    """Return the settings in force, for an index on this machine."""
    return Settings.load(store="", vectors="faiss")


def say(name: str, right: int, n: int) -> None:
    """Print a figure: its share and its counts."""
    print(f"{name:44} {right / n if n else 0:6.3f}   {right} of {n}")


def resolved(lines: Sequence[str]) -> tuple[int, int]:
    """Return the number of expressions that are found and resolved right, and of all."""
    right = 0
    for line in lines:
        published, marked, meant = line.split("\t")
        text = re.sub(r"[\[\]]", "", marked)
        words = re.search(r"\[(.+?)\]", marked)
        found = {text[slice(*m.words)]: m.iso for m in find_moments(text, parse_date(published))}
        right += (
            any(iso == meant and (words[1] in w or w in words[1]) for w, iso in found.items())
            if words
            else not found
        )
    return right, len(lines)


def copies(bot: QABot) -> Iterator[tuple[str, int, int]]:
    """Yield precision and recall of the pairs of articles that are copies of one story."""
    wanted = {
        frozenset(pair)
        for line in (NEWS / "copies.jsonl").read_text(encoding="utf-8").splitlines()
        for pair in combinations(json.loads(line), 2)
    }
    found = {
        frozenset((one, copy.id))
        for one, others in bot.copies([entry.id for entry in bot.entries()]).items()
        for copy in others
    }
    yield "pairs of copies: precision", len(found & wanted), len(found)
    yield "pairs of copies: recall", len(found & wanted), len(wanted)


def answers(bot: QABot) -> Iterator[tuple[str, int, int]]:
    """Yield how many answers have the fact that their kind of question asks for."""
    lines = (NEWS / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [(q, bot.ask(q["text"], as_of=q.get("as_of"))) for q in map(json.loads, lines)]

    def of(kind: str, right: Callable[[Question, Answer], bool]) -> tuple[int, int]:
        both = [(q, a) for q, a in asked if q["type"] == kind]
        return sum(right(q, a) for q, a in both), len(both)

    yield "when: the day is resolved", *of("when", lambda q, a: q["when"] in _isos(a))
    yield "updated: current first, earlier as such", *of("updated", _reports("changed"))
    yield "disagreement: said, with both sides", *of("disagreement", _reports("disagree"))
    differing = [(q["type"], a.difference) for q, a in asked if a.difference]
    kinds = {"updated": "changed", "as_of": "changed", "disagreement": "disagree"}
    right = sum(kinds.get(kind) == difference.kind for kind, difference in differing)
    yield "differences told that are there", right, len(differing)
    yield "who said: the speaker", *of("who_said", lambda q, a: _has(a, [q["speaker"]]))
    yield "copies: independent sources counted", *of("copies", _counted)
    events = [(e, a) for q, a in asked for e in q.get("events", [])]
    yield "timeline: events told", sum(e["date"] in _isos(a) for e, a in events), len(events)
    entries = [(one.iso, q) for q, a in asked if a.timeline for one in a.when]
    meant = sum(iso in {e["date"] for e in q.get("events", [])} for iso, q in entries)
    yield "timeline: entries that are events", meant, len(entries)


def pairs() -> Iterator[tuple[str, int, int]]:
    """Yield how often answers report a difference between two reports, and only a real one."""
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    articles = [json.dumps(article) for row in rows for article in row["articles"]]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "articles.jsonl"
        corpus.write_text("\n".join(articles), encoding="utf-8")
        bot = QABot.build(corpus, Path(folder) / "index", settings=_alone())
        asked = [(row, bot.ask(row["question"])) for row in rows]
        bot.close()
    for truth in ("disagree", "changed"):
        of = [(row, answer) for row, answer in asked if row["truth"] == truth]
        kinds = [(a.difference.kind if a.difference else None) for _, a in of]
        both = sum(all(_has(a, side) for side in row["sides"]) for row, a in of)
        yield f"pairs: {truth}, told as such", kinds.count(truth), len(of)
        yield f"pairs: {truth}, both answers are given", both, len(of)
    compatible = [answer for row, answer in asked if row["truth"] == "none"]
    left = sum(answer.difference is None for answer in compatible)
    yield "pairs: no difference, none told", left, len(compatible)


def _isos(answer: Answer) -> set[str]:
    return {one.iso for one in answer.when}


def _reports(kind: str) -> Callable[[Question, Answer], bool]:
    def right(question: Question, answer: Answer) -> bool:
        groups = question.get("sides") or [question["answers"][0], question["earlier"]]
        reported = answer.difference is not None and answer.difference.kind == kind
        return reported and all(_has(answer, group) for group in groups)

    return right


def _has(answer: Answer, alternatives: Sequence[str]) -> bool:
    said = f"{answer.text} {answer.short or ''}".casefold()
    return any(re.search(rf"(?<!\w){re.escape(a.casefold())}(?!\w)", said) for a in alternatives)


def _counted(question: Question, answer: Answer) -> bool:
    return answer.sources is not None and answer.sources.independent == question["independent"]


if __name__ == "__main__":
    sys.exit(main())
