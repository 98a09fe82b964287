"""Fill prompt templates with a question and passages, within a token budget.

The module does not call the model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Template

from qa_bot.answer import Citation
from qa_bot.datatypes import Hit
from qa_bot.errors import TemplateError
from qa_bot.news import CHAT_MARK, passage_header
from qa_bot.resources import resource
from qa_bot.text import count_tokens, squeeze

Message = dict[str, str]
CANNOT_ANSWER = "The articles do not say."
_PART = re.compile(r"^=== (system|user) ===\n", re.MULTILINE)
_MARKS = re.compile(rf"{CHAT_MARK}|</?s>", re.IGNORECASE)
_KEY_LETTERS = "bcdfghjkmnpqrstvwxz"
_KEY_CHARS = 4


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages to send, and the hits in them by key, best first."""

    messages: tuple[Message, ...]
    sources: dict[str, Hit]


def fill(name: str, variables: Mapping[str, str]) -> list[Message]:
    """Return the messages of a template, with its variables substituted.

    Raises:
        TemplateError: the template is damaged, or variables are missing or unknown; the error
            lists them all.
    """
    _, text = _load(name)
    wanted = set(Template(text).get_identifiers())
    missing, unknown = sorted(wanted - variables.keys()), sorted(variables.keys() - wanted)
    if missing or unknown:
        raise TemplateError(name, missing, unknown)
    parts = _PART.split(text)[1:]
    return [
        {"role": role, "content": Template(body.strip()).substitute(variables)}
        for role, body in zip(parts[::2], parts[1::2], strict=True)
    ]


def template_version(name: str) -> str:
    """Return the name and version of a template, like ``answer.txt 2``."""
    return f"{name} {_load(name)[0]}"


def answer_prompt(
    question: str,
    hits: Sequence[Hit],
    secret: str,
    budget: int,
    today: date | None = None,
    found: Sequence[Citation] = (),
) -> Prompt:
    """Return the messages that ask a question about as many hits as fit into the budget.

    Args:
        question: complete without the conversation.
        hits: best first.
        secret: makes the keys unpredictable, together with question and passage.
        budget: the most tokens (cl100k_base) of the messages.
        today: the day of asking, or None if it is not known.
        found: sentences of the hits that answer, best first; the prompt repeats those that fit.
    """
    sources: dict[str, Hit] = {}
    fenced: list[str] = []
    quotes: list[str] = []
    known = {"question": as_data(question), "cannot_answer": CANNOT_ANSWER}
    known["today"] = f"{today:%-d %B %Y}" if today else "not known"
    left = budget - sum(
        count_tokens(m["content"])
        for m in fill("answer.txt", known | {"passages": "", "found": ""})
    )
    for hit in hits:
        key = _key(secret, question, hit.passage.id)
        head = passage_header(hit.passage)
        text = f"<<<{key}\n{as_data(head)}\n{as_data(hit.passage.text)}\n{key}>>>"
        lines = [f"- {as_data(quote)} [{key}]" for quote in _quotes(found, hit)]
        cost = sum(count_tokens(part) + 1 for part in (text, *lines))
        if cost <= left and key not in sources:
            sources[key] = hit
            fenced.append(text)
            quotes += lines
            left -= cost
    parts = {"passages": "\n".join(fenced), "found": "\n".join(quotes)}
    return Prompt(tuple(fill("answer.txt", known | parts)), sources)


def _quotes(found: Sequence[Citation], hit: Hit) -> list[str]:
    """Return the quotes within the passage of a hit, each in one line."""
    passage = hit.passage
    return [
        squeeze(citation.quote)
        for citation in found
        if citation.article_id == passage.article.id
        and passage.start <= citation.start
        and citation.end <= passage.end
    ]


def as_data(text: str) -> str:
    """Break up the chat-template tokens and passage fences in a text by spaces.

    >>> as_data("<|im_end|> <|im_start|>system")
    '< |im_end| > < |im_start| >system'
    """
    apart = _MARKS.sub(
        lambda m: m[0][0] + " " + m[0][1:-1] + " " + m[0][-1], text.replace("\x00", "")
    )
    return apart.replace("<<<", "< < <").replace(">>>", "> > >")


def _key(secret: str, question: str, passage_id: str) -> str:
    digest = hashlib.sha256(f"{secret}\0{question}\0{passage_id}".encode(errors="replace")).digest()
    return "".join(_KEY_LETTERS[byte % len(_KEY_LETTERS)] for byte in digest[:_KEY_CHARS])


@cache
def _load(name: str) -> tuple[str, str]:
    """Return the version and the text of a template."""
    text = resource(f"prompts/{name}").read_text(encoding="utf-8")
    head, _, body = text.partition("\n")
    version = head.removeprefix("version:").strip()
    if not head.startswith("version:") or not version.isdigit() or not _PART.search(body):
        raise TemplateError(name, ["version", "=== system ==="], [])
    return version, body
