"""Coverage-guided fuzzing of whatever reads what others wrote.

    python tests/faults/guided.py TARGET [--seconds 60]

TARGET is a kind of file (text, markdown, html, jsonl, feed), ``receipt``, ``question``, ``article``
or ``http``. Ends with 0 if nothing raised what its contract does not name, was answered with 5xx,
passed as a receipt without quoting the articles, or took more than 10 seconds; otherwise Atheris
says what it was given.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["qa_bot"]):
    from starlette.testclient import TestClient

    from qa_bot import Article, QABot, Settings
    from qa_bot.corpus import Limits, Source, read_source
    from qa_bot.datatypes import Published
    from qa_bot.export import make_receipt, read_receipt, verify_receipt
    from qa_bot.index.chunking import Budget, chunk
    from qa_bot.models.embedder import HashingEmbedder
    from qa_bot.news.notices import find_notices
    from qa_bot.news.speakers import speaker_of
    from qa_bot.news.times import find_moments
    from qa_bot.resources import sample_articles
    from qa_bot.text.sentences import split_sentences
    from qa_bot.web.server import create_app

Target = Callable[[bytes], None]
_PLAIN = Settings(embedder="hashing-64", reader="none")
_QUESTIONS = (
    "Who is the mayor?", "What happened between March and May 2021?", "When and where did it open?",
    "Who said “we are open”?\nAnd when did she say that?", "as of 2021-06-16, how many homes?",
)  # fmt: skip
_BODIES = (
    {"question": "Who?", "as_of": "2021-06-16", "history": [{"question": "a", "answer": "b"}]},
    {"query": "bridge", "k": 3, "articles": ["a"], "publisher": "p", "since": "2021"},
    {"model": "m", "messages": [{"role": "user", "content": "Who?"}], "stream": False},
)
_ROUTES = ("/api/ask", "/api/search", "/v1/chat/completions", "/feedback", "/export")


def reader_of(kind: str, folder: Path) -> tuple[Target, list[bytes]]:
    """Read bytes as a file of a kind."""
    path = folder / "file"
    texts = [one.read_text() for one in sorted(sample_articles().rglob("*.md"))[:6]]
    wrapped = {
        "html": lambda t: f"<html><title>T</title><body><p>{t[:900]}</p></body></html>",
        "jsonl": lambda t: json.dumps({"id": "a", "title": "T", "text": t, "date": "2021-05-01"}),
        "feed": lambda t: f"<rss version='2.0'><channel><item><title>T</title><description>"
        f"{t[:600]}</description><pubDate>Mon, 06 Sep 2021 00:01:00 GMT</pubDate>"
        "</item></channel></rss>",
    }  # fmt: skip

    def read(data: bytes) -> None:
        path.write_bytes(data)
        for item in read_source(Source(path, "file", kind), Limits()):
            if isinstance(item, Article):
                assert item.text.strip() and item.text.encode("utf-8")
            str(item)

    return read, [wrapped.get(kind, str)(text).encode() for text in texts]


def article(folder: Path) -> tuple[Target, list[bytes]]:
    """Take a text apart: passages, times, notices, speakers."""
    budget = Budget(120, 200, 1, HashingEmbedder().count_pieces)

    def take_apart(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        known = Published(date(2021, 6, 16))
        for passage in chunk(Article("a", "T", text, published=known), budget):
            assert passage.text == text[passage.start : passage.end]
        for found in (*find_moments(text, known), *find_notices(text)):
            assert 0 <= found.words.start < found.words.end <= len(text)
        for sentence in split_sentences(text):
            speaker_of(text, sentence)

    return take_apart, reader_of("text", folder)[1]


def question(folder: Path) -> tuple[Target, list[bytes]]:
    """Ask the bytes; a line after the first follows it up."""
    bot = QABot.build(index=folder / "index", settings=_PLAIN)

    def ask(data: bytes) -> None:
        first, _, rest = data.decode("utf-8", "replace").partition("\n")
        history = [{"question": first, "answer": first}] if rest else []
        try:
            answer = bot.ask(rest or first, history=history)
        except ValueError:
            return
        for cited in answer.citations:
            assert cited.quote == cited.article.text[cited.start : cited.end]

    return ask, [q.encode() for q in _QUESTIONS]


def receipt(folder: Path) -> tuple[Target, list[bytes]]:
    """Verify the bytes; a receipt that passes quotes the articles, even if its seal was made anew.

    The fuzzer sees the seal that verification compares, and can put it into a changed receipt.
    """
    bot = QABot.build(index=folder / "index", settings=_PLAIN)
    path = folder / "receipt.json"
    made = [make_receipt(bot.ask(q).to_dict()) for q in ("Who is the mayor of Saltmere?", "Why?")]
    articles = {one.id: one for one in bot.articles()}

    def verify(data: bytes) -> None:
        path.write_bytes(data)
        try:
            read = read_receipt(path)
            passed = all(one.verified for one in verify_receipt(read, articles.get))
        except ValueError:
            return
        for cited in read["citations"] if passed else ():
            text = articles[cited["article_id"]].text
            assert text[int(cited["start"]) : int(cited["end"])] == cited["quote"]

    return verify, [json.dumps(one).encode() for one in made]


def http(folder: Path) -> tuple[Target, list[bytes]]:
    """Send the bytes as a body; the first one tells where to."""
    bot = QABot.build(index=folder / "index", settings=_PLAIN)
    client = TestClient(create_app(bot, ("testserver",)), raise_server_exceptions=True)

    def post(data: bytes) -> None:
        route = _ROUTES[(data[0] if data else 0) % len(_ROUTES)]
        body, headers = data[1:], {"content-type": "application/json"}
        assert client.post(route, content=body, headers=headers).status_code < 500

    bodies = [json.dumps(body).encode() for body in _BODIES]
    return post, [bytes([n]) + body for n in range(len(_ROUTES)) for body in bodies]


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="folder for what is found, kept for the next run")
    arguments = parser.parse_args()
    made = {"article": article, "question": question, "receipt": receipt, "http": http}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kind = arguments.target
        target, seeds = made[kind](folder) if kind in made else reader_of(kind, folder)
        words = folder / "words.dict"
        tokens = {t for seed in seeds for t in re.findall(rb"[<{\"'#-]?[A-Za-z_]{2,12}", seed)}
        words.write_text("".join(f'"{t.decode()}"\n' for t in sorted(tokens) if b'"' not in t))
        corpus = arguments.keep or folder / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (corpus / f"seed-{number}").write_bytes(seed)
        options = (f"-max_total_time={arguments.seconds}", "-timeout=10", "-max_len=4000")
        quiet = ("-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={corpus}/found-")
        atheris.Setup([sys.argv[0], *options, *quiet, f"-dict={words}", str(corpus)], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
