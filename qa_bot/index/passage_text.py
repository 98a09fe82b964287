"""The text that is embedded and indexed for a passage: its article's heading and its own words."""

from __future__ import annotations

from qa_bot.datatypes import Article, Passage

_HEADING_CHARS = 200


def heading(article: Article) -> str:
    """Return the line that is embedded above each passage of the article: its title, shortened."""
    return article.title[:_HEADING_CHARS]


def embedded_text(passage: Passage) -> str:
    """Return the input of the embedder: the passage, below the heading unless it starts with it."""
    title, text = heading(passage.article), passage.text
    return text if not title or text.lstrip().startswith(title) else f"{title}\n{text}"
