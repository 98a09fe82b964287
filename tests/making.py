"""Values made for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qa_bot import Article
from qa_bot.datatypes import Published

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
DATASETS = ROOT / "eval" / "datasets"
RAW_ARTICLES = ROOT.parent / "shared" / "articles"
SEEDS = RAW_ARTICLES.parent / "eval" / "seeds_dev.jsonl"


def make_article(article_id="a", text="Rain fell on Tuesday. The ferry ran late.", **known):
    """An article for tests; ``published`` may be an ISO date."""
    if isinstance(known.get("published"), str):
        known["published"] = Published(date.fromisoformat(known["published"]))
    return Article(**{"id": article_id, "title": f"Title of {article_id}", "text": text} | known)
