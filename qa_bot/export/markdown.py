"""Answers in their JSON form → plain text and Markdown with footnotes. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from qa_bot.export.labels import remarks, source_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&@]|:(?=//)|(?<=\bwww)\.)")
_LIST_OR_RULE = re.compile(r"^(\s*)(\d+)([.)])|^(\s*)([-=])", re.MULTILINE)


def text_with_footnotes(answer: Mapping[str, Any]) -> str:
    """Return the answer's text with its markers, then a line for each citation."""
    notes = [
        f"[{c['number']}] {source_line(c)}: “{one_line(c['quote'])}”" for c in answer["citations"]
    ]
    return "\n".join([answer["text"], *([""] if notes else []), *notes])


def to_markdown(answers: Sequence[Mapping[str, Any]]) -> str:
    """Return the answers as Markdown; whatever they hold is shown as text."""
    return "\n".join(_section(number, answer) for number, answer in enumerate(answers, start=1))


def plain(text: str) -> str:
    r"""Return text in one line that Markdown shows as it is.

    >>> print(plain("![x](http://evil) <b>"))
    \!\[x\]\(http\://evil\) \<b\>
    """
    escaped = _SPECIAL.sub(r"\\\1", one_line(text))
    return _LIST_OR_RULE.sub(
        lambda m: f"{m[1]}{m[2]}\\{m[3]}" if m[2] else f"{m[4]}\\{m[5]}", escaped
    )


def one_line(text: str) -> str:
    """Return the text with runs of white space as single spaces."""
    return " ".join(text.split())


def _section(number: int, answer: Mapping[str, Any]) -> str:
    lines = [f"## {plain(answer['question'])}", ""]
    if answer["short"] and answer["answered"]:
        lines += [f"**{plain(answer['short'])}**", ""]
    if answer["refusal"]:
        lines += [plain(answer["refusal"]["message"]), ""]
    sentences = [
        plain(f"{s['lead']}: {s['text']}" if s.get("lead") else s["text"])
        + "".join(f"[^{number}-{int(n)}]" for n in s["citations"])
        + ("" if s["supported"] else " *(nothing in the articles supports this)*")
        for s in answer["sentences"]
    ]  # fmt: skip
    if answer.get("timeline"):
        lines += [*(f"- {sentence}" for sentence in sentences), ""]
    else:
        lines += [" ".join(sentences), ""] if sentences else []
    for c in answer["citations"]:
        where = f"characters {int(c['start'])}–{int(c['end'])} of {plain(str(c['article_id']))}"
        quoted = f"“{plain(c['quote'])}”"
        beside = "".join(f" {plain(remark)}." for remark in remarks(c))
        source = f"{plain(source_line(c))}, {where}: {quoted}"
        lines.append(f"[^{number}-{int(c['number'])}]: {source}{beside}")
    return "\n".join([*lines, ""])
