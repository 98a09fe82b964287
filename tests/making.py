"""Factories of values for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from qa_bot import Article
from qa_bot.datatypes import Coverage, Published
from qa_bot.filters import Filters
from qa_bot.question import understand
from qa_bot.reading import Reading
from qa_bot.retrieval import Query, Retrieval

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
DATASETS = ROOT / "eval" / "datasets"
RAW_ARTICLES = ROOT.parent / "shared" / "articles"
SEEDS = RAW_ARTICLES.parent / "eval" / "seeds_dev.jsonl"


def make_article(article_id="a", text="Rain fell on Tuesday. The ferry ran late.", **known):
    """Return an article; ``published`` may be an ISO date."""
    if isinstance(known.get("published"), str):
        known["published"] = Published(date.fromisoformat(known["published"]))
    return Article(**{"id": article_id, "title": f"Title of {article_id}", "text": text} | known)


def make_retrieval(hits=(), coverage=Coverage(5, in_index=5), filters=Filters()):
    """Return a retrieval of an empty query."""
    query = Query(np.zeros(1, dtype=np.float32), (), {})
    return Retrieval(query, tuple(hits), coverage, filters)


def read_parts(question, *evidence):
    """Return a question with one part per list of evidence, and the readings of its parts."""
    asked = understand(question)
    if len(evidence) > 1:
        asked = replace(asked, parts=tuple(understand(question) for _ in evidence))
    parts = zip(asked.each, evidence, strict=True)
    return asked, [Reading(part, tuple(found)) for part, found in parts]
